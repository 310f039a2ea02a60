import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Action, Actor, Target } from '#libs/access';
import { refuse } from '#libs/event';
import type { Commands } from '#libs/event-log';
import type { Actors } from './actors.js';
import { allowed, askedActions, authorise } from './authorise.js';
import { actionsOf, type Asker, type Guards, type TypeGuard } from './guards.js';
import type { Reading } from './reading.js';
import type { Readings } from './readings.js';
import { refusalError } from './refusal-error.js';
import type { RequestContext } from './request-context.js';
import { requestRefusals } from './request.refusals.js';

/** A field or a type without a rule, or a rule without its field: the service does not start. */
export class RuleMissing extends Error {
  readonly code = 'RULE_MISSING';
}

/** A field was answered without the right that its rule names having been asked for. */
export class RightNotAsked extends Error {
  readonly code = 'RIGHT_NOT_ASKED';
}

export interface GuardSource {
  readonly actors: Actors;
  readonly readings: Readings;
  readonly commands: Commands;
}

type Resolve = GraphQLFieldResolver<object, RequestContext>;
type Checked = true | Promise<true>;

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
/** What federation adds: what is reached by these is guarded by its own type. */
const FEDERATION: ReadonlySet<string> = new Set(['_service', '_entities(representations)']);

/** A field as rules name it: its name, followed by its arguments. */
export function signatureOf({ name, args }: Pick<GraphQLField<unknown, unknown>, 'name' | 'args'>) {
  return args.length === 0 ? name : `${name}(${args.map((arg) => arg.name).join(' ')})`;
}

/**
 * Puts every field of a subgraph behind its rule. Fields of records ask for the right before they
 * are resolved; root fields and references are held to having asked for it.
 *
 * @throws RuleMissing
 */
export function guardSchema(
  schema: GraphQLSchema,
  guards: Guards,
  source: GuardSource,
): GraphQLSchema {
  const guard = new FieldGuard(source);
  const types = Object.values(schema.getTypeMap()).filter(isObjectType).filter(isOurs);
  const unknown = Object.keys(guards).find((name) => !types.some((type) => type.name === name));
  if (unknown !== undefined) throw new RuleMissing(`${unknown} has rules, but is no type`);
  for (const type of types) {
    const rules = ownOf(guards, type.name);
    if (rules === undefined) throw new RuleMissing(`the type ${type.name} has no rules`);
    guardType(type, rules, guard);
  }
  return schema;
}

/** What was written down under a name; every object has a `toString` and others beside. */
function ownOf<Value>(of: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function isOurs({ name }: GraphQLObjectType): boolean {
  return !name.startsWith('__') && name !== '_Service';
}

function guardType(type: GraphQLObjectType, rules: TypeGuard, guard: FieldGuard): void {
  const fields = Object.values(type.getFields());
  const signatures = new Set(fields.map(signatureOf));
  const gone = Object.keys(rules.fields).find((signature) => !signatures.has(signature));
  if (gone !== undefined) throw new RuleMissing(`${type.name}.${gone} has a rule, but is no field`);
  for (const field of fields) {
    const signature = signatureOf(field);
    if (ROOTS.has(type.name) && FEDERATION.has(signature)) continue;
    const rule = ownOf(rules.fields, signature);
    if (rule === undefined) throw new RuleMissing(`${type.name}.${signature} has no rule`);
    const actions = actionsOf(rule);
    if (actions.length === 0) continue;
    const resolve = (field.resolve ?? defaultFieldResolver) as Resolve;
    if (ROOTS.has(type.name)) field.resolve = held(resolve, { actions, name: field.name });
    else {
      const guarded = guard.before(resolve, { type: type.name, rules, actions });
      behind.set(guarded, resolve);
      field.resolve = guarded;
    }
  }
  guardReference(type, rules);
}

const behind = new WeakMap<object, Resolve>();

/** What a guarded field would answer by itself: for whoever measures what the guards cost. */
export function resolverBehind(guarded: object): Resolve | undefined {
  return behind.get(guarded);
}

interface Federated {
  resolveReference?: (...asked: unknown[]) => unknown;
}

function guardReference(type: GraphQLObjectType, { reference }: TypeGuard): void {
  const { apollo } = type.extensions as {
    readonly apollo?: { readonly subgraph?: Federated };
  };
  const federated = apollo?.subgraph;
  const resolve = federated?.resolveReference;
  if (federated === undefined || resolve === undefined) return;
  if (reference === undefined) throw new RuleMissing(`a reference to ${type.name} has no rule`);
  const actions = actionsOf(reference);
  const rule = { actions, name: `a reference to ${type.name}` };
  federated.resolveReference = byKey(actions.length === 0 ? resolve : heldTo(resolve, rule));
}

/** GraphQL does not look into references: whoever asks a service by itself sends what they like. */
function byKey(resolve: (...asked: unknown[]) => unknown) {
  return async (key: unknown, ...asked: unknown[]): Promise<unknown> => {
    const wrong = Object.entries(key ?? {}).find(([, value]) => typeof value !== 'string');
    if (wrong === undefined) return resolve(key, ...asked);
    const name = wrong[0].slice(0, 40);
    const facts = { why: `${name} must be a string`, whyZh: `${name} 应为字符串` };
    throw refusalError(refuse('InputInvalid', facts), requestRefusals);
  };
}

interface Held {
  readonly actions: readonly Action[];
  readonly name: string;
}

function held(resolve: Resolve, rule: Held): Resolve {
  return heldTo(resolve as (...asked: unknown[]) => unknown, rule) as Resolve;
}

/** An answer counts only when one of the actions was asked for on the way to it. */
function heldTo(resolve: (...asked: unknown[]) => unknown, { actions, name }: Held) {
  return async (...asked: unknown[]): Promise<unknown> => {
    const seen = new Set<Action>();
    const answer = await askedActions.run(seen, () => resolve(...asked));
    if (answer == null || actions.some((action) => seen.has(action))) return answer;
    throw new RightNotAsked(`${name} was answered without asking for ${actions.join(' or ')}`);
  };
}

interface Guarded {
  readonly type: string;
  readonly rules: TypeGuard;
  readonly actions: readonly Action[];
}

/** Asks for the right to a record once for each request, record and rule. */
class FieldGuard {
  private readonly checked = new WeakMap<RequestContext, WeakMap<object, Map<string, Checked>>>();
  private readonly known = new WeakMap<RequestContext, readonly [Actor, Reading]>();

  constructor(private readonly source: GuardSource) {}

  before(resolve: Resolve, guarded: Guarded): Resolve {
    const { type, rules, actions } = guarded;
    if (rules.target === undefined) {
      throw new RuleMissing(`${type} does not say what the rights to one of its records depend on`);
    }
    const key = actions.join();
    return (row, args, context, info) => {
      const checked = this.check(row, context, { ...guarded, key });
      if (checked === true) return resolve(row, args, context, info);
      return checked.then(() => resolve(row, args, context, info));
    };
  }

  private check(row: object, context: RequestContext, asked: Guarded & { key: string }): Checked {
    const rows = this.checked.get(context) ?? new WeakMap<object, Map<string, Checked>>();
    this.checked.set(context, rows);
    const rules = rows.get(row) ?? new Map<string, Checked>();
    rows.set(row, rules);
    const before = rules.get(asked.key);
    if (before !== undefined) return before;
    const checked = this.ask(row, context, asked);
    rules.set(asked.key, checked);
    if (checked !== true) checked.then(() => rules.set(asked.key, true)).catch(() => undefined);
    return checked;
  }

  private ask(row: object, context: RequestContext, guarded: Guarded): Checked {
    const known = this.known.get(context);
    if (known !== undefined) return this.decide(row, known, guarded);
    return this.know(context).then((found) => this.decide(row, found, guarded));
  }

  private async know(context: RequestContext): Promise<readonly [Actor, Reading]> {
    const { actors, readings } = this.source;
    const known = [await actors.of(context), await readings.of(context)] as const;
    this.known.set(context, known);
    return known;
  }

  private decide(
    row: object,
    [actor, views]: readonly [Actor, Reading],
    { rules, actions }: Guarded,
  ): Checked {
    const { commands } = this.source;
    const targets = actions.map((action) => {
      const asker: Asker = { views, actor, action, commands };
      return [action, rules.target?.(row, asker)] as const;
    });
    const pending = targets.some(([, target]) => target instanceof Promise);
    if (!pending) return this.permit(actor, targets as readonly Asked[]);
    return Promise.all(
      targets.map(async ([action, target]) => [action, await target] as const),
    ).then((found) => this.permit(actor, found as readonly Asked[]));
  }

  /** Any of them will do; when none holds, the last one is told. */
  private permit(actor: Actor, asked: readonly Asked[]): true {
    for (const [action, target] of asked) if (allowed(actor, action, target)) return true;
    const [action, target] = asked.at(-1) ?? [];
    if (action === undefined || target === undefined) throw new RuleMissing('no right was named');
    authorise(actor, action, target);
    return true;
  }
}

type Asked = readonly [Action, Target];
