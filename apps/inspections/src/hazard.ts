import type { Due } from '#libs/calendar';
import type { AreaCode } from '#libs/contracts';
import type { Aggregate, Decision } from '#libs/event';
import type { HazardEvent, HazardGrade } from './hazard.events.js';

interface HazardFacts {
  readonly id: string;
  readonly grid: AreaCode;
  readonly finder: string;
  readonly observation: string | null;
}

interface TimeLimit {
  readonly grade: HazardGrade;
  readonly dueAt: string;
  /** Whether the time passed before it was rectified. */
  readonly overdue: boolean;
}

/** 复查期限: the time to recheck in, and whether it has passed. */
export interface RecheckTerm {
  readonly due: Due;
  readonly passed: boolean;
}

interface Rectified extends TimeLimit, HazardFacts {
  readonly status: 'rectified';
  readonly rectifier: string;
  /** Null where an old log tells of none. */
  readonly recheck: RecheckTerm | null;
}

/** 隐患: something at a place that can lead to an accident, until it is put right. */
export type Hazard =
  | { readonly status: 'none' }
  | ({ readonly status: 'found' } & HazardFacts)
  | ({ readonly status: 'noticed' } & TimeLimit & HazardFacts)
  | Rectified
  | ({ readonly status: 'closed' } & HazardFacts);

export type HazardRefusal =
  | 'ItemNotFailed'
  | 'MajorNotOnSpot'
  | 'TimeLimitMissing'
  | 'TimeLimitNotNeeded'
  | 'HazardNotFound'
  | 'HazardNotGraded'
  | 'HazardAlreadyGraded'
  | 'HazardNotRectified'
  | 'HazardAlreadyRectified'
  | 'HazardAlreadyClosed'
  | 'RecheckByFinder'
  | 'RecheckByRectifier';

export type HazardDecision = Decision<HazardEvent, HazardRefusal>;

export const hazards: Aggregate<Hazard, HazardEvent> = {
  category: 'hazard',
  initial: { status: 'none' },
  evolve,
};

function evolve(hazard: Hazard, event: HazardEvent): Hazard {
  if (event.type === 'HazardFound') {
    const { hazard: id, grid, finder, observation } = event;
    return { status: 'found', id, grid, finder, observation };
  }
  if (hazard.status === 'none') throw new Error(`${event.type} came before the finding`);
  const { id, grid, finder, observation } = hazard;
  const facts = { id, grid, finder, observation };
  switch (event.type) {
    case 'HazardGraded': {
      const { grade, dueAt } = event;
      return { status: 'noticed', grade, dueAt, overdue: false, ...facts };
    }
    case 'HazardRectified':
      return hazard.status === 'noticed'
        ? { ...hazard, status: 'rectified', rectifier: event.rectifier, recheck: null }
        : hazard;
    case 'RecheckTermSet':
    case 'RecheckTermCorrected':
      return hazard.status === 'rectified'
        ? { ...hazard, recheck: { due: event.due, passed: false } }
        : hazard;
    case 'RecheckTermPassed':
      return hazard.status === 'rectified'
        ? { ...hazard, recheck: hazard.recheck && { ...hazard.recheck, passed: true } }
        : hazard;
    case 'HazardRecheckFailed':
      return hazard.status === 'rectified'
        ? { ...facts, status: 'noticed', grade: hazard.grade, dueAt: event.dueAt, overdue: false }
        : hazard;
    case 'HazardOverdue':
      return hazard.status === 'noticed' ? { ...hazard, overdue: true } : hazard;
    case 'HazardMoved':
      return { ...hazard, grid: event.to };
    case 'HazardFixedOnSpot': // Its closing follows in the same commit.
    case 'HazardRecheckPassed':
      return hazard;
    case 'HazardClosed':
      return { status: 'closed', ...facts };
  }
}
