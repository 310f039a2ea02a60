import { hashToBase64, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import { codeOf, messageOf } from '../fault-code.js';
import { claimOf } from '../sources/published-source.js';
import { entryAt } from './entry-at.js';
import { type Epoch, renamedKey } from './epochs.js';
import type { Findings } from './findings.js';
import type { LeafReader } from './leaf-reader.js';

/**
 * A recovery is told twice: in the list of epochs, which nobody signs, and in an event under the
 * tree. What the two say must be the same.
 */
export async function checkRecoveries(
  epochs: readonly Epoch[],
  reader: LeafReader,
  head: number,
  findings: Findings,
): Promise<void> {
  for (const [index, epoch] of epochs.entries()) {
    if (epoch.epoch === 1) continue;
    const where = `epoch ${epoch.epoch}`;
    const entry = epoch.size < head ? await entryAt(reader, epoch.size, head) : undefined;
    const told = entry?.type === 'LogRecovered' ? parsed(entry.payload) : undefined;
    const fault = told === undefined ? 'is told by no event' : differenceOf(epoch, told);
    if (fault !== undefined) findings.manipulation(where, fault);
    const noteFault = lostNoteFault(epoch, epochs.slice(0, index), told);
    if (noteFault !== undefined) findings.manipulation(where, noteFault);
    const { size, openedAt, reason } = epoch;
    findings.notice(where, `a recovery at ${size} entries, ${openedAt}: ${reason}`);
  }
}

interface Told {
  readonly epoch?: unknown;
  readonly origin?: unknown;
  readonly reason?: unknown;
  readonly at?: unknown;
  readonly lostSize?: unknown;
  readonly lostRoot?: unknown;
}

function differenceOf(epoch: Epoch, told: Told): string | undefined {
  const pairs = [
    ['number', epoch.epoch, told.epoch],
    ['name', epoch.origin, told.origin],
    ['reason', epoch.reason, told.reason],
    ['time', epoch.openedAt, told.at],
  ] as const;
  const different = pairs.find(([, kept, said]) => kept !== said);
  return different && `its ${different[0]} is not the one in entry ${epoch.size}`;
}

/** The note of what was lost is signed, and is what the event tells of, if that had a root. */
function lostNoteFault(
  { lostNote }: Epoch,
  before: readonly Epoch[],
  told: Told | undefined,
): string | undefined {
  if (lostNote === null) return told?.lostRoot ? 'lacks the note of what was lost' : undefined;
  try {
    const { origin } = claimOf(lostNote);
    const own = before.find((each) => each.origin === origin) ?? before.at(-1);
    if (own === undefined) return 'names a note of no epoch';
    const vkey = own.origin === origin ? own.vkey : renamedKey(own.vkey, origin);
    const { size, root } = openCheckpoint(lostNote, [parseVerifierKey(vkey)]);
    const isTold = told?.lostSize === size && told.lostRoot === hashToBase64(root);
    // Others may have known of more events than were ever signed: then there is no root to tell.
    const isLess = told?.lostRoot === null && Number(told.lostSize) >= size;
    return isTold || isLess
      ? undefined
      : 'the note of what was lost is not the one that it tells of';
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return `the note of what was lost: ${messageOf(error)}`;
  }
}

function parsed(payload: string): Told | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Falls through: what is no JSON tells of no recovery.
    return undefined;
  }
}
