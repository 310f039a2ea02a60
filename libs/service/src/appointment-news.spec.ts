import type { ConsumerStatus } from '#libs/event-bus';
import { SimulatedScheduler } from '#libs/scheduler';
import { AppointmentNews, MASK_AFTER_MS } from './appointment-news.js';

const START = Date.parse('2026-03-09T08:00:00.000Z');
const MINUTE = 60_000;

function news(service = 'mediation') {
  const clock = new SimulatedScheduler(START, () => 0);
  const registry: { at: ConsumerStatus | undefined | Error } = {
    at: { origin: 'grid-registry', position: 7, head: 7 },
  };
  const heard = async () => {
    if (registry.at instanceof Error) throw registry.at;
    return registry.at;
  };
  return { clock, registry, news: new AppointmentNews(service, clock, heard) };
}

it('news is as old as nothing while everything that the registry recorded was heard', async () => {
  const { clock, news: told } = news();
  await clock.pass(60 * MINUTE);
  expect(await told.status()).toEqual({ ageMs: 0, isOld: false });
});

it.each([
  ['is not heard at all', undefined],
  ['cannot be reached', new Error('it is down')],
  // What a consumer says of an origin that it cannot ask: it knows of nothing that it has not heard.
  [
    'cannot be asked',
    { origin: 'grid-registry', position: 7, head: 7, unreachable: 'ECONNREFUSED' },
  ],
  [
    'is no longer taken',
    { origin: 'grid-registry', position: 7, head: 7, stopped: 'a newer version' },
  ],
])('while the registry %s, news grows old, and too old after five minutes', async (_, at) => {
  const { clock, registry, news: told } = news();
  await told.status();
  registry.at = at;
  await clock.pass(MASK_AFTER_MS);
  expect(await told.status()).toEqual({ ageMs: 5 * MINUTE, isOld: false });
  await clock.pass(1);
  expect(await told.status()).toMatchObject({ isOld: true });
  registry.at = { origin: 'grid-registry', position: 9, head: 9 };
  expect(await told.status()).toEqual({ ageMs: 0, isOld: false });
});

it('a service that has not reached the registry since it started knows nothing of who may see', async () => {
  const { registry, news: told } = news();
  registry.at = { origin: 'grid-registry', position: 7, head: 7, unreachable: 'ECONNREFUSED' };
  expect(await told.status()).toMatchObject({ isOld: true });
  registry.at = { origin: 'grid-registry', position: 7, head: 7 };
  expect(await told.status()).toEqual({ ageMs: 0, isOld: false });
});

it('what was heard of and not taken makes it as old as that is', async () => {
  const { clock, registry, news: told } = news();
  await clock.pass(20 * MINUTE);
  const oldestAt = new Date(START + 19 * MINUTE).toISOString();
  registry.at = { origin: 'grid-registry', position: 7, head: 9, oldestAt };
  expect(await told.status()).toEqual({ ageMs: MINUTE, isOld: false });
  await clock.pass(4 * MINUTE + 1);
  expect(await told.status()).toMatchObject({ isOld: true });
});

it('the registry itself always knows', async () => {
  const { clock, registry, news: told } = news('grid-registry');
  registry.at = undefined;
  await clock.pass(60 * MINUTE);
  expect(await told.status()).toEqual({ ageMs: 0, isOld: false });
});
