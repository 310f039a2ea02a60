import type { Entry } from '#libs/event-log';
import type { Break } from './chains.js';
import { entryAt } from './entry-at.js';
import type { Findings } from './findings.js';
import type { LeafReader } from './leaf-reader.js';

/**
 * Reads again the entries at which a chain broke, and says what is wrong with them. Fingerprints of
 * different names may be equal, once in some thousand billion runs: then nothing is said.
 */
export async function explainBreaks(
  breaks: readonly Break[],
  reader: LeafReader,
  head: number,
  findings: Findings,
): Promise<void> {
  for (const { kind, position, other } of breaks) {
    const entry = await entryAt(reader, position, head);
    const before = other === undefined ? undefined : await entryAt(reader, other, head);
    const what = entry && explanations[kind](entry, before);
    if (what !== undefined) findings.manipulation(`entry ${position}`, what);
  }
}

const explanations: Readonly<
  Record<Break['kind'], (entry: Entry, other: Entry | undefined) => string | undefined>
> = {
  stream: ({ stream, version, previous }, newest) => {
    if (newest !== undefined && newest.stream !== stream) return undefined;
    const said = `says that it is version ${version} of ${stream} after ${placeText(previous)}`;
    return newest === undefined
      ? `${said}, but is the first of that stream`
      : `${said}, but follows version ${newest.version} at entry ${newest.position}`;
  },
  repeated: ({ actor, commandId }, first) =>
    first === undefined || first.actor !== actor || first.commandId !== commandId
      ? undefined
      : `commits the command ${commandId} of ${actor} again, after entry ${first.position}`,
  commit: ({ index, count, commandId }) =>
    `is event ${index + 1} of ${count} of the command ${commandId}, but does not follow the one before`,
  unfinished: ({ index, count, commandId }) =>
    `is event ${index + 1} of ${count} of the command ${commandId}, but the log ends with it`,
};

function placeText(previous: number | null): string {
  return previous === null ? 'no other' : `entry ${previous}`;
}
