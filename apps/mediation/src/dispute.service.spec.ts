import { setImmediate } from 'node:timers/promises';
import { gridClosingPublishedEvents, gridRegistryPublishedEvents, sealedIn } from '#libs/contracts';
import { type DomainEvent, isRefusal, type Recorded, refuse } from '#libs/event';
import { EventBus } from '#libs/event-bus';
import { type CommandMeta, openMemoryLog } from '#libs/event-log';
import {
  CHEN,
  DISPUTE,
  EAST,
  enlisted,
  FACTS,
  GRID,
  heard,
  id,
  LI,
  lives,
  mediationTerm,
  moved,
  NOW,
  settled,
  SUMMARY,
  TERMS,
  ZHANG,
  zhangAgreed,
} from '../test/disputes.js';
import { appointed, closing, opened, postMoved, staysOpen } from '../test/registry.js';
import { emptyLog, eventsOf, openMediation, tell } from '../test/room.js';
import { unsealed } from '../test/sealed.js';
import type { DisputeEvent } from './dispute.events.js';
import type { DisputeService } from './dispute.service.js';
import { EnlistMediatorReaction } from './enlist-mediator.reaction.js';
import { MoveMediatorReaction } from './move-mediator.reaction.js';

type Reported = Extract<DisputeEvent, { type: 'DisputeReported' }>;

const meta = (request: string, commandId = id('e1')): CommandMeta => ({
  commandId,
  actor: 'spec',
  request,
});
const report = { grid: GRID, kind: 'NEIGHBOURS', facts: FACTS } as const;
const withParties = { ...report, parties: ['张甲', '陈乙'] };
const { performBy, signedBy } = settled;
const agreement = { dispute: DISPUTE, terms: TERMS, performBy, signedBy };

/** Mediation in which the dispute has come so far. */
async function openAt(events: readonly DisputeEvent[]) {
  const log = emptyLog();
  await tell(log, { [`dispute-${DISPUTE}`]: events });
  return openMediation(log);
}

describe('a report', () => {
  it('makes the ids of the dispute and of its parties, in the stream of the dispute', async () => {
    const { log, disputes, grids } = openMediation();
    await grids.admit(meta('admit'), { grid: GRID, name: opened.name });
    const outcome = await disputes.report(meta('report', id('e2')), withParties);
    expect(outcome).toMatchObject({ status: 'done', position: 3 });
    const [recorded] = (await log.read(1, 1)) as readonly Recorded<Reported>[];
    const { stream, event } = recorded!;
    expect(stream).toBe(`dispute-${event.dispute}`);
    expect(unsealed(event)).toMatchObject({
      grid: GRID,
      kind: 'NEIGHBOURS',
      parties: [{ sealed: { name: '张甲' } }, { sealed: { name: '陈乙' } }],
      facts: { text: FACTS },
      at: NOW,
    });
    expect(new Set([event.dispute, ...event.parties.map(({ party }) => party)]).size).toBe(3);
  });

  it('seals each name for its party alone, and the facts for the dispute', async () => {
    const { log, disputes, grids } = openMediation();
    await grids.admit(meta('admit'), { grid: GRID, name: opened.name });
    await disputes.report(meta('report', id('e2')), withParties);
    const [recorded] = (await log.read(1, 1)) as readonly Recorded<Reported>[];
    const { dispute, parties, facts } = recorded!.event;
    expect(parties.map(({ sealed }) => sealed.subject)).toEqual(parties.map(({ party }) => party));
    expect(facts.subject).toBe(dispute);
  });

  it('is one dispute when it is sent again under its command id', async () => {
    const { log, disputes, grids } = openMediation();
    await grids.admit(meta('admit'), { grid: GRID, name: opened.name });
    const once = await disputes.report(meta('report', id('e2')), withParties);
    expect(await disputes.report(meta('report', id('e2')), withParties)).toEqual(once);
    expect(await log.head()).toBe(4);
    const other = await disputes.report(meta('another', id('e2')), withParties);
    expect(other).toEqual(refuse('CommandIdReused'));
  });
});

describe('the commands of a dispute', () => {
  it('record what was decided, in its stream, at the time of the service', async () => {
    const { log, disputes } = await openAt(lives.consentPending);
    const ids = { dispute: DISPUTE };
    await disputes.consent(meta('1', id('e1')), { ...ids, party: ZHANG });
    await disputes.consent(meta('2', id('e2')), { ...ids, party: CHEN });
    await tell(log, { [`mediator-${LI}`]: [enlisted] });
    await disputes.assign(meta('3', id('e3')), { ...ids, mediator: LI });
    const session = { ...ids, heldAt: heard.heldAt, summary: SUMMARY };
    await disputes.recordSession(meta('4', id('e4')), session);
    await disputes.settle(meta('5', id('e5')), agreement);
    const recorded = (await log.read(lives.consentPending.length, 20)).filter(({ stream }) =>
      stream.startsWith('dispute-'),
    );
    const events = recorded.map(({ event }) => event);
    // Monday 9 March and 30 days: their last, 8 April, is a Wednesday.
    const due = { ...mediationTerm.due, from: NOW, dueAt: '2026-04-08T16:00:00.000Z' };
    expect(new Set(sealedIn(events).map(({ subject }) => subject))).toEqual(new Set([DISPUTE]));
    expect(unsealed(events)).toEqual([
      { ...zhangAgreed, at: NOW },
      { ...zhangAgreed, party: CHEN, at: NOW },
      { type: 'DisputeAccepted', ...ids, termDays: 30, at: NOW },
      { ...mediationTerm, due, at: NOW },
      { type: 'MediatorAssigned', ...ids, mediator: LI, at: NOW },
      { ...heard, summary: { text: SUMMARY }, at: NOW },
      { ...settled, terms: { text: TERMS }, at: NOW },
    ]);
  });

  it('end it in one way only, when two ends are asked for at the same time', async () => {
    const { log, disputes } = await openAt(lives.mediating);
    const outcomes = await Promise.all([
      disputes.settle(meta('a', id('e1')), agreement),
      disputes.settle(meta('b', id('e2')), agreement),
      disputes.refuse(meta('c', id('e3')), {
        dispute: DISPUTE,
        party: CHEN,
        routesTold: ['COURT'],
      }),
    ]);
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(1);
    expect(await log.head()).toBe(lives.mediating.length + 1);
  });
});

/** Mediation beside a registry whose news it has not heard yet. */
async function besideRegistry(news: readonly DomainEvent[]) {
  const bus = new EventBus();
  const registry = openMemoryLog({
    origin: 'grid-registry',
    events: { ...gridRegistryPublishedEvents, ...gridClosingPublishedEvents },
    now: () => NOW,
  });
  if (news.length > 0) await tell(registry, { spec: news });
  bus.publish(registry);
  const room = openMediation(emptyLog(), { bus });
  const { gridWork } = room;
  const enlist = new EnlistMediatorReaction(room.mediators);
  const move = new MoveMediatorReaction(room.mediators);
  const handlers = {
    GridOpened: (recorded: Recorded<typeof opened>) => gridWork.opened(recorded),
    GridClosing: (recorded: Recorded<typeof closing>) => gridWork.closing(recorded),
    GridRetirementRefused: (recorded: Recorded<typeof staysOpen>) => gridWork.refused(recorded),
    HolderAppointed: (recorded: Recorded<typeof appointed>) => enlist.on(recorded),
    PostMoved: (recorded: Recorded<typeof postMoved>) => move.on(recorded),
  };
  for (const [type, handler] of Object.entries(handlers)) {
    room.transport.addHandler(
      `grid-registry.${type}`,
      // Slower than the first look of the command that needs the news.
      async (recorded: Recorded<never>) => setImmediate().then(() => handler(recorded)),
      true,
    );
  }
  room.transport.listen(() => undefined);
  return room;
}

describe('what this service has not heard of yet', () => {
  const assign = (disputes: DisputeService) =>
    disputes.assign(meta('assign'), { dispute: DISPUTE, mediator: LI });

  it('is waited for: a dispute is reported in a grid that was opened just now', async () => {
    const { disputes, transport } = await besideRegistry([opened]);
    const outcome = await disputes.report(meta('report'), withParties);
    expect(isRefusal(outcome)).toBe(false);
    await transport.close();
  });

  it('is waited for: a dispute is assigned to who was appointed just now', async () => {
    const { disputes, transport, log } = await besideRegistry([appointed]);
    await tell(log, { [`dispute-${DISPUTE}`]: lives.accepted });
    expect(isRefusal(await assign(disputes))).toBe(false);
    await transport.close();
  });

  it('is waited for: a dispute is reported in a grid that was to be closed, and stays', async () => {
    const { disputes, transport, grids } = await besideRegistry([staysOpen]);
    await grids.shut(meta('shut'), { grid: GRID, closing: closing.closing, successors: [] });
    const outcome = await disputes.report(meta('report', id('e2')), withParties);
    expect(isRefusal(outcome)).toBe(false);
    await transport.close();
  });

  it('is waited for: a dispute is assigned to whose post has just gone along', async () => {
    const { disputes, transport, mediators, log } = await besideRegistry([postMoved]);
    await mediators.enlist(meta('enlist', id('e2')), { mediator: LI, area: GRID });
    await tell(log, { [`dispute-${DISPUTE}`]: [...lives.accepted, moved] });
    expect(isRefusal(await assign(disputes))).toBe(false);
    await transport.close();
  });

  it('is waited for, and then still refused: a dispute is reported in a closing grid', async () => {
    const { disputes, transport } = await besideRegistry([opened, closing]);
    const outcome = await disputes.report(meta('report'), withParties);
    expect(outcome).toEqual(refuse('GridClosed', { grid: GRID, successor: EAST }));
    await transport.close();
  });

  it('is refused when the registry has nothing to tell of it', async () => {
    const { disputes, transport, log } = await besideRegistry([]);
    await tell(log, { [`dispute-${DISPUTE}`]: lives.accepted });
    const outcome = await disputes.report(meta('report'), withParties);
    expect(outcome).toEqual(refuse('GridNotFound', { grid: GRID }));
    expect(await assign(disputes)).toEqual(refuse('MediatorNotFound', { mediator: LI }));
    expect((await eventsOf(log)).length).toBe(lives.accepted.length);
    await transport.close();
  });
});
