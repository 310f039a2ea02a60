import { CannotRun, type CommandIo } from '../command.js';
import type { LogSource } from '../log-source.js';
import { locateLogs, type LogPlace, type PlaceOptions, sourceText } from './log-place.js';
import { publishedAt } from './published-files.js';
import { openPublishedSource } from './published-source.js';
import { openStoreSource } from './store-source.js';

/** Which logs a command line names. */
export interface SourcesAsked extends PlaceOptions {
  /** A path or an address; DATA_DIR unless told. */
  readonly place: string | undefined;
  readonly io: Pick<CommandIo, 'env'>;
}

/** @throws CannotRun when there is no such log */
export function locateAsked({ place, service, token, io }: SourcesAsked): readonly LogPlace[] {
  return locateLogs(sourceText(place, io.env), { service, token: token ?? io.env.AUDITOR_TOKEN });
}

/** Opens the logs that a command line names: one, or each of a data folder or an export. */
export async function openSources(asked: SourcesAsked): Promise<readonly LogSource[]> {
  const opened: LogSource[] = [];
  try {
    for (const place of locateAsked(asked)) opened.push(await openPlace(place));
    return opened;
  } catch (error) {
    for (const source of opened) await source.close();
    throw error;
  }
}

/**
 * Opens the log at a path or an address.
 *
 * @throws CannotRun when there is none, or when there are several and no service is named
 */
export async function openSource(text: string, options: PlaceOptions = {}): Promise<LogSource> {
  const places = locateLogs(text, options);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    const services = places.map(({ service }) => service).join(', ');
    throw new CannotRun(`${text} holds several logs: choose one with --service (${services})`);
  }
  return openPlace(place);
}

/** Opens the log at a place that was found. */
export async function openPlace(place: LogPlace): Promise<LogSource> {
  return place.kind === 'store'
    ? openStoreSource(place)
    : openPublishedSource(place.service, publishedAt(place));
}
