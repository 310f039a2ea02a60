import { Module } from '@nestjs/common';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openTokenKey } from '#libs/access';
import { sealedField } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import { EventBus } from '#libs/event-bus';
import { DataDirInUse } from '#libs/event-log';
import { openSqliteKeys, Sealing } from '#libs/privacy';
import { SteppedClock } from '#libs/scheduler';
import { newId } from './ids.js';
import { serviceRoom } from './service-room.js';

@Module({})
class DoorModule {}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-stores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openDoor = () =>
  serviceRoom(
    {
      dataDir: folder,
      clock: new SteppedClock(Date.parse('2026-03-01T00:00:00.000Z')),
      tokenKey: openTokenKey(folder),
      installation: 'sample',
      bus: new EventBus(),
    },
    {
      name: 'door',
      module: DoorModule,
      events: { Opened: z.strictObject({ by: sealedField<{ name: string }>() }) },
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: {},
      grantsOf: async () => [],
      reactions: [],
      providers: [],
    },
  );

it('a service seals with the keys in its own folder, and gives its sealing to its rooms', async () => {
  const { stores, module } = openDoor();
  expect(readdirSync(join(folder, 'door'))).toContain('keys.db');
  expect(module.providers).toContainEqual({ provide: Sealing, useValue: stores.sealing });
  await stores.close();
});

it('a key is durable before what is sealed with it, and is found after a restart', async () => {
  const before = openDoor().stores;
  const sealed = before.sealing.seal(newId(), { name: '示例甲' });
  await before.log.append({
    commandId: newId(),
    actor: 'li-1',
    fingerprint: '',
    reads: [],
    writes: [{ stream: 'door-1', events: [{ type: 'Opened', by: sealed } as DomainEvent] }],
  });
  // What a crash would leave: nothing was closed yet.
  const crashed = openSqliteKeys(join(folder, 'door'));
  expect(new Sealing(crashed).open(sealed)).toEqual({ name: '示例甲' });
  crashed.close();
  await before.close();
  const { stores } = openDoor();
  expect(stores.sealing.open(sealed)).toEqual({ name: '示例甲' });
  await stores.close();
  expect(() => stores.keys.find(sealed.subject)).toThrow('finalized');
});

it('a folder belongs to one process at a time', async () => {
  const { stores } = openDoor();
  expect(openDoor).toThrow(DataDirInUse);
  await stores.close();
  await openDoor().stores.close();
});
