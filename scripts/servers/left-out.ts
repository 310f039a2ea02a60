/** A server that this machine cannot run: the reason is one line. */
export class LeftOut extends Error {}

/**
 * Says that something is left out; where the machine must have everything (`REQUIRE_SERVERS=1`), it
 * fails instead.
 */
export function leaveOut(error: unknown): void {
  if (!(error instanceof LeftOut) || process.env['REQUIRE_SERVERS'] === '1') throw error;
  process.stderr.write(`left out: ${error.message}\n`);
}
