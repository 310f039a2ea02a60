import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gridRegistryEvents } from '../../grid-registry/src/grid-registry.events.js';
import { auditedService } from '../src/audited-services.js';
import { type EventSchemas, logEvents } from '#libs/contracts';
import type { DomainEvent } from '#libs/event';
import { openSignedLog, type SignedLog } from '#libs/event-log';
import { openSqliteViews, Projector } from '#libs/views';

/** Names of streams with what was recorded in them, commit by commit. */
export type Written = readonly (readonly [stream: string, ...events: DomainEvent[]])[];

/** A service at work in a data folder, as far as an auditor comes to see it. */
export interface SampleService {
  /** The data folder, and the service's own in it. */
  readonly dataDir: string;
  readonly dir: string;
  readonly signed: SignedLog;
  /** What the clock says at the next commit. */
  readonly clock: { now: string };
  record(written: Written): Promise<void>;
  /** Brings the service's live views up to its log. */
  project(): Promise<void>;
  /** Ends the service; what it has recorded is signed. Its files stay. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export const NAME = 'sample.example/registry';
export const START = '2026-11-22T08:00:00.000Z';

/** @param events what the service may record; those of grid-registry unless told */
export function sampleService(
  service = 'grid-registry',
  events: EventSchemas = gridRegistryEvents,
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-auditor-')),
): SampleService {
  const dir = join(dataDir, service);
  const clock = { now: START };
  const signed = openSignedLog(dir, {
    origin: service,
    name: NAME,
    events: { ...logEvents, ...events },
    now: () => clock.now,
  });
  let commits = 0;
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= signed.close());
  return {
    dataDir,
    dir,
    signed,
    clock,
    record: async (written) => {
      // Those that arrive together share a write to disk, and keep their order.
      await Promise.all(
        written.map(([stream, ...events]) => {
          commits += 1;
          const commandId = `01930000-0000-7000-8000-${String(commits).padStart(12, '0')}`;
          const fingerprint = 'AAAAAAAAAAAAAAAAAAAAAA';
          const writes = [{ stream, events }];
          return signed.log.append({ commandId, actor: 'li-1', fingerprint, reads: [], writes });
        }),
      );
      await signed.sign();
    },
    project: async () => {
      const store = openSqliteViews(dir, auditedService(service).views);
      await new Projector(signed.log, store).catchUp();
      await store.close();
    },
    stop,
    close: async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export const grid = (number: number): string => `430502001001${String(number).padStart(3, '0')}`;

/** A commit for each of so many grids, from number 1 on. */
export function gridsOpened(count: number): Written {
  return Array.from({ length: count }, (_, index) => {
    const code = grid(index + 1);
    const opened = { type: 'GridOpened', grid: code, name: `第${index + 1}网格`, at: START };
    return [`grid-${code}`, opened] as const;
  });
}

export function gridRenamed(number: number, name: string): Written {
  const event = { type: 'GridRenamed', grid: grid(number), name, at: START };
  return [[`grid-${grid(number)}`, event]];
}

export const HOLDER = '01930000-0000-7000-8000-00000000beef';
export const POST = '01930000-0000-7000-8000-00000000cafe';

/** A post and its holder, whose name is sealed. */
export function holderAppointed(): Written {
  const post = { post: POST, kind: 'GRID_WORKER', area: grid(1), at: START };
  const sealed = { subject: HOLDER, key: 'k'.repeat(43), box: 'b'.repeat(56) };
  return [
    [`post-${POST}`, { type: 'PostCreated', ...post }],
    [`post-${POST}`, { type: 'HolderAppointed', ...post, holder: HOLDER, sealed }],
  ] as Written;
}

/** Changes a service's files as somebody would who has them, past every guard. */
export function tamper({ dir }: Pick<SampleService, 'dir'>, file: string, sql: string): void {
  const db = new DatabaseSync(join(dir, file));
  for (const trigger of ['event_unaltered', 'event_kept', 'tile_unaltered', 'tile_kept']) {
    db.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
  }
  db.exec(sql);
  db.close();
}

/** SQL that puts other bytes, as many, into a stored entry. */
export function overwrite(text: string, by: string, position: number): string {
  const hex = (value: string) => `x'${Buffer.from(value).toString('hex')}'`;
  return `UPDATE event SET entry = unhex(replace(hex(entry), hex(${hex(text)}), hex(${hex(by)})))
    WHERE position = ${position}`;
}
