import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { lastSigned, openSignedCheckpoints } from '#libs/event-log';
import { ACCOUNT_FILE } from '#libs/sign-in';
import { hashToBase64 } from '#libs/transparency';
import { checkedLog } from './checked-log.js';
import { alone } from './folders.js';
import {
  checkFiles,
  type FileManifest,
  type Manifest,
  readManifest,
  type ServiceManifest,
} from './manifest.js';
import { BackupRefused } from './refused.js';
import { isBefore, standingIn } from './standing.js';

export interface PutBackOptions {
  readonly from: string;
  /** Where the keys are; without it they are not put back. */
  readonly keysFrom?: string | undefined;
  readonly dataDir: string;
  /** The one service to put back; all of them unless given. */
  readonly service?: string | undefined;
  /** Hears what is being done, a line at a time. */
  readonly tell: (line: string) => void;
}

/** One service's part of a backup, on its way. */
interface Move {
  readonly service: string;
  readonly described: ServiceManifest;
  /** Where each file is, and the folder that they all go to. */
  readonly sources: ReadonlyMap<FileManifest['name'], string>;
  readonly target: string;
}

/** What a folder may hold already: locks, and what may tell more than the backup could. */
const MAY_STAY = /^(?:(?:lock|lease)\.db|(?:checkpoints|keys)\.db|signing\.key)(?:-\w+)?$/;
/** The log comes last: a service that is started in between records nothing. */
const ORDER = ['checkpoints.db', 'consumer.db', 'signing.key', 'keys.db', 'log.db'] as const;

/**
 * Puts a backup into a data folder that has no logs yet. What the backup says of itself is checked
 * before anything is written, and nothing that is there is overwritten: a `checkpoints.db` that
 * stayed remembers what was signed after the backup, so that the log does not sign it twice.
 *
 * @returns what was put back
 * @throws BackupRefused, LogDamaged, DataDirInUse
 */
export async function putBack(options: PutBackOptions): Promise<Manifest> {
  const { from, dataDir, tell } = options;
  const manifest = chosen(readManifest(from), options.service);
  const moves = movesOf(manifest, options);
  for (const { service, described } of moves) {
    mustBeWhole(join(from, service), described);
    tell(`${service}: the backup is whole, ${described.log?.size ?? 0} events`);
  }
  const putAccounts = accountsIn(options);
  for (const { target } of moves) mkdirSync(target, { recursive: true, mode: 0o700 });
  const services = moves.map(({ service }) => service);
  await alone(dataDir, services, async () => {
    for (const move of moves) mustBeFree(move);
    for (const move of moves) {
      putFiles(move);
      for (const line of whatFollows(move)) tell(`${move.service}: ${line}`);
    }
    const accounts = putAccounts();
    if (accounts !== undefined) tell(accounts);
  });
  return manifest;
}

function chosen(manifest: Manifest, service: string | undefined): Manifest {
  const services = manifest.services.filter((each) => [each.service, undefined].includes(service));
  if (services.length > 0) return { ...manifest, services };
  const names = manifest.services.map((each) => each.service).join(', ');
  throw new BackupRefused(`--service ${service} is not in the backup, which has ${names}`);
}

/** The keys have a manifest of their own, since they may be of another day. */
function movesOf(
  { services }: Manifest,
  { from, keysFrom, dataDir }: PutBackOptions,
): readonly Move[] {
  const keys = keysFrom === undefined ? [] : readManifest(keysFrom).services;
  return services.map((described) => {
    const { service } = described;
    const own = keys.find((each) => each.service === service);
    if (own !== undefined) checkFiles(join(keysFrom ?? '', service), own);
    const sources = new Map(
      [
        ...described.files.map(({ name }) => [name, join(from, service, name)] as const),
        ...(own?.files ?? []).map(
          ({ name }) => [name, join(keysFrom ?? '', service, name)] as const,
        ),
      ].filter(([name]) => name !== 'vkey'),
    );
    return { service, described, sources, target: join(dataDir, service) };
  });
}

/**
 * The accounts lie with the keys; one service that is put back takes none along.
 *
 * @returns what puts them back, and says so; says nothing where there are none
 */
function accountsIn({ keysFrom, dataDir, service }: PutBackOptions): () => string | undefined {
  if (keysFrom === undefined || service !== undefined) return () => undefined;
  const { files = [], at } = readManifest(keysFrom);
  checkFiles(keysFrom, { files });
  return () => {
    const path = join(dataDir, ACCOUNT_FILE);
    if (files.length === 0) return undefined;
    if (existsSync(path)) return `accounts: ${path} is there and stays`;
    putFile(join(keysFrom, ACCOUNT_FILE), path);
    return `accounts: as of ${at}; who was disabled since has to be disabled again`;
  };
}

/** The files are those of the backup, and the log in them is what was signed. */
function mustBeWhole(dir: string, described: ServiceManifest): void {
  checkFiles(dir, described);
  const { service, log } = described;
  const checkpoints = openSignedCheckpoints(dir, { readOnly: true });
  try {
    const signed = lastSigned(checkpoints);
    const { size, root } = checkedLog(dir, signed === undefined ? [] : [signed]);
    if (size === log?.size && hashToBase64(root) === log.root) return;
    throw new BackupRefused(
      `the log of ${service} is not as the manifest says: take another backup`,
    );
  } finally {
    checkpoints.close();
  }
}

/** Nothing is overwritten, and no memory of what was signed becomes shorter. */
function mustBeFree({ service, sources, target }: Move): void {
  const names: readonly string[] = [...sources.keys()].filter((name) => name !== 'checkpoints.db');
  const inTheWay = readdirSync(target).filter(
    (name) => !MAY_STAY.test(name) || names.includes(name),
  );
  if (inTheWay.length > 0) {
    throw new BackupRefused(
      `${target} has ${inTheWay.join(', ')}: move away what is not to be kept, or name another DATA_DIR`,
    );
  }
  const here = standingIn(target);
  const backup = standingIn(join(sources.get('checkpoints.db') ?? '', '..'));
  if (here === undefined || backup === undefined) return;
  if (here.origin !== backup.origin) {
    throw new BackupRefused(
      `${target}/checkpoints.db is of ${here.origin}, not of ${backup.origin}: move it away`,
    );
  }
  if (isBefore(here, backup)) {
    throw new BackupRefused(
      `${target}/checkpoints.db knows less than that of the backup of ${service}: move it away`,
    );
  }
}

function putFiles({ sources, target }: Move): void {
  for (const name of ORDER) {
    const source = sources.get(name);
    const path = join(target, name);
    const stays = name === 'checkpoints.db' && existsSync(path);
    if (source === undefined || stays) continue;
    putFile(source, path);
  }
}

function putFile(source: string, path: string): void {
  copyFileSync(source, path, constants.COPYFILE_EXCL);
  chmodSync(path, 0o600);
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** What whoever starts the service now will see. */
function whatFollows({ described: { log }, sources, target }: Move): readonly string[] {
  const lines = ['its views and its index are made anew at the start'];
  const signed = standingIn(target)?.size ?? 0;
  if (signed > (log?.size ?? 0)) {
    lines.push(
      `it has signed ${signed} events, more than the backup has: it will answer and record nothing ` +
        'until npm run recover declares the loss',
    );
  }
  if (!existsSync(join(target, 'signing.key'))) {
    lines.push('it has no signing.key and will record nothing until that is put back');
  }
  if (!existsSync(join(target, 'keys.db')) && !sources.has('keys.db')) {
    lines.push(
      'it has no keys.db: put that back before the start, or nobody can read personal data',
    );
  }
  return lines;
}
