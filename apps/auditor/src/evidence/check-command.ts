import { decodeEntry, type Entry, LogDamaged } from '#libs/event-log';
import { checkProof, parseVerifierKey, ProofInvalid, type ProvenEntry } from '#libs/transparency';
import { type Answer, writeAnswer } from '../answer.js';
import { parsed } from '../arguments.js';
import { type CommandIo, EXIT, UsageError } from '../command.js';
import { eventLines } from '../records/event-lines.js';
import { shownEvent } from '../records/shown-event.js';
import { keyText, namedFile } from '../sources/named-file.js';

/** Checks a proof against a public key: with nothing but the files, far from any log. */
export async function runCheck(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, {
    vkey: { type: 'string' },
    entry: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('name one proof');
  if (values.vkey === undefined) {
    throw new UsageError('--vkey is missing: a proof is worth the key that you got from elsewhere');
  }
  const verifiers = [parseVerifierKey(keyText(values.vkey))];
  const proofText = namedFile(file).toString('utf8');
  const entry = namedFile(values.entry ?? `${file}.entry`);
  try {
    const proven = checkProof({ proofText, verifiers, entry });
    writeAnswer({ io, ...values }, proof(proven, decodeEntry(proven.index, entry)));
    return EXIT.clean;
  } catch (error) {
    if (!(error instanceof ProofInvalid || error instanceof LogDamaged)) throw error;
    const value = { file, exit: EXIT.manipulation, finding: error.message };
    writeAnswer({ io, ...values }, { value, lines: [`${file}: ${error.message}`] });
    return EXIT.manipulation;
  }
}

function proof({ origin, index, size }: ProvenEntry, entry: Entry): Answer {
  const event = shownEvent(origin, entry);
  const told = `proven: ${origin} holds this event as entry ${index} of ${size}`;
  return { value: { origin, index, size, event }, lines: [told, ...eventLines(event)] };
}
