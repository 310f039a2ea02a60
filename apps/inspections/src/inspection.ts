import { type Aggregate, type Decision, isRefusal, refuse, type Refusal } from '#libs/event';
import type { KnownGrid, KnownGridRefusal } from '#libs/grid-work';
import { checklistOf } from './checklist.js';
import type { CheckResult, InspectionEvent } from './inspection.events.js';
import { inspectedPlace, type Place, type PlaceRefusal } from './place.js';
import type { PlaceKind } from './place.events.js';

/** 检查: one visit to a place, each item of its checklist looked at. */
export type Inspection =
  | { readonly status: 'none' }
  | {
      readonly status: 'recorded';
      readonly id: string;
      readonly place: string;
      readonly inspector: string;
      readonly failed: readonly string[];
      /** Hazards that were reported from it. */
      readonly hazards: readonly string[];
    };

/** 检查情况: an item and what was found of it. */
export interface CheckedItem {
  readonly code: string;
  readonly result: CheckResult;
}

/** 记录检查: record an inspection of a place (Work Safety Law art. 68). */
export interface RecordInspection {
  readonly inspection: string;
  readonly place: string;
  readonly inspector: string;
  readonly items: readonly CheckedItem[];
  readonly at: string;
}

/** 记入隐患: name in the inspection's record the hazard that was found at an item. */
export interface NoteHazard {
  readonly inspection: string;
  readonly item: string;
  readonly hazard: string;
  readonly at: string;
}

type ChecklistRefusal = 'ChecklistIncomplete' | 'ChecklistItemUnknown' | 'ChecklistItemTwice';

export type InspectionRefusal = 'InspectionNotFound' | ChecklistRefusal;

export const inspections: Aggregate<Inspection, InspectionEvent> = {
  category: 'inspection',
  initial: { status: 'none' },
  evolve,
};

function evolve(inspection: Inspection, event: InspectionEvent): Inspection {
  switch (event.type) {
    case 'InspectionRecorded': {
      const { inspection: id, place, inspector } = event;
      const failed = event.items.flatMap(({ code, result }) => (result === 'FAIL' ? [code] : []));
      return { status: 'recorded', id, place, inspector, failed, hazards: [] };
    }
    case 'HazardNoted':
      return inspection.status === 'recorded'
        ? { ...inspection, hazards: [...inspection.hazards, event.hazard] }
        : inspection;
  }
}

/** Every item of the place's checklist exactly once. */
export function recordInspection(
  command: RecordInspection,
  inspection: Inspection,
  { place, grid }: { readonly place: Place; readonly grid: KnownGrid },
): Decision<InspectionEvent, InspectionRefusal | PlaceRefusal | KnownGridRefusal> {
  if (inspection.status !== 'none') return [];
  const at = inspectedPlace(command.place, place, grid);
  if (isRefusal(at)) return at;
  const { items } = command;
  const differs = differsFromChecklist(items, at.kind);
  if (differs !== undefined) return differs;
  return [{ type: 'InspectionRecorded', ...command, grid: at.grid, items: [...items] }];
}

function differsFromChecklist(
  items: readonly CheckedItem[],
  kind: PlaceKind,
): Refusal<ChecklistRefusal> | undefined {
  const asked: readonly string[] = checklistOf(kind);
  const codes = items.map(({ code }) => code);
  const unknown = codes.find((code) => !asked.includes(code));
  if (unknown !== undefined) return refuse('ChecklistItemUnknown', { item: unknown });
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) return refuse('ChecklistItemTwice', { item: twice });
  const missing = asked.filter((code) => !codes.includes(code));
  return missing.length === 0
    ? undefined
    : refuse('ChecklistIncomplete', { items: missing.join(', ') });
}

export function noteHazard(
  command: NoteHazard,
  inspection: Inspection,
): readonly InspectionEvent[] {
  if (inspection.status === 'none' || inspection.hazards.includes(command.hazard)) return [];
  return [{ type: 'HazardNoted', ...command }];
}
