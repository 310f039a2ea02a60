import { sealedIn } from '#libs/contracts';
import { type Entry, positionText } from '#libs/event-log';

/** An event as the auditor shows it: who and when and what, with sealed sections left closed. */
export interface ShownEvent {
  /** `mediation@12`. */
  readonly position: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly commandId: string;
  /** `ORIGIN@POSITION` of the event that a reaction answered. */
  readonly cause: string | null;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly payload: unknown;
}

export function shownEvent(origin: string, entry: Entry): ShownEvent {
  const { position, recordedAtMs, actor, commandId, cause, stream, version, type } = entry;
  return {
    position: positionText(origin, position),
    recordedAt: new Date(recordedAtMs).toISOString(),
    actor,
    commandId,
    cause,
    stream,
    version,
    type,
    payload: shownPayload(entry.payload),
  };
}

/** A JSON value in which each sealed section says whose it is, and no more. */
export function withSealedClosed(value: unknown): unknown {
  const closed = new Map<unknown, string>(
    sealedIn(value).map((section) => [section, `sealed (subject ${section.subject})`]),
  );
  const shown = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(shown);
    return (
      closed.get(part) ??
      Object.fromEntries(Object.entries(part).map(([field, inner]) => [field, shown(inner)]))
    );
  };
  return shown(value);
}

/** What a log holds need not be what our services write: then that is what is shown. */
function shownPayload(payload: string): unknown {
  try {
    return withSealedClosed(JSON.parse(payload));
  } catch {
    return `unreadable: ${Buffer.byteLength(payload)} bytes that are no payload`;
  }
}
