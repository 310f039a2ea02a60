import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { keyFromSeed, signerOf, verifierOf } from '../test/keys.js';
import { NoteKeyInvalid, noteSigner, parseVerifierKey, verifierKey } from './note-key.js';
import { NoteInvalid } from './note-text.js';
import { openNote, signNote } from './note.js';

// The example of golang.org/x/mod/sumdb/note.
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const text =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const line =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const note = `${text}\n${line}`;
const peter = parseVerifierKey(vkey);

const log = signerOf('枫桥.example/log', 1);
const witness = signerOf('witness.example', 2);

describe('the published example of Go', () => {
  it('is opened', () => {
    const signatures = [{ name: 'PeterNeumann', keyId: 0xc74f20a3 }];
    expect(openNote(note, [peter])).toEqual({ text, signatures });
  });

  it('is made', () => {
    const signer = noteSigner('PeterNeumann', keyFromSeed(seed));
    expect([signer.vkey, signer.keyId]).toEqual([vkey, 0xc74f20a3]);
    expect(verifierKey('PeterNeumann', createPublicKey(keyFromSeed(seed)))).toBe(vkey);
    expect(signNote(text, [signer])).toBe(note);
  });
});

describe('who signed', () => {
  const signed = signNote(text, [log, witness]);

  it('each known key that did', () => {
    const [one, two] = [log, witness].map(({ name, keyId }) => ({ name, keyId }));
    const open = (...signers: readonly (typeof log)[]) =>
      openNote(signed, signers.map(verifierOf)).signatures;
    expect(open(log, witness)).toEqual([one, two]);
    expect(open(witness)).toEqual([two]);
    expect(openNote(signed + signed.slice(text.length + 1), [verifierOf(log)]).signatures).toEqual([
      one,
    ]);
  });

  it('a key with a known name or id, but not both, is unknown', () => {
    const namesake = verifierOf(signerOf(log.name, 3));
    expect(() => openNote(signed, [namesake])).toThrow('no known key signed it');
    expect(() => openNote(signed, [{ ...verifierOf(log), name: 'other' }])).toThrow(NoteInvalid);
    expect(openNote(signed, [namesake, verifierOf(witness)]).signatures).toHaveLength(1);
  });

  it('a false signature of a known key spoils the note, though another is true', () => {
    const [, ownLine = ''] = signNote('another text\n', [log]).split('\n\n');
    const mixed = signNote(text, [witness]) + ownLine;
    expect(() => openNote(mixed, [log, witness].map(verifierOf))).toThrow(
      `the signature of ${log.name} is false`,
    );
    expect(openNote(mixed, [verifierOf(witness)]).text).toBe(text);
  });

  it('a text may have empty lines', () => {
    const poem = 'one\n\ntwo\n\n\nthree\n';
    expect(openNote(signNote(poem, [log]), [verifierOf(log)]).text).toBe(poem);
  });
});

describe('a note that was altered is refused', () => {
  it.each([
    ['its text', note.replace('answer', 'Answer')],
    ['a newline more', note.replace('\n\n', '\n\n\n')],
    ['its signature', note.replace('ZJkuBS', 'ZJkuBT')],
    ['a signature cut short', note.replace('RyyBwJnAM=', 'Ryw==')],
    ['its key id', note.replace('x08go', 'x08gp')],
    ['no signature', `${text}\n`],
    ['no last newline', note.slice(0, -1)],
    ['no empty line', text + line],
    ['another dash', note.replace('— ', '- ')],
    ['two spaces', note.replace('— Peter', '—  Peter')],
    ['something after the signature', note.replace('AM=\n', 'AM= x\n')],
    ['base64 without padding', note.replace('AM=', 'AM')],
    ['base64 with bits past the end', note.replace('AM=', 'AN=')],
    ['a plus in a name', note.replace('— PeterN', '— Peter+N')],
    ['only a key id', `${note}— other ${Buffer.alloc(4).toString('base64')}\n`],
    ['a line that is no signature', `${note}hello\n`],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a control character in an unknown line', `${note}— a\tb AAAAAAA=\n`],
    ['half a character', note.replace('problem', 'problem\ud800')],
    ['nothing at all', ''],
    ['newlines only', '\n\n'],
  ])('%s', (_, broken) => {
    expect(broken).not.toBe(note);
    expect(() => openNote(broken, [peter])).toThrow(NoteInvalid);
  });

  it('another key', () => {
    expect(() => openNote(note, [verifierOf(log)])).toThrow(NoteInvalid);
    expect(() => openNote(note, [])).toThrow(NoteInvalid);
  });

  it('16 signatures are taken and 101 are not', () => {
    const unknown = `— other ${Buffer.alloc(9).toString('base64')}\n`;
    expect(openNote(note + unknown.repeat(99), [peter]).signatures).toHaveLength(1);
    expect(() => openNote(note + unknown.repeat(100), [peter])).toThrow(NoteInvalid);
  });
});

describe('what cannot be signed', () => {
  it.each(['', 'no newline', 'a\r\n', 'a\u0000\n', '\udc00\n'])('%j', (broken) => {
    expect(() => signNote(broken, [log])).toThrow(NoteInvalid);
  });

  it('a note by nobody', () => {
    expect(() => signNote(text, [])).toThrow(NoteInvalid);
  });
});

describe('a key', () => {
  it.each(['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u3000b', 'a\u0001b'])(
    'is not named %j',
    (name) => {
      expect(() => noteSigner(name, keyFromSeed(seed))).toThrow(NoteKeyInvalid);
      expect(() => verifierKey(name, createPublicKey(keyFromSeed(seed)))).toThrow(NoteKeyInvalid);
    },
  );

  it('is Ed25519', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => noteSigner('a', privateKey)).toThrow('not an Ed25519 key');
    expect(() => verifierKey('a', publicKey)).toThrow('not an Ed25519 key');
  });

  it.each([
    ['not a name, an id and a key', 'PeterNeumann'],
    ['white space', vkey.replace('PeterN', 'Peter N')],
    ['name is empty', vkey.replace('PeterNeumann', '')],
    ['8 hex digits', vkey.replace('c74f20a3', 'c74f20a')],
    ['8 hex digits', vkey.replace('c74f20a3', 'C74F20A3')],
    ['not standard base64', `${vkey}\n`],
    ['not of type 1', vkey.replace('+AR', '+BB')],
    ['32 bytes', 'a+00000000+AQ=='],
    ['does not belong', vkey.replace('c74f20a3', 'c74f20a4')],
    ['does not belong', vkey.replace('PeterNeumann', 'PeterNewman')],
    ['does not belong', vkey.replace('10TW', '10TX')],
  ])('%s: %s', (reason, broken) => {
    expect(() => parseVerifierKey(broken)).toThrow(NoteKeyInvalid);
    expect(() => parseVerifierKey(broken)).toThrow(reason);
  });
});
