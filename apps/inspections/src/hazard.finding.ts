import { endOfDayAfter } from '#libs/calendar';
import type { AreaCode, HazardText, Sealed } from '#libs/contracts';
import { type Decision, isRefusal, refuse } from '#libs/event';
import type { KnownGrid, KnownGridRefusal } from '#libs/grid-work';
import type { HazardEvent, HazardGrade } from './hazard.events.js';
import type { Hazard, HazardDecision, HazardRefusal } from './hazard.js';
import type { Inspection, InspectionRefusal } from './inspection.js';
import { inspectedPlace, type Place, type PlaceRefusal } from './place.js';

/** 上报隐患: a failed item of an inspection, put right on the spot or by a time limit. */
export interface ReportHazard {
  readonly hazard: string;
  readonly inspection: string;
  readonly item: string;
  readonly sealed: Sealed<HazardText>;
  readonly grade: HazardGrade;
  readonly fixedOnSpot: boolean;
  /** Calendar days to put it right in; null when that was done on the spot. */
  readonly dueInDays: number | null;
  readonly at: string;
}

/** 发现隐患: what a patrol observed. */
export interface FindHazard {
  readonly hazard: string;
  readonly observation: string;
  readonly grid: AreaCode;
  readonly finder: string;
  /** Where the work of a grid that was shut went since, one grid after the other. */
  readonly successors: readonly AreaCode[];
  readonly at: string;
}

/** 隐患定级: say how dangerous it is, and by when it is to be put right. */
export interface GradeHazard {
  readonly hazard: string;
  readonly grade: HazardGrade;
  readonly dueInDays: number;
  readonly at: string;
}

/** What a report depends on besides the hazard itself. */
export interface Visit {
  readonly inspection: Inspection;
  readonly place: Place;
  readonly grid: KnownGrid;
}

/** What an inspection finds is recorded with how it is dealt with (Work Safety Law art. 68). */
export function reportHazard(
  command: ReportHazard,
  hazard: Hazard,
  { inspection, place, grid }: Visit,
): Decision<HazardEvent, HazardRefusal | InspectionRefusal | PlaceRefusal | KnownGridRefusal> {
  if (hazard.status !== 'none') return [];
  if (inspection.status === 'none') {
    return refuse('InspectionNotFound', { inspection: command.inspection });
  }
  const at = inspectedPlace(inspection.place, place, grid);
  if (isRefusal(at)) return at;
  if (!inspection.failed.includes(command.item)) {
    return refuse('ItemNotFailed', { item: command.item });
  }
  const step = firstStep(command);
  if (isRefusal(step)) return step;
  const found: HazardEvent = {
    type: 'HazardFound',
    hazard: command.hazard,
    observation: null,
    at: command.at,
    grid: at.grid,
    place: at.id,
    inspection: inspection.id,
    sealed: command.sealed,
    finder: inspection.inspector,
  };
  return [found, ...step];
}

/** Only what is ordinary can be put right at once (order 16 art. 3); the rest gets a time limit. */
function firstStep(command: ReportHazard): HazardDecision {
  const { hazard, grade, fixedOnSpot, dueInDays, at } = command;
  if (!fixedOnSpot) {
    return dueInDays === null
      ? refuse('TimeLimitMissing')
      : [{ type: 'HazardGraded', hazard, grade, dueAt: endOfDayAfter(at, dueInDays), at }];
  }
  if (grade === 'MAJOR') return refuse('MajorNotOnSpot');
  if (dueInDays !== null) return refuse('TimeLimitNotNeeded');
  return [
    { type: 'HazardFixedOnSpot', hazard, at },
    { type: 'HazardClosed', hazard, observation: null, fixedOnSpot: true, at },
  ];
}

/** An observation is never refused: where its grid was shut meanwhile, the hazard goes along. */
export function findHazard(command: FindHazard, hazard: Hazard): readonly HazardEvent[] {
  if (hazard.status !== 'none') return [];
  const { successors, ...found } = command;
  const moves = successors.map((to, index): HazardEvent => {
    const from = successors[index - 1] ?? found.grid;
    return { type: 'HazardMoved', hazard: found.hazard, from, to, at: found.at };
  });
  const none = { place: null, inspection: null, sealed: null };
  return [{ type: 'HazardFound', ...found, ...none }, ...moves];
}

/** The grade decides who must act; a major one is reported to the authority (art. 41). */
export function gradeHazard(command: GradeHazard, hazard: Hazard): HazardDecision {
  const { hazard: id, grade, dueInDays, at } = command;
  const dueAt = endOfDayAfter(at, dueInDays);
  switch (hazard.status) {
    case 'none':
      return refuse('HazardNotFound', { hazard: id });
    case 'found':
      return [{ type: 'HazardGraded', hazard: id, grade, dueAt, at }];
    case 'noticed': {
      const same = hazard.grade === grade && hazard.dueAt === dueAt;
      return same ? [] : refuse('HazardAlreadyGraded');
    }
    case 'rectified':
      return refuse('HazardAlreadyGraded');
    case 'closed':
      return refuse('HazardAlreadyClosed');
  }
}
