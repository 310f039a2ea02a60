import { LogDamaged, UnknownEvent } from '#libs/event-log';
import { tellsOfDamage } from '#libs/stored-log';
import { CheckpointInvalid, NoteInvalid, NoteKeyInvalid, TileInvalid } from '#libs/transparency';
import { ViewsMissing } from '#libs/views';
import { plainText, type Reply, writeAnswer } from './answer.js';
import { CannotRun, EXIT } from './command.js';
import { EventsMissing } from './whole-log.js';
import { ExportDiffers } from './export/export-folder.js';

const FINDINGS = [
  [UnknownEvent, EXIT.gap],
  [EventsMissing, EXIT.gap],
  [LogDamaged, EXIT.manipulation],
  [CheckpointInvalid, EXIT.manipulation],
  [ExportDiffers, EXIT.manipulation],
  [NoteInvalid, EXIT.manipulation],
  [NoteKeyInvalid, EXIT.manipulation],
  [TileInvalid, EXIT.manipulation],
] as const;

/**
 * Does a command's work on one log. A fault that tells of the log is a finding, and the answer;
 * what keeps only this log from being read is told, and the others go on.
 *
 * @returns the exit code
 */
export async function verdictOn(
  service: string,
  reply: Reply,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof CannotRun || error instanceof ViewsMissing) {
      reply.io.err.write(`${plainText(`${service}: ${error.message}`)}\n`);
      return EXIT.couldNotRun;
    }
    const exit = exitOf(error);
    if (exit === undefined) throw error;
    const finding = tellsOfDamage(error) ? `cannot be read: ${error.message}` : error.message;
    writeAnswer(reply, { value: { service, exit, finding }, lines: [`${service}: ${finding}`] });
    return exit;
  }
}

function exitOf(error: Error): number | undefined {
  // A file whose pages contradict each other was damaged, by whomever.
  if (tellsOfDamage(error)) return EXIT.manipulation;
  return FINDINGS.find(([fault]) => error instanceof fault)?.[1];
}

/** A manipulation that was found stands, whatever could not be looked at besides. */
export function gravest(codes: readonly number[]): number {
  const order = [EXIT.manipulation, EXIT.couldNotRun, EXIT.gap];
  return order.find((code) => codes.includes(code)) ?? EXIT.clean;
}
