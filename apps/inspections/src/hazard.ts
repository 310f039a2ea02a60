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

/** 隐患: something at a place that can lead to an accident, until it is put right. */
export type Hazard =
  | { readonly status: 'none' }
  | ({ readonly status: 'found' } & HazardFacts)
  | ({ readonly status: 'noticed' } & TimeLimit & HazardFacts)
  | ({ readonly status: 'rectified'; readonly rectifier: string } & TimeLimit & HazardFacts)
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
        ? { ...hazard, status: 'rectified', rectifier: event.rectifier }
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
