import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sealedField } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import { SystemClock } from '#libs/scheduler';
import { openStores, type Stores } from '#libs/service';
import { mongoFixture } from './mongodb-fixture.ts';

const [ANNA, BEN] = [
  '0192f0c1-2b3c-7def-8abc-000000000001',
  '0192f0c1-2b3c-7def-8abc-000000000002',
];
const fixture = await mongoFixture();
const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-handover-'));
const clock = new SystemClock();

afterAll(async () => {
  await fixture?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(name: string): Stores {
  if (fixture === undefined) throw new Error('no server');
  const { mongo } = fixture;
  return openStores({
    ...{ name, dataDir, clock, installation: 'sample', now: () => clock.now(), views: [] },
    events: { Opened: z.strictObject({ by: sealedField<{ name: string }>() }) },
    databases: { mongo, keys: mongo, close: async () => undefined },
  });
}

/** Records an event that tells of somebody. */
async function record({ log, sealing }: Stores, subject: string, n: number): Promise<unknown> {
  const by = sealing.seal(subject, { name: '示例甲' });
  await log.append({
    commandId: `0192f0c1-2b3c-7def-8abc-1000000000${String(n).padStart(2, '0')}`,
    ...{ actor: 'li-1', fingerprint: '', reads: [] },
    writes: [{ stream: `door-${n}`, events: [{ type: 'Opened', by } as DomainEvent] }],
  });
  return by;
}

/** As another process does that finds the lease of one asleep run out. */
async function takeOver(name: string): Promise<void> {
  const leases = fixture?.mongo
    .database(`${fixture.mongo.base}-${name}-views`)
    .collection<{ _id: string }>('leases');
  const taken = { $inc: { epoch: 1 }, $set: { holder: 'another', untilMs: Date.now() + 60_000 } };
  await leases?.updateOne({ _id: 'service' }, taken);
}

(fixture === undefined ? describe.skip : describe)('a service that was taken over', () => {
  it('tells nobody of persons any more, moves no checkpoint, and says so', async () => {
    const stores = open('asleep');
    await stores.opened;
    const anna = (await record(stores, ANNA, 1)) as never;
    expect(stores.sealing.open(anna)).toEqual({ name: '示例甲' });
    await takeOver('asleep');
    const fault = await stores.takenOver;
    expect(fault).toMatchObject({ code: 'SERVICE_TAKEN_OVER' });
    expect(stores.sealing.open(anna)).toBeUndefined();
    await expect(record(stores, BEN, 2)).rejects.toMatchObject({ code: 'LOG_READ_ONLY' });
    await expect(stores.reachServer?.()).rejects.toBe(fault);
    stores.checkpoints.save('grid-registry', 7);
    await expect(stores.checkpoints.written?.()).rejects.toThrow('lease');
    await stores.close();
  }, 30_000);
});

(fixture === undefined ? describe.skip : describe)('a service that waits for another', () => {
  it('knows whom that one erased, whom it wrote of, and how far it had come', async () => {
    const before = open('waited');
    await before.opened;
    const anna = (await record(before, ANNA, 1)) as never;
    const after = open('waited');
    // Long enough to read everything, if it did not wait.
    await clock.sleep(1_000);
    const ben = (await record(before, BEN, 2)) as never;
    await Promise.resolve(before.keys.destroy(ANNA));
    before.checkpoints.save('grid-registry', 7);
    await before.close();
    await after.opened;
    expect(after.sealing.open(anna)).toBeUndefined();
    expect(after.sealing.open(ben)).toEqual({ name: '示例甲' });
    expect(after.checkpoints.load('grid-registry')).toBe(7);
    await after.close();
  }, 30_000);
});
