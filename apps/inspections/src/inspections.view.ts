import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { CheckResult } from './inspection.events.js';
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
export const inspectionsView = defineView<InspectionRow, InspectionsEvent, 'inspection'>({
  name: 'inspections',
  version: 2,
  temporal: true,
  indexes: [],
  key: 'inspection',
  category: 'inspection',
  starts: {
    InspectionRecorded: ({ event: { inspection: id, place, grid, at: recordedAt, items } }) => {
      return {
        id,
        place,
        grid,
        recordedAt,
        items: items.map((item) => ({ ...item, hazards: [] })),
      };
    },
  },
  changes: {
    HazardNoted: (row, { event }) => {
      const items = row.items.map((item) =>
        item.code === event.item ? { ...item, hazards: [...item.hazards, event.hazard] } : item,
      );
      return { ...row, items };
    },
  },
});
