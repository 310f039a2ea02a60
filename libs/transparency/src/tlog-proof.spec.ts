import { signerOf, verifierOf } from '../test/keys.js';
import { entryAt, grow, leavesTo } from '../test/trees.js';
import { signCheckpoint } from './checkpoint.js';
import type { Hash } from './hash.js';
import { NoteInvalid } from './note-text.js';
import { inclusionProof } from './proofs.js';
import { ProofInvalid, checkProof, formatProof, parseProof } from './tlog-proof.js';

const origin = 'fengqiao.example/mediation';
const log = signerOf(origin, 1);
const verifiers = [verifierOf(log)];
const [index, size] = [4, 7];
const leaves = leavesTo(size);
const { edge, reader } = grow(leaves);
const checkpoint = signCheckpoint({ origin, size, root: edge.root() }, log);
const proof = await inclusionProof(index, size, reader);
const extra = Uint8Array.of(1, 2, 3);
const proofText = formatProof({ index, proof, checkpoint });
const entry = entryAt(index);

describe('a proof that a log has an entry', () => {
  it('is a text of lines', () => {
    const lines = formatProof({ index, proof, checkpoint, extra }).split('\n');
    expect(lines.slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra AQID', 'index 4']);
    expect(lines.slice(3 + proof.length).join('\n')).toBe(`\n${checkpoint}`);
  });

  it('is read back', () => {
    const known = { index, proof, checkpoint };
    expect(parseProof(proofText)).toEqual(known);
    expect(parseProof(formatProof({ ...known, extra }))).toEqual({
      ...known,
      extra: Buffer.from(extra),
    });
    expect(formatProof({ ...known, extra: new Uint8Array() })).toBe(proofText);
  });

  it('shows where the entry is', () => {
    const shown = { origin, index, size };
    expect(checkProof({ proofText, entry, verifiers })).toEqual(shown);
    expect(checkProof({ proofText, leaf: leaves[index]!, verifiers })).toEqual(shown);
    const withExtra = formatProof({ index, proof, checkpoint, extra });
    expect(checkProof({ proofText: withExtra, entry, verifiers })).toEqual(shown);
  });

  it('of the only entry needs no hash', () => {
    const root = leaves[0]!;
    const single = signCheckpoint({ origin, size: 1, root }, log);
    const alone = formatProof({ index: 0, proof: [], checkpoint: single });
    expect(checkProof({ proofText: alone, leaf: root, verifiers }).size).toBe(1);
  });
});

describe('it is refused with the reason', () => {
  it.each([
    ['does not begin with', proofText.replace('@v1', '@v2')],
    ['no empty line', proofText.slice(0, proofText.indexOf('\n\n'))],
    ['its index', proofText.replace('index 4', 'index 04')],
    ['its index', proofText.replace('index 4', 'index -4')],
    ['its index', proofText.replace('index 4\n', '')],
    ['its index', proofText.replace('index 4', 'index 4 ')],
    ['its extra data', proofText.replace('index', 'extra ?\nindex')],
    ['one of its hashes', proofText.replace('\n\n', '\nAAAA\n\n')],
    ['is not number 5', proofText.replace('index 4', 'index 5')],
    ['is not number 7', proofText.replace('index 4', 'index 7')],
    ['is false', proofText.replace(`${origin}\n7`, `${origin}\n8`)],
    ['its checkpoint was refused', `${proofText}x`],
  ])('%s', (reason, broken) => {
    expect(broken).not.toBe(proofText);
    expect(() => checkProof({ proofText: broken, entry, verifiers })).toThrow(ProofInvalid);
    expect(() => checkProof({ proofText: broken, entry, verifiers })).toThrow(reason);
  });

  it('another entry, another leaf', () => {
    expect(() => checkProof({ proofText, entry: entryAt(5), verifiers })).toThrow(ProofInvalid);
    expect(() => checkProof({ proofText, leaf: '' as Hash, verifiers })).toThrow(ProofInvalid);
  });

  it('another log; what was wrong with the checkpoint is the cause', () => {
    const others = [verifierOf(signerOf(origin, 2))];
    const refused = { cause: expect.any(NoteInvalid) };
    expect.assertions(1);
    try {
      checkProof({ proofText, entry, verifiers: others });
    } catch (error) {
      expect(error).toMatchObject(refused);
    }
  });
});
