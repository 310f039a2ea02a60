import type { Due } from '#libs/calendar';
import type { AreaCode, HazardText, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { HazardEvent, HazardGrade, RectificationText } from './hazard.events.js';
import type { InspectionsEvent } from './inspections.events.js';

/** 隐患状态: where a hazard stands. */
export type HazardStatus = 'FOUND' | 'NOTICED' | 'RECTIFIED' | 'CLOSED';

/** 隐患来源: who came upon it. */
export type HazardSource = 'INSPECTION' | 'OBSERVATION';

/** The time to recheck it in, from when it was last put right, and what is asked of it. */
interface RecheckColumns {
  readonly recheck: { readonly due: Due; readonly passed: boolean } | null;
  /** Whether it will pass at `recheckBy` unless somebody rechecks. */
  readonly rechecking: boolean;
  readonly recheckBy: string | null;
  /** Whether that is still to be counted again by a newer calendar. */
  readonly provisional: boolean;
  readonly calendarVersion: number | null;
  /** Whether it has passed, and nobody has rechecked. */
  readonly recheckLate: boolean;
}

export interface HazardRow extends RecheckColumns {
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
export const hazardsView = defineView<HazardRow, InspectionsEvent, 'hazard'>({
  name: 'hazards',
  version: 3,
  temporal: true,
  indexes: [
    ['open', { under: 'grid' }, 'foundAt', 'id'],
    [{ under: 'grid' }, 'foundAt', 'id'],
    ['open', 'grid', 'foundAt', 'id'],
    ['status', 'overdue', 'dueAt', 'id'],
    ['recheckLate', { under: 'grid' }, 'foundAt', 'id'],
    ['rechecking', 'recheckBy', 'id'],
    ['provisional', 'calendarVersion', 'id'],
  ],
  key: 'hazard',
  starts: { HazardFound: ({ event }) => found(event) },
  changes: {
    HazardGraded: (row, { event: { grade, dueAt } }) => ({
      ...row,
      status: 'NOTICED',
      grade,
      dueAt,
    }),
    // Nothing else is put right on the spot.
    HazardFixedOnSpot: (row) => ({ ...row, grade: 'ORDINARY' }),
    HazardRectified: (row, { event }) => ({ ...row, status: 'RECTIFIED', evidence: event.sealed }),
    RecheckTermSet: (row, { event }) => ({ ...row, ...runs(event.due) }),
    RecheckTermCorrected: (row, { event }) => ({ ...row, ...runs(event.due) }),
    RecheckTermPassed: (row) => {
      const recheck = row.recheck && { ...row.recheck, passed: true };
      return { ...row, ...rests, recheck, recheckLate: true };
    },
    HazardRecheckFailed: (row, { event: { dueAt } }) => {
      return { ...row, ...rests, status: 'NOTICED', dueAt, overdue: false };
    },
    HazardOverdue: (row) => ({ ...row, overdue: true }),
    HazardMoved: (row, { event: { from, to, at } }) => {
      return { ...row, grid: to, moves: [...row.moves, { from, to, at }] };
    },
    HazardClosed: (row) => ({ ...row, ...rests, status: 'CLOSED', open: false }),
  },
});

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
    recheck: null,
    recheckBy: null,
    calendarVersion: null,
    ...rests,
    foundAt,
    moves: [],
  };
}

/** No time to recheck in runs. */
const rests = { rechecking: false, provisional: false, recheckLate: false } as const;

function runs(due: Due): RecheckColumns {
  const { dueAt, isProvisional, calendarVersion } = due;
  return {
    recheck: { due, passed: false },
    rechecking: dueAt !== null,
    recheckBy: dueAt,
    provisional: isProvisional,
    calendarVersion,
    recheckLate: false,
  };
}
