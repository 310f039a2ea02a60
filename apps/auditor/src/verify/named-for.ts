import { parseVerifierKey } from '#libs/transparency';
import { CannotRun } from '../command.js';
import type { LogPlace } from '../sources/log-place.js';
import { claimIn, type Witnessed } from './against.js';

/** What an auditor has from elsewhere to hold logs against. */
export interface Named {
  /** Keys, as `NAME+ID+KEY`. */
  readonly pinned: readonly string[];
  readonly against: readonly Witnessed[];
}

/** Of what is named, that for one of several logs in a folder. */
export function namedFor({ service }: LogPlace, { pinned, against }: Named): Named {
  return {
    pinned: pinned.filter((vkey) => serviceOf(parseVerifierKey(vkey).name) === service),
    against: against.filter(
      ({ place, note }) => serviceOf(claimIn(place, note).origin) === service,
    ),
  };
}

/**
 * Whatever is named for a folder is of a log in it: a log that is not there any more, or was named
 * wrongly, must not be passed over.
 *
 * @throws CannotRun that says what is of none, and which logs are there
 */
export function mustBeHere(places: readonly LogPlace[], { pinned, against }: Named): void {
  const services = places.map(({ service }) => service);
  const named = [
    ...against.map(({ place, note }) => ({
      option: `--against ${place}`,
      origin: claimIn(place, note).origin,
    })),
    ...pinned.map((vkey) => ({ option: '--vkey', origin: parseVerifierKey(vkey).name })),
  ];
  for (const { option, origin } of named) {
    if (services.includes(serviceOf(origin))) continue;
    const are = services.length === 1 ? 'log here is' : 'logs here are';
    throw new CannotRun(`${option} names ${origin}: the ${are} ${services.join(', ')}`);
  }
}

/** `INSTALLATION/SERVICE`, and after a recovery `INSTALLATION/SERVICE/epoch-2`. */
function serviceOf(origin: string): string {
  const [, service = ''] = /([^/]*)(?:\/epoch-\d+)?$/.exec(origin) ?? [];
  return service;
}
