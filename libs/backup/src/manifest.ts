import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupRefused } from './refused.js';

const FORMAT = 1;
const FILE = 'manifest.json';
const CHUNK = 1024 * 1024;

const fileSchema = z.strictObject({
  /** Within the folder of its service, or of the backup; no path leads out of it. */
  name: z.enum([
    'log.db',
    'checkpoints.db',
    'consumer.db',
    'vkey',
    'keys.db',
    'signing.key',
    'accounts.db',
  ]),
  bytes: z.int().min(0),
  sha256: z.hex().length(64),
});

const serviceSchema = z.strictObject({
  service: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  files: z.array(fileSchema).readonly(),
  /** Of the log; absent where only keys are kept. */
  log: z
    .strictObject({
      /** Its name in its checkpoints. */
      origin: z.string(),
      size: z.int().min(0),
      /** Base64, over the first `size` events. */
      root: z.base64().length(44),
      /** The newest that was signed, and over how many events; null when nothing was. */
      note: z.string().nullable(),
      signedSize: z.int().min(0),
    })
    .optional(),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** What made it: `fengqiao 0.1.0`. */
  tool: z.string(),
  at: z.iso.datetime(),
  services: z.array(serviceSchema).readonly(),
  /** What belongs to no service: the accounts, which lie with the keys. */
  files: z.array(fileSchema).readonly().optional(),
});

/** 备份清单: what a backup holds. It is written last: a folder without one is no whole backup. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type ServiceManifest = Manifest['services'][number];
export type FileManifest = ServiceManifest['files'][number];

export function writeManifest(dir: string, manifest: Omit<Manifest, 'format'>): void {
  const text = `${JSON.stringify({ format: FORMAT, ...manifest }, undefined, 2)}\n`;
  writeFileSync(join(dir, FILE), text, { mode: 0o600, flag: 'wx', flush: true });
}

/** @throws BackupRefused when the folder holds no backup, or one that this version cannot read */
export function readManifest(dir: string): Manifest {
  const path = join(dir, FILE);
  if (!existsSync(path)) {
    throw new BackupRefused(`${path} is missing: name a folder that npm run backup has finished`);
  }
  const { success, data } = manifestSchema.safeParse(parsed(readFileSync(path, 'utf8')));
  if (success) return data;
  throw new BackupRefused(
    `${path} is not what this version writes: take the version that made the backup, or another one`,
  );
}

/** Describes files that were just written, and makes sure that they are on disk. */
export function describeFiles(dir: string, names: readonly FileManifest['name'][]): FileManifest[] {
  return names.filter((name) => existsSync(join(dir, name))).map((name) => describe(dir, name));
}

/** @throws BackupRefused naming the first file that is not as the manifest says */
export function checkFiles(dir: string, { files }: Pick<ServiceManifest, 'files'>): void {
  for (const file of files) {
    const path = join(dir, file.name);
    if (!existsSync(path)) throw new BackupRefused(`${path} is missing: take another backup`);
    const { bytes, sha256 } = describe(dir, file.name);
    if (bytes === file.bytes && sha256 === file.sha256) continue;
    throw new BackupRefused(`${path} is not as it was backed up: take another backup`);
  }
}

/** Piece by piece: a log may be larger than the memory. */
function describe(dir: string, name: FileManifest['name']): FileManifest {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK);
  const file = openSync(join(dir, name), 'r');
  try {
    fsyncSync(file);
    let bytes = 0;
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
    return { name, bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(file);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
