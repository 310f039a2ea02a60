import { type Due, plainDue } from '#libs/calendar';
import type { AreaCode, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type {
  DisputeEvent,
  DisputeType,
  FileText,
  PartyDetails,
  Route,
  TermName,
} from './dispute.events.js';
import type { MediationEvent } from './mediation.events.js';

export type DisputeStatus =
  | 'CONSENT_PENDING'
  | 'NOT_ACCEPTED'
  | 'ACCEPTED'
  | 'ASSIGNED'
  | 'MEDIATING'
  | 'SETTLED'
  | 'TERMINATED';

export interface PartyRow {
  readonly id: string;
  readonly sealed: Sealed<PartyDetails>;
  readonly consented: boolean;
}

export interface SessionRow {
  readonly heldAt: string;
  readonly summary: Sealed<FileText>;
}

export interface AgreementRow {
  readonly terms: Sealed<FileText>;
  readonly performBy: string;
}

/** The time that runs, or the last one that ran, and what is asked of it. */
interface TermColumns {
  readonly term: { readonly name: TermName; readonly due: Due; readonly passed: boolean } | null;
  /** Whether it will pass at `waitsUntil` unless something is done. */
  readonly waiting: boolean;
  readonly waitsUntil: string | null;
  /** Whether that is still to be counted again by a newer calendar. */
  readonly provisional: boolean;
  readonly calendarVersion: number | null;
  /** Whether it has passed, and the dispute is still open. */
  readonly termPassed: boolean;
}

export interface DisputeRow extends TermColumns {
  readonly id: string;
  readonly grid: AreaCode;
  readonly type: DisputeType;
  readonly facts: Sealed<FileText>;
  readonly status: DisputeStatus;
  /** Whether anything is still to be decided. */
  readonly open: boolean;
  readonly reportedAt: string;
  /** The end of the time to mediate in; null until every party has agreed, and in a pause. */
  readonly dueAt: string | null;
  readonly parties: readonly PartyRow[];
  readonly mediator: string | null;
  readonly sessions: readonly SessionRow[];
  /** Each time the dispute went along with its grid. */
  readonly moves: readonly {
    readonly from: AreaCode;
    readonly to: AreaCode;
    readonly at: string;
  }[];
  /** Each time a mediator who had it was released. */
  readonly returns: readonly { readonly at: string; readonly mediator: string }[];
  readonly agreement: AgreementRow | null;
  readonly endReason: Sealed<FileText> | null;
  readonly routesTold: readonly Route[];
}

/** Which disputes are there in an area, and where does each stand? */
export const disputesView = defineView<DisputeRow, MediationEvent, 'dispute'>({
  name: 'disputes',
  version: 4,
  temporal: true,
  indexes: [
    ['open', { under: 'grid' }, 'reportedAt', 'id'],
    [{ under: 'grid' }, 'reportedAt', 'id'],
    ['open', 'grid', 'reportedAt', 'id'],
    ['mediator', 'open', 'id'],
    ['termPassed', { under: 'grid' }, 'reportedAt', 'id'],
    ['waiting', 'waitsUntil', 'id'],
    ['provisional', 'calendarVersion', 'id'],
  ],
  key: 'dispute',
  category: 'dispute',
  starts: { DisputeReported: ({ event }) => reported(event) },
  changes: {
    DisputeMoved: (row, { event: { from, grid, at } }) => {
      return { ...row, grid, moves: [...row.moves, { from, to: grid, at }] };
    },
    ConsentGiven: (row, { event }) => {
      const parties = row.parties.map((party) =>
        party.id === event.party ? { ...party, consented: true } : party,
      );
      return { ...row, parties };
    },
    DisputeAccepted: (row, { event: { at, termDays } }) => {
      // Where the log is of before DisputeTermSet, nothing else says when the time ends.
      return { ...row, status: 'ACCEPTED', ...runs('MEDIATION', plainDue(at, termDays)) };
    },
    DisputeTermSet: (row, { event: { term, due } }) => ({ ...row, ...runs(term, due) }),
    DisputeTermExtended: (row, { event }) => ({ ...row, ...runs('MEDIATION', event.due) }),
    DisputeTermPaused: (row, { event }) => ({ ...row, ...runs('MEDIATION', event.due) }),
    DisputeTermResumed: (row, { event }) => ({ ...row, ...runs('MEDIATION', event.due) }),
    DisputeTermCorrected: (row, { event: { term, due } }) => ({ ...row, ...runs(term, due) }),
    DisputeTermPassed: (row) => {
      const term = row.term && { ...row.term, passed: true };
      return { ...row, ...rests, term, termPassed: row.open };
    },
    MediatorAssigned: (row, { event: { mediator } }) => ({ ...row, status: 'ASSIGNED', mediator }),
    DisputeReturned: (row, { event: { at, mediator } }) => {
      const returns = [...row.returns, { at, mediator }];
      return { ...row, status: 'ACCEPTED', mediator: null, returns };
    },
    SessionRecorded: (row, { event: { heldAt, summary } }) => {
      return { ...row, status: 'MEDIATING', sessions: [...row.sessions, { heldAt, summary }] };
    },
    DisputeSettled: (row, { event: { terms, performBy } }) => {
      const agreement = { terms, performBy };
      return { ...row, ...rests, status: 'SETTLED', open: false, agreement };
    },
    MediationRefused: (row, { event: { routesTold } }) => ({ ...row, ...ended(row), routesTold }),
    MediationEnded: (row, { event: { reason: endReason, routesTold } }) => {
      return { ...row, ...ended(row), endReason, routesTold };
    },
  },
});

function reported(event: Extract<DisputeEvent, { type: 'DisputeReported' }>): DisputeRow {
  const parties = event.parties.map(({ party, sealed }) => ({
    id: party,
    sealed,
    consented: false,
  }));
  return {
    id: event.dispute,
    grid: event.grid,
    type: event.kind,
    facts: event.facts,
    status: 'CONSENT_PENDING',
    open: true,
    reportedAt: event.at,
    dueAt: null,
    term: null,
    waitsUntil: null,
    calendarVersion: null,
    ...rests,
    parties,
    mediator: null,
    sessions: [],
    moves: [],
    returns: [],
    agreement: null,
    endReason: null,
    routesTold: [],
  };
}

/** Without everybody's consent it was never accepted. */
function ended({ status: before }: DisputeRow) {
  const status = before === 'CONSENT_PENDING' ? 'NOT_ACCEPTED' : 'TERMINATED';
  return { status, open: false, ...rests } as const;
}

/** No time runs any more. */
const rests = { waiting: false, provisional: false, termPassed: false } as const;

function runs(name: TermName, due: Due): TermColumns & Partial<DisputeRow> {
  const { dueAt, isProvisional, calendarVersion } = due;
  return {
    term: { name, due, passed: false },
    waiting: dueAt !== null,
    waitsUntil: dueAt,
    provisional: isProvisional,
    calendarVersion,
    termPassed: false,
    ...(name === 'MEDIATION' ? { dueAt } : {}),
  };
}
