import { GRID, HAZARD, INSPECTION, inspected, noted, PLACE } from '../test/hazards.js';
import { openInspections, tell } from '../test/room.js';
import type { InspectionEvent } from './inspection.events.js';
import { inspectionsView } from './inspections.view.js';

async function rowAfter(events: readonly InspectionEvent[]) {
  const { log, views } = openInspections();
  await tell(log, { [`inspection-${INSPECTION}`]: events });
  return views.get(inspectionsView, INSPECTION);
}

describe('an inspection', () => {
  it('shows what was found of each item, and not who inspected', async () => {
    expect(await rowAfter([inspected])).toEqual({
      id: INSPECTION,
      place: PLACE,
      grid: GRID,
      recordedAt: inspected.at,
      items: inspected.items.map((item) => ({ ...item, hazards: [] })),
    });
  });

  it('names the hazards at the item that failed', async () => {
    const row = await rowAfter([inspected, noted]);
    const named = row?.items.filter(({ hazards }) => hazards.length > 0);
    expect(named).toEqual([{ code: 'E1', result: 'FAIL', hazards: [HAZARD] }]);
  });
});
