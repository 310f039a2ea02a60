import { isRefusal, refuse } from '#libs/event';
import {
  DISPUTE,
  EAST,
  enlisted,
  FACTS,
  GRID,
  id,
  LI,
  lives,
  moved,
  NOW,
  reported,
} from '../test/disputes.js';
import { closing, fromRegistry, opened, staysOpen } from '../test/registry.js';
import { emptyLog, eventsOf, openMediation, tell } from '../test/room.js';
import type { DisputeEvent } from './dispute.events.js';
import { disputesView } from './disputes.view.js';

const lifeOf = (dispute: string, events: readonly DisputeEvent[]) =>
  [`dispute-${dispute}`, events.map((event) => ({ ...event, dispute }))] as const;
const close = fromRegistry(closing, 9);
const closeAlone = fromRegistry({ ...closing, successors: [] }, 9);
const report = {
  grid: GRID,
  kind: 'NEIGHBOURS',
  facts: FACTS,
  parties: ['甲', '乙'],
} as const;
const meta = (last: string) => ({ commandId: id(last), actor: 'spec', request: last });

/** One dispute in each status, all in the grid that closes, and one in the grid beside it. */
async function withDisputes() {
  const log = emptyLog();
  const inGrid = Object.values(lives).filter(({ length }) => length > 0);
  const all = [...inGrid, [{ ...reported, grid: EAST }]];
  await tell(log, Object.fromEntries(all.map((events, index) => lifeOf(id(`0${index}`), events))));
  const room = openMediation(log);
  await room.gridWork.opened(fromRegistry(opened, 1));
  return { ...room, from: await log.head() };
}

describe('when a grid closes', () => {
  it('its open disputes go along to the successor; closed ones stay where they arose', async () => {
    const { log, gridWork, views, from } = await withDisputes();
    await gridWork.closing(close);
    const moves = (await eventsOf(log, from)).filter(({ type }) => type === 'DisputeMoved');
    const along = ['00', '02', '03', '04'].map((last) => ({
      ...moved,
      dispute: id(last),
      at: NOW,
    }));
    expect(moves).toEqual(along);
    const rows = await views.all(disputesView);
    const inEast = rows.filter(({ grid }) => grid === EAST).map((row) => row.id.slice(-2));
    expect(inEast).toEqual(['00', '02', '03', '04', '07']);
  });

  it('they stay with their mediator', async () => {
    const log = emptyLog();
    await tell(log, { [`mediator-${LI}`]: [enlisted], [`dispute-${DISPUTE}`]: lives.assigned });
    const { gridWork, views } = openMediation(log);
    await gridWork.closing(close);
    const row = await views.get(disputesView, DISPUTE);
    expect(row).toMatchObject({ status: 'ASSIGNED', mediator: LI, grid: EAST });
  });

  it('into no other, the answer names how many are open, and none of them moves', async () => {
    const { log, gridWork, from } = await withDisputes();
    await gridWork.closing(closeAlone);
    const { grid, closing: attempt } = closing;
    expect(await eventsOf(log, from)).toMatchObject([
      { type: 'GridShut', successors: [] },
      { type: 'GridWorkOpen', grid, closing: attempt, open: 4 },
    ]);
  });

  it('it takes no new disputes, and takes them again when it stays open', async () => {
    const { gridWork, disputes } = await withDisputes();
    await gridWork.closing(closeAlone);
    const closed = refuse('GridClosed', { grid: GRID, successor: '—' });
    expect(await disputes.report(meta('e2'), report)).toEqual(closed);
    await gridWork.refused(fromRegistry(staysOpen, 12));
    expect(isRefusal(await disputes.report(meta('e2'), report))).toBe(false);
  });

  it('a dispute that ends while it is being moved stays where it ended', async () => {
    const { log, disputes, from } = await withDisputes();
    const end = { dispute: id('00'), reason: '未达成一致', routesTold: ['COURT'] } as const;
    let appends = 0;
    const slow = openMediation({
      ...log,
      append: async (commit) => {
        appends += 1;
        // First the grid is shut, then its successor admitted; by then the dispute was found open.
        if (appends === 3) await disputes.end(meta('e3'), end);
        return log.append(commit);
      },
    });
    await slow.gridWork.closing(close);
    const events = (await eventsOf(log, from)).filter((event) => 'dispute' in event);
    expect(events.map(({ type }) => type)).toEqual([
      'MediationEnded',
      ...Array(3).fill('DisputeMoved'),
    ]);
  });
});
