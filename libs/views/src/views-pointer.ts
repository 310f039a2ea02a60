import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which generation answers, and which did before: the way back. */
export interface ViewsPointer {
  readonly live: number;
  readonly before: number | null;
}

const POINTER = 'live-views.json';
const FILE = /^views-(\d+)\.db(?:-damaged)?$/;
const DAMAGED = /^views-\d+\.db-damaged$/;

export const generationFile = (generation: number): string => `views-${generation}.db`;

/** What the pointer says; undefined when there is none, or what it names is gone. */
export function readPointer(dir: string): ViewsPointer | undefined {
  const told = pointerIn(dir);
  if (told === undefined || !existsSync(join(dir, generationFile(told.live)))) return undefined;
  const { live, before } = told;
  const isThere = before !== null && existsSync(join(dir, generationFile(before)));
  return { live, before: isThere ? before : null };
}

function pointerIn(dir: string): ViewsPointer | undefined {
  if (!existsSync(join(dir, POINTER))) return undefined;
  try {
    const told = JSON.parse(readFileSync(join(dir, POINTER), 'utf8')) as Partial<ViewsPointer>;
    if (!Number.isSafeInteger(told.live)) return undefined;
    return { live: Number(told.live), before: told.before ?? null };
  } catch {
    return undefined; // Views are disposable: they are made anew.
  }
}

const NEW = `${POINTER}.new`;
const SAFELY = { flush: true, mode: 0o600 } as const;
const textOf = (pointer: ViewsPointer): string => `${JSON.stringify(pointer)}\n`;

/** After a crash at any moment the old one stands or the new one, never half of it. */
export function writePointer(dir: string, pointer: ViewsPointer): void {
  writeFileSync(join(dir, NEW), textOf(pointer), SAFELY);
  renameSync(join(dir, NEW), join(dir, POINTER));
  flush(dir);
}

/**
 * The same while others answer, who do not wait for the disk: what it resolves to lets the pointer
 * say it at once, by one rename, which `keepPointer` makes durable.
 */
export async function preparePointer(dir: string, pointer: ViewsPointer): Promise<() => void> {
  await writeFile(join(dir, NEW), textOf(pointer), SAFELY);
  return () => renameSync(join(dir, NEW), join(dir, POINTER));
}

/** Until it resolves, a power cut may bring the pointer before back; only then others may go. */
export async function keepPointer(dir: string, pointer: ViewsPointer): Promise<void> {
  const folder = await open(dir, 'r');
  await folder.sync().finally(() => folder.close());
  for (const path of generationsBut(dir, keptBy(pointer))) await rm(path, { force: true });
}

export function keptBy({ live, before }: ViewsPointer): readonly number[] {
  return before === null ? [live] : [live, before];
}

/** Makes a file or a folder's list of files durable. */
export function flush(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** A number that no generation in this folder has had, as far as is known. */
export function nextGeneration(dir: string): number {
  const numbers = readdirSync(dir).map((name) => Number(FILE.exec(name)?.[1] ?? 0));
  const { live = 0, before = 0 } = pointerIn(dir) ?? {};
  return Math.max(0, live, before ?? 0, ...numbers) + 1;
}

/**
 * Keeps a damaged file as `views-N.db-damaged`, for who wants to know what has happened to it, until
 * there is another. It may still be open.
 */
export function setAside(dir: string, generation: number): void {
  for (const name of readdirSync(dir)) if (DAMAGED.test(name)) rmSync(join(dir, name));
  const path = join(dir, generationFile(generation));
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
  renameSync(path, `${path}-damaged`);
}

/** Removes the files of views, those of other versions too, save the generations named. */
export function dropGenerations(dir: string, kept: readonly number[]): void {
  for (const path of generationsBut(dir, kept)) rmSync(path);
}

function generationsBut(dir: string, kept: readonly number[]): readonly string[] {
  const names = kept.map(generationFile);
  const others = readdirSync(dir).filter((name) => {
    const [file] = /^views-\w+\.db/.exec(name) ?? [];
    return file !== undefined && !names.includes(file) && !DAMAGED.test(name);
  });
  return others.map((name) => join(dir, name));
}
