import type { ObservationText, Sealed } from '#libs/contracts';
import { type Aggregate, type Decision, isRefusal, refuse } from '#libs/event';
import type { FollowUp, ObservationEvent } from './observation.events.js';
import { theirs } from './shift.duty.js';
import type { Shift, ShiftRefusal } from './shift.js';

/** 巡防发现: a place and a fact that a volunteer noted on patrol, never a person. */
export type Observation =
  | { readonly status: 'none' }
  | { readonly status: 'noted' }
  | { readonly status: 'found' | 'closed'; readonly hazard: string };

/** 记录发现: note a place and a fact while checked in. */
export interface NoteObservation {
  readonly observation: string;
  readonly shift: string;
  readonly volunteer: string;
  readonly sealed: Sealed<ObservationText>;
  readonly at: string;
}

/** 跟进发现: record what inspections has told about the hazard that it led to. */
export interface FollowObservation {
  readonly observation: string;
  readonly hazard: string;
  readonly status: FollowUp;
  readonly at: string;
}

export const observations: Aggregate<Observation, ObservationEvent> = {
  category: 'observation',
  initial: { status: 'none' },
  evolve: (_, event) => {
    if (event.type === 'ObservationNoted') return { status: 'noted' };
    return { status: event.status === 'FOUND' ? 'found' : 'closed', hazard: event.hazard };
  },
};

/**
 * A grid that is closing hinders nothing here: the observation belongs to the shift, which was
 * open work there before.
 */
export function noteObservation(
  command: NoteObservation,
  observation: Observation,
  shift: Shift,
): Decision<ObservationEvent, ShiftRefusal> {
  if (observation.status !== 'none') return [];
  const served = theirs(command, shift);
  if (isRefusal(served)) return served;
  if (served.status !== 'checkedIn') return refuse('ShiftNotCheckedIn');
  const { volunteer: _, ...facts } = command;
  return [{ type: 'ObservationNoted', ...facts, grid: served.grid }];
}

/** The first hazard answers an observation; what is none of ours, or ended, stays as it is. */
export function followObservation(
  command: FollowObservation,
  observation: Observation,
): readonly ObservationEvent[] {
  const followed: ObservationEvent = { type: 'ObservationFollowed', ...command };
  switch (observation.status) {
    case 'none':
    case 'closed':
      return [];
    case 'noted':
      return [followed];
    case 'found':
      return command.status === 'CLOSED' && command.hazard === observation.hazard ? [followed] : [];
  }
}
