import { join } from 'node:path';
import { grantsByPost } from '../../grid-registry/src/post-grants.service.js';
import { gridRegistryViews } from '../../grid-registry/src/grid-registry.views.js';
import { inspectionsViews } from '../../inspections/src/inspections.views.js';
import { mediationViews } from '../../mediation/src/mediation.views.js';
import { grantsHere } from '../../volunteers/src/enrolments.service.js';
import { volunteersViews } from '../../volunteers/src/volunteers.views.js';
import {
  type Action,
  decide,
  type Grant,
  ROLE_NAMES,
  type Rule,
  ruleOf,
  SCOPE_NAMES,
} from '#libs/access';
import { grantsOf, heardAppointmentsView } from '#libs/appointments';
import { type AreaCode, covers } from '#libs/contracts';
import { type LiveViews, openViewsSnapshot, type View, type ViewsSnapshot } from '#libs/views';

type Rows = Pick<LiveViews, 'find' | 'get'>;

interface Source {
  readonly name: string;
  readonly views: readonly View[];
  readonly grantsOf: (views: Rows, account: string) => Promise<readonly Grant[]>;
}

const heard = (views: Rows, account: string): Promise<readonly Grant[]> =>
  grantsOf(views, heardAppointmentsView, account);

/** Where each service looks for what an account may do. */
const SOURCES: readonly Source[] = [
  { name: 'grid-registry', views: gridRegistryViews, grantsOf: grantsByPost },
  { name: 'mediation', views: mediationViews, grantsOf: heard },
  { name: 'volunteers', views: volunteersViews, grantsOf: grantsHere },
  { name: 'inspections', views: inspectionsViews, grantsOf: heard },
];

export interface Question {
  readonly account: string;
  readonly action: Action;
  readonly area: AreaCode;
}

/** 缘由: what one service answers, and by which rows of the table and which appointments. */
export interface Reason {
  readonly service: string;
  /** `some` when it depends on the record: what is assigned, their own, or handed over. */
  readonly answer: 'yes' | 'some' | 'no';
  readonly by: readonly { readonly rule: Rule; readonly grant: Grant }[];
  /** Everything that the account holds there. */
  readonly grants: readonly Grant[];
}

/**
 * Asks the views in the data folder as the services do, whether they run or not; nothing is written.
 *
 * @throws ViewsMissing when no platform has run there, or one of another version
 */
export function reasonsFor(dataDir: string, question: Question): Promise<readonly Reason[]> {
  return Promise.all(
    SOURCES.map(async (source) => {
      const snapshot = openViewsSnapshot(join(dataDir, source.name), source.views);
      try {
        const grants = await source.grantsOf(rowsIn(snapshot), question.account);
        return reasonOf(source.name, question, grants);
      } finally {
        snapshot.close();
      }
    }),
  );
}

function reasonOf(service: string, question: Question, grants: readonly Grant[]): Reason {
  const { account: subject, action, area } = question;
  const by = grants.flatMap((grant) => {
    const rule = covers(grant.area, area) ? ruleOf(grant.role, action) : undefined;
    return rule === undefined ? [] : [{ rule, grant }];
  });
  const verdict = decide({ subject, kind: 'person', grants }, action, { area });
  const some = by.length > 0 ? 'some' : 'no';
  return { service, answer: verdict.allowed ? 'yes' : some, by, grants };
}

/** As live views answer, for the few questions that rights are made of. */
function rowsIn(snapshot: ViewsSnapshot): Rows {
  const all = <Row extends object>(view: View<Row>): readonly Row[] =>
    [...snapshot.rows(view as View)].map(({ row }) => JSON.parse(row) as Row);
  return {
    find: async (view, { equals = {} }) =>
      all(view).filter((row) =>
        Object.entries(equals).every(([field, value]) => row[field as keyof typeof row] === value),
      ),
    get: async (view, key) => {
      for (const { key: found, row } of snapshot.rows(view as View)) {
        if (found === key) return JSON.parse(row) as never;
      }
      return undefined;
    },
  };
}

const ANSWERS = { yes: '可以 yes', some: '视记录而定 some', no: '不可以 no' } as const;

/** A line for the answer of each service, and one for each row of the table that it rests on. */
export function reasonLines(reasons: readonly Reason[]): readonly string[] {
  return reasons.flatMap(({ service, answer, by, grants }) => {
    const rows = by.map(({ rule, grant }) => `  ${ruleText(rule)}; ${grantText(grant)}`);
    const held = grants.map((grant) => `  ${grantText(grant)}`);
    const none = ['  没有任何任职 holds nothing that this service knows of'];
    const others = held.length > 0 ? held : none;
    return [`${service}: ${ANSWERS[answer]}`, ...(rows.length > 0 ? rows : others)];
  });
}

function ruleText({ role, action, scope }: Rule): string {
  const { zh, en } = SCOPE_NAMES[scope];
  return `${role} ${action}: ${zh} ${en}`;
}

function grantText({ role, area, source }: Grant): string {
  const { zh, en } = ROLE_NAMES[role];
  switch (source.kind) {
    case 'appointment':
      return `${zh} ${en} in ${area} by post ${source.post}, appointment ${source.holder}`;
    case 'enrolment':
      return `${zh} ${en} in ${area} by enrolment ${source.volunteer}`;
    case 'claim':
    case 'self':
      return `${zh} ${en} in ${area}`;
  }
}
