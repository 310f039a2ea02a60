import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudEvent } from 'cloudevents';
import { z } from 'zod';
import { issueServiceToken, issueToken, openTokenKey, type TokenKey } from '#libs/access';
import { type AreaCode, COUNTRY, gridRegistryPublishedEvents } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import { openSignedLog, type SignedLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { feedRoutes } from './feed-routes.js';
import { newId } from './ids.js';

const at = '2026-03-01T00:00:00.000Z';
const grid = '430502001001001' as AreaCode;
const opened = { type: 'GridOpened', grid, name: '东风路', at } as DomainEvent;
const own = { type: 'AreaNoted', area: grid } as DomainEvent;

let folder: string;
let key: TokenKey;
let signed: SignedLog;
let server: Server;
let address: string;
let authorization: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-feed-'));
  key = openTokenKey(folder);
  authorization = `Bearer ${await issueServiceToken(key, 'mediation')}`;
  const events = {
    ...gridRegistryPublishedEvents,
    AreaNoted: z.strictObject({ area: z.string() }),
  };
  signed = openSignedLog(join(folder, 'grid-registry'), {
    origin: 'grid-registry',
    name: 'sample/grid-registry',
    events,
    now: () => at,
  });
  const routes = feedRoutes(signed, { key, scheduler: new SystemClock() });
  server = createServer((request, response) => {
    void routes(request, response, () => response.writeHead(418).end('not ours'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await signed.close();
  rmSync(folder, { recursive: true });
});

async function append(...events: readonly DomainEvent[]): Promise<void> {
  const asked = { commandId: newId(), actor: 'li-1', fingerprint: '', reads: [] };
  const stream = `grid-${await signed.log.head()}`;
  await signed.log.append({ ...asked, writes: [{ stream, events }] });
}

async function ask(query = '', headers: Record<string, string> = { authorization }) {
  const response = await fetch(address + query, { headers });
  const numbers = ['head', 'next'].map((name) => Number(response.headers.get(`fengqiao-${name}`)));
  return { status: response.status, numbers, response, text: await response.text() };
}

const positions = (text: string): readonly number[] =>
  (JSON.parse(text) as { position: string }[]).map(({ position }) => Number(position));

it('gives what is published, and how far that is, as CloudEvents', async () => {
  await append(own, opened, own);
  await append(opened, own);
  const { response, text, numbers } = await ask('?from=0');
  expect(numbers).toEqual([5, 5]);
  expect(positions(text)).toEqual([1, 3]);
  expect(response.headers.get('fengqiao-source')).toBe('sample/grid-registry');
  expect(response.headers.get('content-type')).toMatch(/^application\/cloudevents-batch\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const [event] = JSON.parse(text) as Record<string, unknown>[];
  expect(new CloudEvent(event as never).validate()).toBe(true);
  expect(event).toMatchObject({ type: 'grid-registry.GridOpened', data: { actor: 'li-1' } });
  expect(text).not.toContain('AreaNoted');
});

it('is bounded by what is asked, and by itself', async () => {
  await append(opened, own, opened, opened);
  expect((await ask('?from=1&limit=1')).numbers).toEqual([4, 3]);
  expect(positions((await ask('?from=3')).text)).toEqual([3]);
  expect((await ask('?from=4')).numbers).toEqual([4, 4]);
  expect((await ask('?from=9')).numbers).toEqual([4, 9]);
  expect((await ask('?limit=0')).numbers).toEqual([4, 0]);
  for (let rounds = 0; rounds < 11; rounds += 1)
    await append(...Array<DomainEvent>(100).fill(opened));
  const all = await ask('?limit=5000');
  expect(all.numbers).toEqual([1104, 1001]);
  expect(positions(all.text)).toHaveLength(1000);
});

it('waits for news, but not for ever', async () => {
  const waiting = ask('?from=0&wait=10000');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const since = performance.now();
  await append(opened);
  expect(positions((await waiting).text)).toEqual([0]);
  expect(performance.now() - since).toBeLessThan(2000);
  const asked = performance.now();
  expect((await ask('?from=1&wait=200')).text).toBe('[]\n');
  expect(performance.now() - asked).toBeGreaterThan(190);
});

it('answers services only', async () => {
  await append(opened);
  const request = { subject: 'auditor-1', role: 'auditor', area: COUNTRY, hours: 1 } as const;
  const person = await issueToken(key, request);
  for (const headers of [{}, { authorization: `Bearer ${person}` }]) {
    const { status, text, response } = await ask('', headers as Record<string, string>);
    expect(status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(text).toContain('UNAUTHENTICATED');
    expect(text).not.toContain('GridOpened');
  }
});

it.each(['?from=-1', '?from=one', '?limit=1.5', '?wait=soon'])('refuses %s', async (query) => {
  const { status, text } = await ask(query);
  expect([status, text]).toEqual([400, expect.stringContaining('REQUEST_MALFORMED')]);
});

it('leaves other paths and methods to others', async () => {
  expect((await fetch(`${address}s`)).status).toBe(418);
  expect((await fetch(address, { method: 'POST' })).status).toBe(418);
});
