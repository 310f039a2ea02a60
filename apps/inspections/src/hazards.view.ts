import type { AreaCode, HazardText, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import {
  type HazardEvent,
  hazardEvents,
  type HazardGrade,
  type RectificationText,
} from './hazard.events.js';
import type { InspectionsEvent } from './inspections.events.js';

/** 隐患状态: where a hazard stands. */
export type HazardStatus = 'FOUND' | 'NOTICED' | 'RECTIFIED' | 'CLOSED';

/** 隐患来源: who came upon it. */
export type HazardSource = 'INSPECTION' | 'OBSERVATION';

export interface HazardRow {
  readonly id: string;
  readonly grid: AreaCode;
  readonly place: string | null;
  readonly inspection: string | null;
  readonly source: HazardSource;
  /** The observation that tells what was found, where no description does. */
  readonly observation: string | null;
  readonly description: Sealed<HazardText> | null;
  readonly status: HazardStatus;
  /** Whether anything is still to be done. */
  readonly open: boolean;
  /** Null until it is graded. */
  readonly grade: HazardGrade | null;
  /** Null until there is a time limit. */
  readonly dueAt: string | null;
  /** Whether its time passed before it was rectified. */
  readonly overdue: boolean;
  readonly evidence: Sealed<RectificationText> | null;
  readonly foundAt: string;
  readonly moves: readonly {
    readonly from: AreaCode;
    readonly to: AreaCode;
    readonly at: string;
  }[];
}

/** Which hazards are there in an area, where does each stand, and which is due next? */
export const hazardsView = defineView<HazardRow, InspectionsEvent>({
  name: 'hazards',
  version: 2,
  indexes: [
    ['open', 'grid', 'foundAt', 'id'],
    ['grid', 'foundAt', 'id'],
    ['status', 'overdue', 'dueAt', 'id'],
  ],
  keyOf: ({ event }) => (isHazardEvent(event) ? event.hazard : undefined),
  evolve: (row, { event }) => {
    if (!isHazardEvent(event)) return row;
    if (event.type === 'HazardFound') return found(event);
    if (row === undefined) throw new Error(`${event.type} came before the finding`);
    return { ...row, ...changes(row, event) };
  },
});

function isHazardEvent(event: InspectionsEvent): event is HazardEvent {
  return event.type in hazardEvents;
}

function found(event: Extract<HazardEvent, { type: 'HazardFound' }>): HazardRow {
  const { hazard: id, grid, place, inspection, observation, sealed, at: foundAt } = event;
  return {
    id,
    grid,
    place,
    inspection,
    source: observation === null ? 'INSPECTION' : 'OBSERVATION',
    observation,
    description: sealed,
    status: 'FOUND',
    open: true,
    grade: null,
    dueAt: null,
    overdue: false,
    evidence: null,
    foundAt,
    moves: [],
  };
}

function changes(
  row: HazardRow,
  event: Exclude<HazardEvent, { type: 'HazardFound' }>,
): Partial<HazardRow> {
  switch (event.type) {
    case 'HazardGraded':
      return { status: 'NOTICED', grade: event.grade, dueAt: event.dueAt };
    case 'HazardFixedOnSpot': // Nothing else is put right on the spot.
      return { grade: 'ORDINARY' };
    case 'HazardRectified':
      return { status: 'RECTIFIED', evidence: event.sealed };
    case 'HazardRecheckPassed':
      return {};
    case 'HazardRecheckFailed':
      return { status: 'NOTICED', dueAt: event.dueAt, overdue: false };
    case 'HazardOverdue':
      return { overdue: true };
    case 'HazardMoved': {
      const { from, to, at } = event;
      return { grid: to, moves: [...row.moves, { from, to, at }] };
    }
    case 'HazardClosed':
      return { status: 'CLOSED', open: false };
  }
}
