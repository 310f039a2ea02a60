import type { ShownEvent } from './shown-event.js';

/** An event for people: what it is about in front, its payload last. */
export function eventLines(event: ShownEvent): readonly string[] {
  const { position, recordedAt, type, stream, version, actor, commandId, cause, payload } = event;
  return [
    `${position}  ${recordedAt}  ${type}`,
    `  stream   ${stream}, event ${version}`,
    `  actor    ${actor}`,
    `  command  ${commandId}`,
    ...(cause === null ? [] : [`  cause    ${cause}`]),
    `  payload  ${JSON.stringify(payload)}`,
  ];
}

/** The same in one line, for a stream of them. */
export function eventLine({
  position,
  recordedAt,
  type,
  stream,
  actor,
  payload,
}: ShownEvent): string {
  return [position, recordedAt, type, stream, actor, JSON.stringify(payload)].join('  ');
}
