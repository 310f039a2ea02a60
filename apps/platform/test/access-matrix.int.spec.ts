import { Logger } from '@nestjs/common';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import {
  type Action,
  type Actor,
  actorOf,
  decide,
  type Grant,
  type Identity,
  type Role,
  ROLES,
  type Target,
} from '#libs/access';
import type { AreaCode } from '#libs/contracts';
import { actionsOf, type Guards, signatureOf } from '#libs/service';
import { gridRegistryGuards } from '../../grid-registry/src/grid-registry.guards.js';
import { inspectionsGuards } from '../../inspections/src/inspections.guards.js';
import { mediationGuards } from '../../mediation/src/mediation.guards.js';
import { volunteersGuards } from '../../volunteers/src/volunteers.guards.js';
import { furnish } from './furnished-house.js';
import {
  COUNTY,
  ELSEWHERE,
  GRID,
  NOT_ALLOWED,
  person,
  RightsHouse,
  system,
  TOWNSHIP,
  UNREAD,
  VILLAGE,
} from './rights-house.js';

// Each refusal is logged, and here most is refused.
Logger.overrideLogger(false);

const GUARDS: readonly Guards[] = [
  gridRegistryGuards,
  mediationGuards,
  volunteersGuards,
  inspectionsGuards,
];
const UNKNOWN = '019a0000-0000-7000-8000-0000000000ff';

/** Somebody who asks everything, and what they may do by our own reckoning. */
interface Asking {
  readonly name: string;
  readonly identity: Identity;
  readonly actor: Actor;
}

/** A field, and the way to it: the fields above it, from a root field on. */
type Field = GraphQLField<unknown, unknown>;
interface Step {
  readonly parent: GraphQLObjectType;
  readonly field: Field;
}
type Way = readonly Step[];

let house: RightsHouse;
let ids: Readonly<Record<string, string>>;
let targets: Readonly<Record<string, Target>>;
let everybody: readonly Asking[];
let asked = 0;
const seen = new Set<string>();

beforeAll(async () => {
  house = await RightsHouse.start();
  ids = await furnish(house);
  const assigned = { area: GRID, assignee: ids['holder']! };
  const own = { area: VILLAGE, owner: ids['volunteer']! };
  targets = {
    Area: { area: GRID },
    Post: { area: VILLAGE },
    Holder: { area: VILLAGE },
    Dispute: assigned,
    Patrol: { area: GRID, owner: ids['volunteer']! },
    VolunteerTeam: { area: VILLAGE },
    Volunteer: own,
    Observation: { area: GRID, owner: ids['volunteer']! },
    Place: { area: GRID },
    Inspection: { area: GRID },
    Hazard: { area: GRID },
  };
  everybody = [...ROLES.flatMap(insideAndOutside), ...people()];
}, 60_000);

afterAll(async () => {
  await house.close();
  process.stderr.write(`the matrix: ${asked} questions, ${seen.size} fields and arguments\n`);
});

function insideAndOutside(role: Role): readonly Asking[] {
  return [
    { name: `${role} inside`, ...whoClaims(role, TOWNSHIP) },
    { name: `${role} outside`, ...whoClaims(role, ELSEWHERE) },
  ];
}

function whoClaims(role: Role, area: AreaCode) {
  const identity = system(role, area);
  return { identity, actor: actorOf(identity, []) };
}

/** Those whose rights depend on more than an area: they have them from what is recorded. */
function people(): readonly Asking[] {
  const post = (role: Role, holder: string): readonly Grant[] => [
    { role, area: VILLAGE, source: { kind: 'appointment', post: 'p', holder } },
  ];
  const enrolled: Grant = {
    role: 'volunteer',
    area: VILLAGE,
    source: { kind: 'enrolment', volunteer: ids['volunteer']! },
  };
  const known: readonly (readonly [string, string, readonly Grant[]])[] = [
    ['the mediator who has it', 'mediator-1', post('mediator', ids['holder']!)],
    ['a mediator who has it not', 'mediator-2', post('mediator', ids['holder2']!)],
    ['a police officer', 'police-1', post('community-police-officer', ids['police']!)],
    ['the volunteer concerned', 'account-v', [enrolled]],
    ['somebody without a post', 'nobody-1', []],
  ];
  return known.map(([name, account, grants]) => {
    const identity = person(account, system('supervisor', COUNTY).claims);
    return { name, identity, actor: actorOf(identity, grants) };
  });
}

const roots = (graph: GraphQLSchema, name: 'Query' | 'Mutation'): GraphQLObjectType =>
  graph.getType(name) as GraphQLObjectType;
const fieldsOf = (type: GraphQLObjectType): readonly Field[] => Object.values(type.getFields());
const returned = (field: Field): GraphQLObjectType | undefined => {
  const type = getNamedType(field.type);
  return isObjectType(type) ? type : undefined;
};

/** The shortest way to each type that a query reaches; every field of each is asked on it. */
function waysFrom(graph: GraphQLSchema): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  let last: readonly Way[] = fieldsOf(roots(graph, 'Query')).map((field) => [
    { parent: roots(graph, 'Query'), field },
  ]);
  for (let depth = 0; depth < 8 && last.length > 0; depth += 1) {
    const next: Way[] = [];
    for (const way of last) {
      const type = returned(way.at(-1)!.field);
      if (type === undefined || ways.has(type.name)) continue;
      ways.set(type.name, way);
      for (const field of fieldsOf(type)) next.push([...way, { parent: type, field }]);
    }
    last = next;
  }
  return ways;
}

/** Whether our own table lets somebody go the whole way. */
function mayGo(actor: Actor, way: Way): boolean {
  return way.every(({ parent, field }, index) => {
    const actions = actionsAt(parent, field);
    if (actions.length === 0) return true;
    const type = index === 0 ? getNamedType(field.type).name : parent.name;
    const target = targets[type] ?? { area: GRID };
    return actions.some((action) => mayDo(actor, action, { parent, type, target }));
  });
}

interface There {
  readonly parent: GraphQLObjectType;
  readonly type: string;
  readonly target: Target;
}

/** What is enrolled gives rights in the volunteers service alone. */
function mayDo(actor: Actor, action: Action, { parent, type, target }: There): boolean {
  const here = volunteersGuards[type] !== undefined && type !== 'Area';
  const grants = actor.grants.filter(({ source }) => {
    return source.kind !== 'enrolment' || here || parent.name === 'Mutation';
  });
  return decide({ ...actor, grants }, action, target).allowed;
}

function actionsAt(parent: GraphQLObjectType, field: Field): readonly Action[] {
  const rules = GUARDS.flatMap((guards) => {
    const rule = guards[parent.name]?.fields[signatureOf(field)];
    return rule === undefined ? [] : [rule];
  });
  if (rules.length === 0) throw new Error(`${parent.name}.${signatureOf(field)} has no rule`);
  return actionsOf(rules[0]!);
}

function selection(way: Way): string {
  const [step, ...below] = way;
  if (step === undefined) return '';
  const type = returned(step.field);
  const rest = below.length > 0 ? selection(below) : '__typename';
  return `${step.field.name}${argumentsOf(step.field)}${type === undefined ? '' : ` { ${rest} }`}`;
}

function argumentsOf({ name, args }: Field): string {
  const given = args.flatMap((arg) => valueOf(name, arg) ?? []);
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

function valueOf(field: string, arg: GraphQLArgument): string | undefined {
  const { name } = arg;
  if (name === 'code') return `code: "${GRID}"`;
  if (name === 'id') return `id: "${ids[field]}"`;
  if (name === 'kind') return 'kind: SHOP';
  if (isRequiredArgument(arg))
    throw new Error(`${field} needs ${name}: this test does not know it`);
  return undefined;
}

describe('every query and every field that one reaches', () => {
  it('is shown to those whom the table lets see it, and to nobody else', async () => {
    const wrong: string[] = [];
    const ways = waysFrom(house.graph);
    const all = [...ways.values()].flatMap((way) => {
      const type = returned(way.at(-1)!.field)!;
      return [way, ...fieldsOf(type).map((field) => [...way, { parent: type, field }])];
    });
    for (const { parent, field } of all.flat()) seen.add(`${parent.name}.${signatureOf(field)}`);
    const plain = fieldsOf(roots(house.graph, 'Query')).map((field) => [
      { parent: roots(house.graph, 'Query'), field },
    ]);
    for (const way of [...plain, ...all]) {
      const found = await Promise.all(everybody.map((who) => lookedAt(who, way)));
      wrong.push(...found.flat());
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  async function lookedAt({ name, identity, actor }: Asking, way: Way): Promise<readonly string[]> {
    asked += 1;
    const { codes } = await house.ask(identity, `{ ${selection(way)} }`);
    const refused = codes.some((code) => NOT_ALLOWED.has(code));
    const odd = codes.filter((code) => !NOT_ALLOWED.has(code));
    const place = `${name}: ${selection(way)}`;
    if (odd.length > 0) return [`${place}: ${odd.join()}`];
    const may = mayGo(actor, way);
    return may === !refused ? [] : [`${place}: ${refused ? 'refused' : 'shown'}`];
  }
});

/** What each command is about, as far as rights depend on it. */
const ABOUT: Readonly<Record<string, () => Target>> = {
  appointHolder: () => targets['Post']!,
  releaseHolder: () => targets['Post']!,
  giveConsent: () => targets['Dispute']!,
  refuseMediation: () => targets['Dispute']!,
  assignMediator: () => targets['Dispute']!,
  recordSession: () => targets['Dispute']!,
  settleDispute: () => targets['Dispute']!,
  endMediation: () => targets['Dispute']!,
  extendTerm: () => targets['Dispute']!,
  pauseTerm: () => targets['Dispute']!,
  resumeTerm: () => targets['Dispute']!,
  enrolVolunteer: () => targets['VolunteerTeam']!,
  claimShift: () => targets['Patrol']!,
  checkIn: () => targets['Patrol']!,
  checkOut: () => targets['Patrol']!,
  noteObservation: () => targets['Patrol']!,
};

/** Of a post that gives no more than a village's, this is the right that it takes. */
const TAKES: Readonly<Record<string, Action>> = {
  createPost: 'post.manage',
  appointHolder: 'post.manage',
  releaseHolder: 'post.manage',
};

describe('every command', () => {
  it('is done for those whom the table lets do it, and for nobody else', async () => {
    const wrong: string[] = [];
    for (const field of fieldsOf(roots(house.graph, 'Mutation'))) {
      seen.add(`Mutation.${signatureOf(field)}`);
      for (const who of everybody) wrong.push(...(await commanded(who, field)));
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('is nothing that an auditor or an operator may do', () => {
    const [auditor, operator] = (['auditor', 'operator'] as const).map((role) =>
      actorOf(system(role, TOWNSHIP), []),
    );
    for (const field of fieldsOf(roots(house.graph, 'Mutation'))) {
      expect([mayCommand(auditor!, field), mayCommand(operator!, field)]).toEqual([false, false]);
    }
  });

  async function commanded(who: Asking, field: Field): Promise<readonly string[]> {
    asked += 1;
    const [input] = field.args;
    const source = `mutation { ${field.name}(input: ${inputFor(field.name, input!.type)}) { position } }`;
    const { codes, errors } = await house.ask(who.identity, source);
    const refused = codes.some((code) => NOT_ALLOWED.has(code));
    // A command that is not even read says nothing of who may give it.
    const inside = codes.some((code) => UNREAD.has(code));
    if (inside) return [`${who.name}: ${field.name}: ${errors.map(String).join()}`];
    const may = mayCommand(who.actor, field);
    return may === !refused ? [] : [`${who.name}: ${field.name}: ${refused ? 'refused' : 'done'}`];
  }

  function mayCommand(actor: Actor, field: Field): boolean {
    const parent = roots(house.graph, 'Mutation');
    const target = ABOUT[field.name]?.() ?? { area: GRID };
    const one = TAKES[field.name];
    const actions = one === undefined ? actionsAt(parent, field) : [one];
    return actions.some((action) => mayDo(actor, action, { parent, type: 'Mutation', target }));
  }
});

it('no field and no argument of the graph was left out', () => {
  const types = Object.values(house.graph.getTypeMap()).filter(isObjectType);
  const fields = types
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => fieldsOf(type).map((field) => `${type.name}.${signatureOf(field)}`))
    // The answer of a command: what it is about is asked by itself.
    .filter((name) => !/^\w+Payload\./.test(name));
  expect(fields.filter((name) => !seen.has(name))).toEqual([]);
  expect(fields.length).toBeGreaterThan(150);
  expect(asked).toBeGreaterThan(5000);
});

/** Inputs that are well-formed, name what is there, and are refused by a rule, or change no right. */
function inputFor(command: string, type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) throw new Error(`${command} takes no input object`);
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const special = SPECIAL[`${command}.${field.name}`]?.() ?? INPUTS[field.name]?.();
    if (special !== undefined) return [`${field.name}: ${special}`];
    return isNonNullType(field.type) ? [`${field.name}: ${plainValue(field.type)}`] : [];
  });
  return `{ ${fields.join(', ')} }`;
}

function plainValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return plainValue(type.ofType);
  if (isListType(type)) return `[${plainValue(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  const plain: Readonly<Record<string, string>> = {
    ID: `"${UNKNOWN}"`,
    String: '"示例"',
    Int: '7',
    Boolean: 'false',
    Time: '"2026-03-03T09:30:00+08:00"',
    Day: '"2026-12-31"',
  };
  const value = plain[getNamedType(type).name];
  if (value === undefined) throw new Error(`this test knows no value of ${String(type)}`);
  return value;
}

const quoted = (text: string | undefined): string => `"${text}"`;
const INPUTS: Readonly<Record<string, () => string>> = {
  postId: () => quoted(ids['post']),
  disputeId: () => quoted(ids['dispute']),
  teamId: () => quoted(ids['team']),
  shiftId: () => quoted(ids['shift']),
  volunteerId: () => quoted(ids['volunteer']),
  placeId: () => quoted(ids['place']),
  inspectionId: () => quoted(ids['inspection']),
  hazardId: () => quoted(ids['hazard']),
  // A grid that nobody has opened, in the village.
  grid: () => `"${VILLAGE}009"`,
  area: () => `"${VILLAGE}009"`,
  code: () => `"${VILLAGE}009"`,
  // A child of a few years.
  bornOn: () => '"2024-01-01"',
  account: () => '"account-9"',
};
const SPECIAL: Readonly<Record<string, () => string>> = {
  'openGrid.code': () => '"430502001498001"',
  'createPost.kind': () => 'GRID_WORKER',
  'releaseHolder.postId': () => quoted(ids['vacant']),
  'retireGrid.successors': () => '[]',
  'reportDispute.parties': () => '[{ name: "示例甲" }, { name: "示例乙" }]',
  'recordInspection.items': () => '[{ code: "E1", result: PASS }]',
  'reportHazard.item': () => '"E1"',
};
