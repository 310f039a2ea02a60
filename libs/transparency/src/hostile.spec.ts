import fc from 'fast-check';
import { signerOf, verifierOf } from '../test/keys.js';
import {
  CheckpointInvalid,
  EntryBundleInvalid,
  NoteInvalid,
  NoteKeyInvalid,
  ProofInvalid,
  decodeEntries,
  emptyRoot,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseProof,
  parseTilePath,
  parseVerifierKey,
  signCheckpoint,
  tilePath,
} from './index.js';

const log = signerOf('log.example', 1);
const verifiers = [verifierOf(log)];
const note = signCheckpoint({ origin: log.name, size: 0, root: emptyRoot() }, log);

/** Any text, and texts that begin or end as the real ones do. */
const pieces = fc.constantFrom(
  '\n',
  '\n\n',
  '— ',
  ' ',
  '+',
  '=',
  'AAAA',
  log.name,
  'index 0',
  note,
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.nat(note.length), fc.string({ maxLength: 3 }))
    .map(([at, text]) => note.slice(0, at) + text + note.slice(at + 1)),
);
const runs = { numRuns: 500 };

/** What a reader may throw at a stranger's text: its own faults, never a bug's. */
function throwsOnly(read: (text: string) => unknown, ...faults: readonly unknown[]): void {
  fc.assert(
    fc.property(texts, (text) => {
      try {
        read(text);
      } catch (error) {
        expect(faults).toContain((error as Error).constructor);
      }
    }),
    runs,
  );
}

describe('a text from a stranger', () => {
  it('is a note, or is refused as one', () => {
    throwsOnly((text) => openNote(text, verifiers), NoteInvalid);
    throwsOnly((text) => openCheckpoint(text, verifiers), NoteInvalid, CheckpointInvalid);
  });

  it('is a checkpoint, a proof or a key, or is refused as one', () => {
    throwsOnly(parseCheckpoint, CheckpointInvalid);
    throwsOnly((text) => parseProof(`c2sp.org/tlog-proof@v1\n${text}`), ProofInvalid);
    throwsOnly((text) => parseVerifierKey(`log.example+${text}`), NoteKeyInvalid);
  });

  it('is a path only if it is the path of what it names', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^tile\/\d{1,2}\/[x\d/]{0,12}(\.p\/\d{1,3})?$/), (path) => {
        const address = parseTilePath(path);
        if (address === undefined || address.level === 'entries') return;
        expect(tilePath(address.level, address.index, address.width)).toBe(path);
      }),
      runs,
    );
  });

  it('is a bundle, or is refused as one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(decodeEntries(bytes).reduce((sum, { length }) => sum + 2 + length, 0)).toBe(
            bytes.length,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(EntryBundleInvalid);
        }
      }),
      runs,
    );
  });
});
