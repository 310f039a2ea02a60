import { type Action, ACTIONS, type Actor, type Target } from '#libs/access';
import type { Commands } from '#libs/event-log';
import type { View, ViewRow } from '#libs/views';
import type { Reading } from './reading.js';

/**
 * 字段规则: which right a field takes. Of several actions any one will do. `signed-in` is shown to
 * whoever is signed in; `part` belongs to the record or the answer that it is found in, and is shown
 * to whoever is shown that.
 */
export type FieldRule = Action | readonly Action[] | 'signed-in' | 'part';

/** What a guard knows when it asks what a record's rights depend on. */
export interface Asker {
  readonly views: Reading;
  readonly actor: Actor;
  readonly action: Action;
  readonly commands: Commands;
}

/** The rules of one GraphQL type. */
export interface TypeGuard<Row extends object = object> {
  /** What the rights to one of its records depend on, as it is today. */
  target?(row: Row, asker: Asker): Target | Promise<Target>;
  /** What answers for a reference must ask for, if anything does. */
  readonly reference?: FieldRule;
  /** By the field's name, followed by its arguments: `disputes(first after status)`. */
  readonly fields: Readonly<Record<string, FieldRule>>;
}

/** 守卫: the rules of every type and every field of a subgraph. */
export type Guards = Readonly<Record<string, TypeGuard>>;

/** Keeps the type of the rows while they are written down. */
export function typeGuard<Row extends object>(guard: TypeGuard<Row>): TypeGuard {
  return guard;
}

/** Every field of a type whose values are shown with what they belong to. */
export function parts(...fields: readonly string[]): TypeGuard {
  return { fields: Object.fromEntries(fields.map((field) => [field, 'part'])) };
}

/** The rules of a page of a list: whoever may see the list may see how long it is. */
export const connectionParts: TypeGuard = parts('totalCount', 'nodes', 'pageInfo');
export const pageInfoParts: TypeGuard = parts('hasNextPage', 'endCursor');
export const deadlineFields = ['dueAt', 'isProvisional', 'explanation'] as const;

/** The same rule for each of these fields. */
export function each(rule: FieldRule, ...fields: readonly string[]): Record<string, FieldRule> {
  return Object.fromEntries(fields.map((field) => [field, rule]));
}

/** What a row's rights depend on, by the row as it is today. */
export function todays<Row extends ViewRow & { readonly id: string }>(
  view: View<Row>,
  row: Row,
  views: Reading,
  target: (today: Row) => Target,
): Target | Promise<Target> {
  if (views.asOf === undefined) return target(row);
  return views.todayOf(view, row).then(target);
}

/** The actions of a rule; none when it takes no right. */
export function actionsOf(rule: FieldRule): readonly Action[] {
  if (typeof rule !== 'string') return rule;
  return rule in ACTIONS ? [rule as Action] : [];
}
