import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { logEvents } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import { openSqliteCheckpoints } from '#libs/event-bus';
import { lockFile, openSignedLog, type SignedLog } from '#libs/event-log';
import { openSqliteKeys, Sealing } from '#libs/privacy';
import { defineView, openSqliteViews, Projector } from '#libs/views';

export type Service = 'door' | 'house';

interface HouseEvent extends DomainEvent {
  readonly n?: number;
  readonly by?: unknown;
  readonly door?: number;
}

const FINGERPRINT = 'AAAAAAAAAAAAAAAAAAAAAA';
const events = {
  ...logEvents,
  Opened: z.strictObject({ n: z.int(), by: z.unknown().optional() }),
  Heard: z.strictObject({ door: z.int() }),
};
const view = defineView({
  name: 'doors',
  version: 1,
  indexes: [],
  key: 'door',
  starts: {},
});

let commands = 0;
const newCommandId = () => {
  commands += 1;
  return `019ca722-87c5-7000-8000-${commands.toString(16).padStart(12, '0')}`;
};

/** A data folder of two services as a platform leaves it, in a place of its own. */
export class House {
  readonly folder = mkdtempSync(join(tmpdir(), 'fengqiao-backup-'));
  readonly dataDir = join(this.folder, 'data');

  dir(service: Service, dataDir = this.dataDir): string {
    return join(dataDir, service);
  }

  /** Opens a log as its service does. */
  open(service: Service, dataDir = this.dataDir): SignedLog {
    return openSignedLog(this.dir(service, dataDir), {
      origin: service,
      name: `sample/${service}`,
      events,
      now: () => new Date().toISOString(),
    });
  }

  /** Runs a service for a moment: `count` events, signed, with its views brought up. */
  async run(service: Service, count: number, dataDir = this.dataDir): Promise<void> {
    const signed = this.open(service, dataDir);
    for (let n = 0; n < count; n += 1) await append(signed, { type: 'Opened', n });
    await signed.sign();
    const views = openSqliteViews(this.dir(service, dataDir), [view]);
    await new Projector(signed.log, views).catchUp();
    await views.close();
    openSqliteKeys(this.dir(service, dataDir)).close();
    await signed.close();
  }

  /** Remembers that a service has handled an origin's events before `position`. */
  handled(service: Service, origin: Service, position?: number): number {
    const checkpoints = openSqliteCheckpoints(this.dir(service));
    if (position !== undefined) checkpoints.save(origin, position);
    const handled = checkpoints.load(origin);
    checkpoints.close();
    return handled;
  }

  /** Seals something for a subject; resolves to how it is stored. */
  async seal(service: Service, subject: string): Promise<unknown> {
    const keys = openSqliteKeys(this.dir(service));
    const by = new Sealing(keys).seal(subject, { name: '示例甲' });
    keys.flush();
    keys.close();
    const signed = this.open(service);
    await append(signed, { type: 'Opened', n: 0, by });
    await signed.close();
    return by;
  }

  /** Holds a service as a running process does; answers how to let go. */
  occupy(service: Service): () => void {
    return lockFile(join(this.dir(service), 'lock.db'));
  }

  /** What is in a service's folder now, to be put back file by file later. */
  saved(service: Service, name: string): (...files: readonly string[]) => void {
    const copy = join(this.folder, name);
    cpSync(this.dir(service), copy, { recursive: true });
    return (...files) => {
      for (const file of files) {
        for (const tail of ['', '-wal', '-shm'])
          rmSync(join(this.dir(service), file + tail), { force: true });
        cpSync(join(copy, file), join(this.dir(service), file));
      }
    };
  }

  note(service: Service): string {
    const signed = this.open(service);
    const note = signed.checkpoint() ?? '';
    void signed.close();
    return note;
  }

  bytes(path: string): Buffer {
    return readFileSync(path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function append(signed: SignedLog, ...recorded: readonly HouseEvent[]): Promise<void> {
  const { origin } = signed.log;
  await signed.log.append({
    commandId: newCommandId(),
    actor: 'li-1',
    fingerprint: FINGERPRINT,
    reads: [],
    writes: [{ stream: `${origin}-1`, events: recorded }],
  });
}
