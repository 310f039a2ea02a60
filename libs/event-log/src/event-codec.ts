import { z } from 'zod';
import type { EventSchemas } from '#libs/contracts';
import type { DomainEvent, Recorded } from '#libs/event';
import type { Commit } from './event-log.js';
import { LogDamaged, UnknownEvent } from './faults.js';

const FORMAT = 1;

/**
 * A commit whose events are what their schemas say. An event that is not is a bug in its decider,
 * and must fail its own command only, so this is called before commits are gathered.
 */
export function checkedCommit(schemas: EventSchemas, commit: Commit): Commit {
  const writes = commit.writes.map(({ stream, events }) => ({
    stream,
    events: events.map((event) => checked(schemas, event)),
  }));
  return { ...commit, writes };
}

/** Writes an entry as the text that is stored and never serialised again. */
export function encodeEntry(recorded: Recorded): string {
  return JSON.stringify({ format: FORMAT, ...recorded });
}

/** Reads a stored entry; throws `LogDamaged` or `UnknownEvent`, never passes over one. */
export function decodeEntry(schemas: EventSchemas, position: number, text: string): Recorded {
  try {
    const { format, ...recorded } = JSON.parse(text) as Recorded & { format: number };
    if (format !== FORMAT) throw new LogDamaged(`entry ${position} has format ${format}`);
    if (recorded.position !== position) {
      throw new LogDamaged(`entry ${position} says that it is entry ${recorded.position}`);
    }
    return { ...recorded, event: checked(schemas, recorded.event) };
  } catch (error) {
    // It was valid JSON and met its schema when it was written.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof z.ZodError) {
      throw new LogDamaged(`entry ${position} is not what was written`, { cause: error });
    }
    throw error;
  }
}

function checked(schemas: EventSchemas, event: DomainEvent): DomainEvent {
  const { type, ...data } = event;
  const schema = schemas[type];
  if (schema === undefined) throw new UnknownEvent(type);
  return { type, ...schema.parse(data) };
}
