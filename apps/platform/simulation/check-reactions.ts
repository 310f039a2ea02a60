import type { Recorded } from '#libs/event';
import { fields, type History } from './history.js';

/** What has to follow from an event, exactly once. */
interface Follows {
  readonly service: string;
  /** One of these. */
  readonly types: readonly string[];
}

const TAKE_PART = ['mediation', 'volunteers', 'inspections'];
const ANSWERS = ['GridWorkMoved', 'GridWorkOpen'];
const inEach = (...types: readonly string[]): readonly Follows[] =>
  TAKE_PART.map((service) => ({ service, types }));

/** In our own words: who has to do what about whose events. */
function followsFrom(recorded: Recorded): readonly Follows[] {
  const { kind, holder, account, observation } = fields(recorded);
  const isMediators = kind === 'MEDIATOR';
  const heard = (type: string) => (account === undefined ? [] : inEach(type));
  const mediator = (type: string) => [{ service: 'mediation', types: [type] }];
  switch (`${recorded.origin}.${recorded.event.type}`) {
    case 'grid-registry.GridOpened':
      return inEach('GridAdmitted', 'GridNamed');
    case 'grid-registry.GridRenamed':
      return inEach('GridNamed');
    case 'grid-registry.GridClosing':
      return [
        ...inEach('GridShut'),
        ...inEach(...ANSWERS),
        { service: 'grid-registry', types: ['GridWorkAnswered'] },
      ];
    case 'grid-registry.GridRetirementRefused':
      return inEach('GridReopened');
    case 'grid-registry.HolderAppointed':
      return [...heard('AppointmentHeard'), ...(isMediators ? mediator('MediatorEnlisted') : [])];
    case 'grid-registry.HolderReleased':
      return [...heard('AppointmentEnded'), ...(isMediators ? mediator('MediatorWithdrawn') : [])];
    case 'grid-registry.PostMoved':
      if (holder === null) return [];
      return [...heard('AppointmentMoved'), ...(isMediators ? mediator('MediatorMoved') : [])];
    case 'mediation.GridWorkMoved':
    case 'mediation.GridWorkOpen':
    case 'volunteers.GridWorkMoved':
    case 'volunteers.GridWorkOpen':
    case 'inspections.GridWorkMoved':
    case 'inspections.GridWorkOpen':
      return [{ service: 'grid-registry', types: ['GridWorkAnswered'] }];
    case 'volunteers.ObservationNoted':
      return [{ service: 'inspections', types: ['HazardFound'] }];
    case 'inspections.HazardFound':
    case 'inspections.HazardClosed':
      return observation === null
        ? []
        : [{ service: 'volunteers', types: ['ObservationFollowed'] }];
    default:
      return [];
  }
}

/** The same of an account's rights: what was heard later may stand for what comes then. */
function rightsCameTooLate(told: Recorded, service: string, history: History): boolean {
  const { type, holder } = fields(told);
  const types = (history.get(service) ?? [])
    .map(fields)
    .filter((each) => each['holder'] === holder)
    .map((each) => String(each['type']));
  if (type === 'HolderAppointed') return /^Appointment(?:Moved|Ended)$/.test(types[0] ?? '');
  return type === 'PostMoved' && types.includes('AppointmentEnded');
}

/**
 * Reactions to one stream are parked apart from each other: while enlisting waits for an operator,
 * a move or the release may be heard, and then there is nobody left to enlist; nor is anybody moved
 * whose release was heard while the move waited.
 */
function cameTooLate(told: Recorded, history: History): boolean {
  const { type, holder } = fields(told);
  const ofHolder = (history.get('mediation') ?? [])
    .map(fields)
    .filter(({ mediator }) => mediator === holder)
    .map((each) => String(each['type']));
  if (type === 'HolderAppointed') return /^Mediator(?:Withdrawn|Moved)$/.test(ofHolder[0] ?? '');
  return type === 'PostMoved' && ofHolder.includes('MediatorWithdrawn');
}

/** Each reaction had its effect exactly once, and so had each timer. */
export function checkReactions(history: History): readonly string[] {
  const effects = new Map<string, number>();
  for (const [service, events] of history) {
    for (const { cause, event } of events) {
      const key = `${service} ${cause ?? ''} ${event.type}`;
      effects.set(key, (effects.get(key) ?? 0) + 1);
    }
  }
  const missing = [...history.values()].flat().flatMap((recorded) => {
    const place = `${recorded.origin}@${recorded.position}`;
    return followsFrom(recorded).flatMap(({ service, types }) => {
      const count = types.reduce((sum, type) => {
        return sum + (effects.get(`${service} ${place} ${type}`) ?? 0);
      }, 0);
      const effect = `${types.join(' or ')} in ${service}`;
      const isLate = types.some((type) => type.startsWith('Appointment'))
        ? rightsCameTooLate(recorded, service, history)
        : cameTooLate(recorded, history);
      if (count === 1 || (count === 0 && isLate)) return [];
      return [`${place} ${recorded.event.type}: ${effect} ${count} times`];
    });
  });
  return [...missing, ...[...history.values()].flatMap(twice), ...attempts(history)];
}

/** No event leads to the same on one stream twice, and no time limit passes twice. */
function twice(events: readonly Recorded[]): readonly string[] {
  const seen = new Set<string>();
  return events.flatMap((recorded) => {
    const { origin, position, cause, stream, event } = recorded;
    const { dueAt } = fields(recorded);
    const why = event.type === 'HazardOverdue' ? String(dueAt) : cause;
    if (why === undefined) return [];
    const effect = `${event.type} on ${stream} because of ${why}`;
    if (seen.has(effect)) return [`${origin}@${position}: ${effect}, once more`];
    seen.add(effect);
    return [];
  });
}

/** Each attempt to close a grid has ended, once, after four answers. */
function attempts(history: History): readonly string[] {
  const registry = (history.get('grid-registry') ?? []).map(fields);
  const closings = registry.filter(({ type }) => type === 'GridClosing');
  return closings.flatMap(({ closing, grid }) => {
    const of = (types: readonly string[]): number =>
      registry.filter((each) => each['closing'] === closing && types.includes(String(each['type'])))
        .length;
    const [answers, ends] = [
      of(['GridWorkAnswered']),
      of(['GridRetired', 'GridRetirementRefused']),
    ];
    if (answers === 4 && ends === 1) return [];
    return [`the closing of ${String(grid)} got ${answers} answers and ended ${ends} times`];
  });
}
