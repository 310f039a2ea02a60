import { signerOf, verifierOf } from '../test/keys.js';
import {
  type Checkpoint,
  CheckpointInvalid,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.js';
import { type Hash, hashFromBase64 } from './hash.js';
import { NoteInvalid } from './note-text.js';
import { signNote } from './note.js';

// The example of c2sp.org/tlog-checkpoint.
const origin = 'example.com/behind-the-sofa';
const base64 = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const text = `${origin}\n20852163\n${base64}\n`;
const checkpoint: Checkpoint = { origin, size: 20_852_163, root: hashFromBase64(base64) };

const log = signerOf(origin, 1);
const witness = signerOf('witness.example', 2);

describe('the text of a checkpoint', () => {
  it('is that of the specification', () => {
    expect(formatCheckpoint(checkpoint)).toBe(text);
    expect(parseCheckpoint(text)).toEqual({ ...checkpoint, extensions: [] });
  });

  it.each([0, 1, Number.MAX_SAFE_INTEGER])('is read back: %d entries', (size) => {
    const other = { ...checkpoint, size, extensions: ['one', '— two three'] };
    expect(parseCheckpoint(formatCheckpoint(other))).toEqual(other);
  });

  it.each([
    ['a leading zero', text.replace('2085', '02085')],
    ['a sign', text.replace('2085', '+2085')],
    ['a fraction', text.replace('2085', '2085.')],
    ['an exponent', text.replace('20852163', '1e3')],
    ['a size past 2^53 - 1', text.replace('20852163', '9007199254740992')],
    ['no size', text.replace('20852163', '')],
    ['no origin', text.replace(origin, '')],
    ['no root', `${origin}\n20852163\n`],
    ['a short root', text.replace(base64, 'AAAA')],
    ['a root without padding', text.replace('=', '')],
    ['a space after the root', text.replace('=\n', '= \n')],
    ['no last newline', text.slice(0, -1)],
    ['an empty extension', `${text}\n`],
    ['an extension that does not end', `${text}more`],
    ['a carriage return', text.replaceAll('\n', '\r\n')],
    ['nothing', ''],
  ])('is strict: %s', (_, broken) => {
    expect(broken).not.toBe(text);
    expect(() => parseCheckpoint(broken)).toThrow(CheckpointInvalid);
  });

  it.each<readonly [string, Partial<Checkpoint>]>([
    ['an empty origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\n5' }],
    ['a control character', { origin: 'a\u0000' }],
    ['a negative size', { size: -1 }],
    ['a fraction', { size: 1.5 }],
    ['an unsafe size', { size: 2 ** 53 }],
    ['a root that is no hash', { root: base64 as Hash }],
    ['an empty extension', { extensions: [''] }],
    ['an extension of two lines', { extensions: ['a\nb'] }],
  ])('is not made of %s', (_, part) => {
    expect(() => formatCheckpoint({ ...checkpoint, ...part })).toThrow(CheckpointInvalid);
  });
});

describe('a signed checkpoint', () => {
  const note = signCheckpoint(checkpoint, log);
  const { name, keyId } = log;

  it('is opened with the key of its log', () => {
    const signatures = [{ name, keyId }];
    expect(openCheckpoint(note, [verifierOf(log)])).toEqual({
      ...checkpoint,
      extensions: [],
      signatures,
    });
  });

  it('is signed by the log that it names only', () => {
    expect(() => signCheckpoint(checkpoint, witness)).toThrow(CheckpointInvalid);
  });

  it('another known key cannot speak for the log', () => {
    const forged = signNote(text, [witness]);
    const keys = [log, witness].map(verifierOf);
    expect(() => openCheckpoint(forged, keys)).toThrow(`no known key named ${origin} signed it`);
    expect(openCheckpoint(signNote(text, [log, witness]), keys).signatures).toHaveLength(2);
  });

  it('is refused when it was altered, or is none', () => {
    expect(() => openCheckpoint(note.replace('2085', '2086'), [verifierOf(log)])).toThrow(
      NoteInvalid,
    );
    expect(() => openCheckpoint(signNote('hello\n', [log]), [verifierOf(log)])).toThrow(
      CheckpointInvalid,
    );
  });
});
