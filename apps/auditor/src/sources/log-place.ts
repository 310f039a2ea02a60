import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CannotRun } from '../command.js';

/** 日志所在: where one service's log lies, in a form that can be handed to another thread. */
export type LogPlace =
  /** A folder with `log.db`: in use, or a copy. */
  | { readonly kind: 'store'; readonly service: string; readonly dir: string }
  /** A folder with `checkpoint` and `tile/`, as `export` writes it. */
  | { readonly kind: 'export'; readonly service: string; readonly dir: string }
  /** Where a platform publishes the same. */
  | {
      readonly kind: 'address';
      readonly service: string;
      readonly url: string;
      readonly token: string | undefined;
    };

export interface PlaceOptions {
  /** One service of several. */
  readonly service?: string | undefined;
  /** For addresses: who may read entries. */
  readonly token?: string | undefined;
}

/** Any of these makes a folder one service's store: without its log.db it has lost it. */
const STORE_FILE = /^(?:(?:log|checkpoints|keys|index|views-.*)\.db(?:-wal)?|signing\.key)$/;
/** An export has what follows a recovery in a folder of its own, `mediation/epoch-2`. */
const EPOCH = /^epoch-[1-9]\d*$/;
const EXPORT_FILES = ['checkpoint', 'tile'];

/** What the command line names, or else the data folder of this installation. */
export function sourceText(text: string | undefined, env: NodeJS.ProcessEnv): string {
  return text ?? env.DATA_DIR ?? './data';
}

/**
 * The logs at a path or an address, in the order of their services' names: one, or those of all
 * services of a data folder or an export.
 *
 * @throws CannotRun when there is none, or none of the service asked for
 */
export function locateLogs(text: string, options: PlaceOptions = {}): readonly LogPlace[] {
  if (/^https?:\/\//.test(text)) return [address(text, options)];
  const path = resolve(text);
  if (!existsSync(path)) {
    throw new CannotRun(`${path} is not there: name a data folder, an export or an address`);
  }
  const places = placesIn(path).filter(({ service }) => service === (options.service ?? service));
  if (places.length > 0) return places;
  const whose = options.service === undefined ? 'no log' : `no log of ${options.service}`;
  throw new CannotRun(
    `${path} holds ${whose}: name a data folder, a service's folder or an export`,
  );
}

function placesIn(path: string): readonly LogPlace[] {
  if (!statSync(path).isDirectory()) throw new CannotRun(`${path} is no folder`);
  const own = placeAt(path);
  if (own !== undefined) return [own];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => placeAt(join(path, name)) ?? epochsAt(join(path, name)))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}

function placeAt(dir: string): LogPlace | undefined {
  const service = basename(EPOCH.test(basename(dir)) ? dirname(dir) : dir);
  const names = readdirSync(dir);
  if (storeFilesAmong(names).length > 0) return { kind: 'store', service, dir };
  return EXPORT_FILES.some((name) => names.includes(name))
    ? { kind: 'export', service, dir }
    : undefined;
}

/** An export that was begun after a recovery has the service's folder for nothing else. */
function epochsAt(dir: string): readonly LogPlace[] {
  return epochFolders(dir).flatMap((name) => placeAt(join(dir, name)) ?? []);
}

/** The folders of an export that hold what follows a recovery: `epoch-2`. */
export function epochFolders(dir: string): readonly string[] {
  const folders = readdirSync(dir, { withFileTypes: true }).filter((each) => each.isDirectory());
  return folders.map(({ name }) => name).filter((name) => EPOCH.test(name));
}

/** The files that only a service's own folder has. */
export function storeFilesAmong(names: readonly string[]): readonly string[] {
  return names.filter((name) => STORE_FILE.test(name)).sort();
}

/** `http://host/log/mediation`, or `.../log/mediation/epoch-2` after a recovery. */
function address(text: string, { service, token }: PlaceOptions): LogPlace {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, found, rest] =
    /^.*\/log\/([a-z][a-z-]*)?(\/epoch-\d+)?\/?$/.exec(url?.pathname ?? '') ?? [];
  const named = found ?? service;
  if (url === undefined || named === undefined || (service ?? named) !== named) {
    throw new CannotRun(`${text} is no address of a log: it ends with /log/SERVICE`);
  }
  return {
    kind: 'address',
    service: named,
    url: `${url.origin}${pathBefore(url)}/log/${named}${rest ?? ''}`,
    token,
  };
}

function pathBefore({ pathname }: URL): string {
  return pathname.slice(0, pathname.lastIndexOf('/log/'));
}
