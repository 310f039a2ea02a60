import { refuse } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GRID, id, INSPECTOR, items, NOW, PLACE, registered } from '../test/hazards.js';
import { emptyLog, eventsOf, openInspections, tell } from '../test/room.js';

const meta = (request: string, commandId = id('e1')): CommandMeta => ({
  commandId,
  actor: 'spec',
  request,
});
const admitted = { type: 'GridAdmitted', grid: GRID, name: '第一网格', at: NOW };
const record = { place: PLACE, inspector: INSPECTOR, items };

describe('an inspection', () => {
  it('is recorded of a place that is known, once for a command id', async () => {
    const log = emptyLog();
    await tell(log, {
      [`grid-${GRID}`]: [admitted],
      [`place-${PLACE}`]: [registered],
    });
    const { inspections } = openInspections(log);
    const once = await inspections.record(meta('record'), record);
    expect(await inspections.record(meta('record'), record)).toEqual(once);
    expect(await eventsOf(log, 2)).toMatchObject([{ type: 'InspectionRecorded', grid: GRID }]);
  });

  it('is refused of a place that is not', async () => {
    const { inspections } = openInspections();
    expect(await inspections.record(meta('record'), record)).toEqual(
      refuse('PlaceNotFound', { place: PLACE }),
    );
  });
});
