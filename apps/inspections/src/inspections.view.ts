import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import { type CheckResult, type InspectionEvent, inspectionEvents } from './inspection.events.js';
import type { InspectionsEvent } from './inspections.events.js';

export interface InspectionRow {
  readonly id: string;
  readonly place: string;
  /** Where the place was at that time. */
  readonly grid: AreaCode;
  readonly recordedAt: string;
  readonly items: readonly {
    readonly code: string;
    readonly result: CheckResult;
    /** Ids of the hazards that were found at it. */
    readonly hazards: readonly string[];
  }[];
}

/** What did an inspection find? */
export const inspectionsView = defineView<InspectionRow, InspectionsEvent>({
  name: 'inspections',
  version: 1,
  indexes: [],
  keyOf: ({ event }) => (isInspectionEvent(event) ? event.inspection : undefined),
  evolve: (row, { event }) => {
    if (!isInspectionEvent(event)) return row;
    if (event.type === 'InspectionRecorded') return recorded(event);
    if (row === undefined) throw new Error(`${event.type} came before the inspection`);
    const items = row.items.map((item) =>
      item.code === event.item ? { ...item, hazards: [...item.hazards, event.hazard] } : item,
    );
    return { ...row, items };
  },
});

function isInspectionEvent(event: InspectionsEvent): event is InspectionEvent {
  return event.type in inspectionEvents;
}

function recorded(event: Extract<InspectionEvent, { type: 'InspectionRecorded' }>): InspectionRow {
  const { inspection: id, place, grid, at: recordedAt } = event;
  const items = event.items.map((item) => ({ ...item, hazards: [] }));
  return { id, place, grid, recordedAt, items };
}
