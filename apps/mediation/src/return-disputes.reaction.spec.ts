import { postKindField } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import type { EventLog } from '#libs/event-log';
import {
  assigned,
  enlisted,
  id,
  LI,
  lives,
  NOW,
  reported,
  returned,
  WANG,
} from '../test/disputes.js';
import { fromRegistry, released } from '../test/registry.js';
import { emptyLog, eventsOf, openMediation, tell } from '../test/room.js';
import type { DisputeEvent } from './dispute.events.js';
import { ReturnDisputesReaction } from './return-disputes.reaction.js';

const release = fromRegistry(released, 9);
const withdrawn = { type: 'MediatorWithdrawn', mediator: LI, at: NOW } as const;

/** As many ids as are asked for, in an order that is not the one of their making. */
const disputeId = (index: number): string =>
  `019a0000-0000-7000-8000-${((index * 7919) % 65_536).toString(16).padStart(12, '0')}`;

const streamsOf = (
  lives: readonly (readonly [string, readonly DisputeEvent[]])[],
): Readonly<Record<string, readonly DomainEvent[]>> =>
  Object.fromEntries(
    lives.map(([dispute, events]) => [
      `dispute-${dispute}`,
      events.map((event) => ({ ...event, dispute })),
    ]),
  );

/** A log in which the mediator has so many disputes in hand. */
async function logWith(disputes: number): Promise<EventLog> {
  const log = emptyLog();
  const inHand = Array.from(
    { length: disputes },
    (_, index) => [disputeId(index), lives[index % 2 ? 'assigned' : 'mediating']] as const,
  );
  await tell(log, { [`mediator-${LI}`]: [enlisted], ...streamsOf(inHand) });
  return log;
}

function reactionOver(log: EventLog): ReturnDisputesReaction {
  const { mediators, disputes, views } = openMediation(log);
  return new ReturnDisputesReaction(mediators, disputes, views);
}

async function returnsIn(log: EventLog): Promise<readonly string[]> {
  const events = (await eventsOf(log)) as readonly DisputeEvent[];
  return events.flatMap((event) => (event.type === 'DisputeReturned' ? [event.dispute] : []));
}

/** A log that breaks down at the `nth` append: before it is durable, or before it is known. */
function breakingAt(nth: number, log: EventLog, when: 'before' | 'after'): EventLog {
  let appends = 0;
  return {
    ...log,
    append: async (commit) => {
      appends += 1;
      if (appends === nth && when === 'before') throw new Error('the power went');
      const outcome = await log.append(commit);
      if (appends === nth) throw new Error('the power went');
      return outcome;
    },
  };
}

/** A log in which something else happens right before the `nth` append. */
function interruptedAt(nth: number, log: EventLog, by: () => Promise<unknown>): EventLog {
  let appends = 0;
  return {
    ...log,
    append: async (commit) => {
      appends += 1;
      if (appends === nth) await by();
      return log.append(commit);
    },
  };
}

describe('when a mediator was released', () => {
  it('nothing is assigned to them any more, and their open disputes come back', async () => {
    const log = await logWith(2);
    const from = await log.head();
    await reactionOver(log).on(release);
    const back = { ...returned, at: NOW };
    expect(await eventsOf(log, from)).toEqual([
      withdrawn,
      { ...back, dispute: disputeId(0) },
      { ...back, dispute: disputeId(1) },
    ]);
    const causes = (await log.read(from, 3)).map(({ cause }) => cause);
    expect(causes).toEqual(Array(3).fill('grid-registry@9'));
  });

  it('closed disputes stay closed, and those of others stay with them', async () => {
    const log = await logWith(1);
    const withWang = [...lives.accepted, { ...assigned, mediator: WANG }];
    await tell(
      log,
      streamsOf([
        [id('01'), lives.settled],
        [id('02'), [...lives.assigned, { ...returned, at: NOW }]],
        [id('03'), lives.terminated],
        [id('04'), lives.accepted],
        [id('05'), withWang],
        [id('06'), [reported]],
      ]),
    );
    await reactionOver(log).on(release);
    expect((await returnsIn(log)).slice(1)).toEqual([disputeId(0)]);
  });

  it('all their disputes come back, more than one page of them', async () => {
    const log = await logWith(450);
    await reactionOver(log).on(release);
    const all = Array.from({ length: 450 }, (_, index) => disputeId(index));
    expect(await returnsIn(log)).toEqual(all.toSorted());
  });

  it('it has its effect once, however often that is told', async () => {
    const log = await logWith(3);
    const reaction = reactionOver(log);
    await Promise.all([reaction.on(release), reaction.on(release)]);
    const head = await log.head();
    await reaction.on(release);
    await reactionOver(log).on(release);
    expect(await log.head()).toBe(head);
    expect(await returnsIn(log)).toHaveLength(3);
  });

  it.each(postKindField.options.filter((kind) => kind !== 'MEDIATOR'))(
    'from a post of another kind, nothing follows: %s',
    async (kind) => {
      const log = await logWith(1);
      const head = await log.head();
      await reactionOver(log).on(fromRegistry({ ...released, kind }));
      expect(await log.head()).toBe(head);
    },
  );
});

describe('when the work is cut short', () => {
  const cuts = [1, 2, 3, 4].flatMap((nth) => [[nth, 'before'] as const, [nth, 'after'] as const]);

  it.each(cuts)('at append %i, %s it is durable, it is completed', async (nth, when) => {
    const log = await logWith(3);
    await expect(reactionOver(breakingAt(nth, log, when)).on(release)).rejects.toThrow('power');
    expect(await returnsIn(log)).toHaveLength(Math.max(0, nth - (when === 'before' ? 2 : 1)));
    await reactionOver(log).on(release);
    const all = [0, 1, 2].map(disputeId);
    expect(await returnsIn(log)).toEqual(all.toSorted());
    expect((await eventsOf(log)).filter(({ type }) => type === 'MediatorWithdrawn')).toHaveLength(
      1,
    );
  });
});

describe('an assignment while its mediator is being released', () => {
  const meta = { commandId: id('e7'), actor: 'spec', request: 'assign' };
  const ask = { dispute: id('d7'), mediator: LI };

  async function logWithOneToAssign(): Promise<EventLog> {
    const log = await logWith(1);
    await tell(log, streamsOf([[ask.dispute, lives.accepted]]));
    return log;
  }

  it('that has read the mediator before the withdrawal cannot commit after it', async () => {
    const log = await logWithOneToAssign();
    const slow = interruptedAt(1, log, () => reactionOver(log).on(release));
    const outcome = await openMediation(slow).disputes.assign(meta, ask);
    expect(outcome).toEqual({ refused: 'MediatorReleased', facts: { mediator: LI } });
    expect(await returnsIn(log)).toEqual([disputeId(0)]);
  });

  it('that commits just before the withdrawal is returned with the others', async () => {
    const log = await logWithOneToAssign();
    const { disputes } = openMediation(log);
    const slow = interruptedAt(1, log, () => disputes.assign(meta, ask));
    await reactionOver(slow).on(release);
    expect(await returnsIn(log)).toEqual([disputeId(0), ask.dispute].toSorted());
  });

  it('and a dispute that ends before its return stays ended', async () => {
    const log = await logWith(1);
    const { disputes } = openMediation(log);
    const end = { dispute: disputeId(0), reason: '未达成一致', routesTold: ['COURT'] } as const;
    // First comes the withdrawal, second the return: by then the dispute was found open.
    const slow = interruptedAt(2, log, () => disputes.end(meta, end));
    await reactionOver(slow).on(release);
    expect((await eventsOf(log)).at(-1)).toMatchObject({ type: 'MediationEnded' });
    expect(await returnsIn(log)).toEqual([]);
  });
});
