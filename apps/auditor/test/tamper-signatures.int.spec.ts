import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { noteSigner, openCheckpoint, parseVerifierKey, signCheckpoint } from '#libs/transparency';
import { EVENTS, NAME, type SealedLog, sealedLog, SIGNED } from './sealed-log.js';
import { Copy, notReported, type Tampering, verifyCopy } from './tampering.js';

let log: SealedLog;
let tried = 0;

beforeAll(async () => {
  log = await sealedLog();
});
afterAll(() => {
  log.remove();
  process.stderr.write(`tampering with signatures: ${tried} changes tried\n`);
});

async function expectAllReported(tamperings: readonly Tampering[]): Promise<void> {
  tried += tamperings.length;
  expect(await notReported(log, tamperings)).toEqual([]);
}

const change =
  (...sql: readonly string[]) =>
  (copy: Copy) =>
    copy.checkpoints(...sql);
const reported = (name: string, sql: string, found: RegExp): Tampering => ({
  name,
  change: change(sql),
  found,
});

/** Changes the note of one size by a function of its text. */
const rewritten = (size: number, rewrite: (note: string) => string) => (copy: Copy) =>
  copy.edit('checkpoints', (db) => {
    const note = noteIn(db, size);
    db.prepare('UPDATE checkpoint SET note = ? WHERE size = ?').run(rewrite(note), size);
  });

function noteIn(db: DatabaseSync, size: number): string {
  return String(db.prepare('SELECT note FROM checkpoint WHERE size = ?').get(size)?.note);
}

function noteOf(size: number): string {
  const copy = new Copy(log);
  let note = '';
  copy.edit('checkpoints', (db) => {
    note = noteIn(db, size);
  });
  copy.remove();
  return note;
}

const strangersKey = generateKeyPairSync('ed25519').privateKey;

describe('a checkpoint', () => {
  it('with one character of its note changed', async () => {
    await expectAllReported(
      [EVENTS, 301].flatMap((size) => {
        const note = noteOf(size);
        return Array.from(note, (_, at) => ({
          name: `character ${at} of ${size}`,
          change: rewritten(size, (text) => {
            const other = text[at] === 'A' ? 'B' : 'A';
            return text.slice(0, at) + other + text.slice(at + 1);
          }),
          found: new RegExp(`checkpoint of ${size} entries The (?:note|checkpoint) is not valid`),
        })).filter((_, at) => size === EVENTS || at % 7 === 0);
      }),
    );
    // Some 150 logs are verified: a machine that does other work beside takes its time.
  }, 60_000);

  it.each<readonly [string, (note: string) => string]>([
    ['nothing in it', () => ''],
    ['its signature gone', (note) => note.slice(0, note.indexOf('\n\n') + 2)],
    ['its last byte gone', (note) => note.slice(0, -1)],
    ['half of it', (note) => note.slice(0, note.length / 2)],
    ['a line more', (note) => note.replace('\n\n', '\nmore\n\n')],
    ['its lines the other way round', (note) => note.split('\n').reverse().join('\n')],
    ['a root of another size', () => noteOf(90).replace('\n90\n', `\n${EVENTS}\n`)],
    [
      'the signature of another',
      (note) => note.slice(0, note.indexOf('\n\n')) + noteOf(90).slice(noteOf(90).indexOf('\n\n')),
    ],
    ['the name of another log', (note) => note.replaceAll(NAME, 'sample.example/other')],
  ])('with %s', async (name, rewrite) => {
    await expectAllReported([
      {
        name,
        change: rewritten(EVENTS, rewrite),
        found: /checkpoint of 600 entries The (?:note|checkpoint) is not valid/,
      },
    ]);
  });

  it('with the note of another one', async () => {
    await expectAllReported([
      {
        name: 'older',
        change: rewritten(EVENTS, () => noteOf(470)),
        found: /checkpoint of 600 entries is kept as of 600 entries, but signs 470/,
      },
      {
        name: 'newer',
        change: rewritten(90, () => noteOf(EVENTS)),
        found: /checkpoint of 90 entries is kept as of 90 entries, but signs 600/,
      },
      {
        name: 'changed places',
        change: (copy) => {
          rewritten(301, () => noteOf(470))(copy);
          rewritten(470, () => noteOf(301))(copy);
        },
        found: /checkpoint of 301 entries is kept as of 301/,
      },
    ]);
  });

  it('of another size, or another epoch', async () => {
    await expectAllReported([
      ...[1, 300, 599].map((size) =>
        reported(
          `${size}`,
          `UPDATE checkpoint SET size = ${size} WHERE size = 600`,
          new RegExp(`checkpoint of ${size} entries is kept as of`),
        ),
      ),
      ...[0, -1, 601, 2 ** 50].map((size) =>
        reported(
          `${size}`,
          `UPDATE checkpoint SET size = ${size} WHERE size = 600`,
          new RegExp(`checkpoint of ${size} entries is kept as of`),
        ),
      ),
      reported(
        'no number',
        `UPDATE checkpoint SET size = ${2n ** 60n} WHERE size = 600`,
        /cannot be read: Value is too large/,
      ),
      ...[0, 2, -1].map((epoch) =>
        reported(
          `epoch ${epoch}`,
          `UPDATE checkpoint SET epoch = ${epoch} WHERE size = 600`,
          new RegExp(`checkpoint of 600 entries in epoch ${epoch} is of no epoch`),
        ),
      ),
    ]);
  });

  it('that nobody signed, or somebody else', async () => {
    const root = openCheckpoint(noteOf(EVENTS), [parseVerifierKey(log.vkey)]).root;
    const forged = signCheckpoint(
      { origin: NAME, size: 500, root },
      noteSigner(NAME, strangersKey),
    );
    await expectAllReported([
      reported(
        'a stranger',
        `INSERT INTO checkpoint VALUES (1, 500, '${forged}')`,
        /checkpoint of 500 entries The note is not valid: no known key signed it/,
      ),
      reported(
        'nobody',
        `INSERT INTO checkpoint VALUES (1, 500, '${forged.split('—')[0]}')`,
        /checkpoint of 500 entries The note is not valid/,
      ),
    ]);
  });

  it('that is the newest and is gone leaves its entries unprotected, which is told', async () => {
    await expectAllReported([
      {
        name: 'newest',
        change: change('DELETE FROM checkpoint WHERE size = 600'),
        exit: 2,
        found: /gap: entries 470 to 599 are under no checkpoint/,
      },
      {
        name: 'two',
        change: change('DELETE FROM checkpoint WHERE size > 301'),
        exit: 2,
        found: /gap: entries 301 to 599 are under no checkpoint/,
      },
      {
        name: 'all',
        change: change('DELETE FROM checkpoint'),
        exit: 2,
        found: /gap: entries 0 to 599 are under no checkpoint/,
      },
      {
        name: 'all, and the epoch',
        change: change('DELETE FROM checkpoint', 'DELETE FROM epoch'),
        exit: 2,
        found: /gap: entries 0 to 599/,
      },
    ]);
  });

  it('that is an older one and is gone is not missed: the newest covers the same entries', async () => {
    await expectAllReported([
      {
        name: '301',
        change: change('DELETE FROM checkpoint WHERE size = 301'),
        exit: 0,
        found: /^notice: key/,
      },
    ]);
  });

  it('protects its entries, also when newer ones are gone', async () => {
    await expectAllReported([
      {
        name: 'entry 100',
        change: (copy) => {
          copy.setEntry(100, copy.entry(101));
          copy.repairTiles();
          copy.checkpoints('DELETE FROM checkpoint WHERE size > 301');
        },
        found: /checkpoint of 256 entries .*entries 90 to 255/,
      },
    ]);
  });
});

describe('an epoch', () => {
  const set = (name: string, values: string, found: RegExp) =>
    reported(name, `UPDATE epoch SET ${values}`, found);

  it('of which any field is another', async () => {
    const other = noteSigner(NAME, strangersKey).vkey;
    await expectAllReported([
      set('number', 'epoch = 2', /epoch 2 is not the first/),
      set('number 0', 'epoch = 0', /epoch 0 is not the first/),
      set(
        'origin',
        `origin = 'sample.example/other'`,
        /epoch 1 its key is that of sample.example\/sample/,
      ),
      set('origin gone', `origin = ''`, /epoch 1 its key is that of/),
      set(
        'vkey of a stranger',
        `vkey = '${other}'`,
        /checkpoint of 90 entries The note is not valid: no known key signed it/,
      ),
      set('vkey gone', `vkey = ''`, /epoch 1 The note key is not valid/),
      set('size', 'size = 1', /epoch 1 tells of a recovery/),
      set('negative size', 'size = -1', /epoch 1 tells of a recovery/),
      set('reason', `reason = 'because'`, /epoch 1 tells of a recovery/),
      set('lost note', `lost_note = '${noteOf(90)}'`, /epoch 1 tells of a recovery/),
      set(
        'time that is none',
        `opened_at = 'yesterday'`,
        /epoch 1 began at "yesterday", which is no time/,
      ),
      set(
        'time cut',
        `opened_at = substr(opened_at, 1, 10)`,
        /epoch 1 began at .*, which is no time/,
      ),
      reported('gone', 'DELETE FROM epoch', /checkpoint of 90 entries is of no epoch/),
    ]);
  });

  it('of which one character of its key is another', async () => {
    const offsets = Array.from(log.vkey, (_, at) => at).filter((at) => log.vkey[at] !== '+');
    await expectAllReported(
      offsets.map((at) => {
        const other = log.vkey[at] === '0' ? '1' : '0';
        const vkey = log.vkey.slice(0, at) + other + log.vkey.slice(at + 1);
        return set(
          `character ${at}`,
          `vkey = '${vkey}'`,
          /epoch 1 (?:The note key is not valid|its key)/,
        );
      }),
    );
  });

  it('that is added excuses nothing: no recovery was signed', async () => {
    const insert = (origin: string, vkey: string, note: string) =>
      `INSERT INTO epoch VALUES (2, '${origin}', '${vkey}', 100, 'a fire', ${note}, '2026-03-02T00:00:00.000Z')`;
    const later = noteSigner(`${NAME}/epoch-2`, strangersKey).vkey;
    const spoil = (copy: Copy) => {
      copy.setEntry(200, copy.entry(201));
      copy.repairTiles();
      copy.checkpoints(insert(`${NAME}/epoch-2`, later, `'${noteOf(EVENTS)}'`));
    };
    await expectAllReported([
      {
        name: 'beside a change',
        change: spoil,
        found: /checkpoint of 256 entries its entries are not those/,
      },
      { name: 'told by no event', change: spoil, found: /epoch 2 is told by no event/ },
      { name: 'a new key', change: spoil, found: /gap: epoch 2 signs with a new key/ },
      { name: 'the key on this machine', change: spoil, found: /signing.key is not the key of/ },
    ]);
  });
});

describe('the signing key', () => {
  const path = (copy: Copy) => join(copy.dir, 'signing.key');
  const replaced = (bytes: string) => (copy: Copy) => writeFileSync(path(copy), bytes);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  it('that is none is told, and the log is checked all the same', async () => {
    const found = /manipulation: signing.key is no key that signs:/;
    await expectAllReported([
      { name: 'empty', change: replaced(''), found },
      { name: 'a text', change: replaced('a text'), found },
      {
        name: 'of another kind',
        change: replaced(rsa.export({ type: 'pkcs8', format: 'pem' }).toString()),
        found,
      },
      {
        name: 'a folder',
        change: (copy) => {
          rmSync(path(copy));
          mkdirSync(path(copy));
        },
        found,
      },
    ]);
    const copy = new Copy(log);
    replaced('a text')(copy);
    expect((await copy.verify()).checked?.entries).toBe(EVENTS);
    copy.remove();
  });
});

describe('keys', () => {
  /** Everything is signed anew with a stranger's key: as a whole it fits together. */
  function resign(copy: Copy): void {
    const signer = noteSigner(NAME, strangersKey);
    copy.edit('checkpoints', (db) => {
      for (const size of [...SIGNED, EVENTS]) {
        const { root } = openCheckpoint(noteIn(db, size), [parseVerifierKey(log.vkey)]);
        const note = signCheckpoint({ origin: NAME, size, root }, signer);
        db.prepare('UPDATE checkpoint SET note = ? WHERE size = ?').run(note, size);
      }
      db.prepare('UPDATE epoch SET vkey = ?').run(signer.vkey);
    });
  }

  it('a log that was signed anew with another key is not the one that was known', async () => {
    const pinned = [log.vkey];
    const withoutKey = (copy: Copy) => {
      resign(copy);
      rmSync(join(copy.dir, 'signing.key'));
    };
    await expectAllReported([
      { name: 'beside its signing key', change: resign, found: /signing.key is not the key of/ },
      {
        name: 'a copy, with --vkey',
        change: withoutKey,
        options: { pinned },
        found: /key of sample.example\/sample is not the one that was named with --vkey/,
      },
      {
        name: 'a copy, without',
        change: withoutKey,
        exit: 0,
        found: /notice: key of .* was taken from the data itself/,
      },
      {
        name: 'a copy, with a note from before',
        change: withoutKey,
        options: { against: [{ place: 'kept', note: noteOf(301) }] },
        found: /checkpoint from kept is none of this log/,
      },
    ]);
  });

  it('a log is held against the key that is named', async () => {
    const other = noteSigner('sample.example/other', strangersKey).vkey;
    const found = /key of .* is none of those that were named with --vkey/;
    await expectAllReported([
      { name: 'of another log', change: () => undefined, options: { pinned: [other] }, found },
    ]);
    const report = await verifyCopy(log.dir, { pinned: [other, log.vkey] });
    expect([report.exit, report.keyFrom, report.found.kept]).toEqual([0, 'auditor', []]);
  });
});
