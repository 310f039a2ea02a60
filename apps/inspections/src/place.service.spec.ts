import { type Recorded, refuse } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GRID, id, NOW, PLACE, placeClosed, registered } from '../test/hazards.js';
import { opened, told } from '../test/neighbours.js';
import { emptyLog, eventsOf, openInspections, tell } from '../test/room.js';

const meta = (request: string, commandId = id('e1')): CommandMeta => ({
  commandId,
  actor: 'spec',
  request,
});
const register = { grid: GRID, kind: 'SHOP', name: registered.name } as const;

describe('a place that is registered', () => {
  it('gets an id of its own, in a stream of its own, once for a command id', async () => {
    const { log, places, grids } = openInspections();
    await grids.opened(told('grid-registry', opened));
    const once = await places.register(meta('register', id('e2')), register);
    expect(await places.register(meta('register', id('e2')), register)).toEqual(once);
    const [recorded] = (await log.read(1, 10)) as readonly Recorded<typeof registered>[];
    expect(recorded!.stream).toBe(`place-${recorded!.event.place}`);
    expect(recorded!.event).toMatchObject({ ...register, at: NOW });
    expect(await log.head()).toBe(2);
  });

  it('is refused in a grid of which nobody tells', async () => {
    const { places } = openInspections();
    expect(await places.register(meta('register'), register)).toEqual(
      refuse('GridNotFound', { grid: GRID }),
    );
  });
});

it('a place is closed in its stream, at the time of the service', async () => {
  const log = emptyLog();
  await tell(log, { [`place-${PLACE}`]: [registered] });
  await openInspections(log).places.close(meta('close'), { place: PLACE });
  expect(await eventsOf(log, 1)).toEqual([{ ...placeClosed, at: NOW }]);
});
