import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recover } from '#libs/backup';
import { openSignedCheckpoints } from '#libs/event-log';
import { run } from './run-command.js';
import {
  append,
  NAME,
  newFolder,
  openLog,
  type SealedLog,
  sealedLog,
  SERVICE,
} from './sealed-log.js';
import { Copy, notReported, textOf, verifyCopy } from './tampering.js';

const OLDER = 301;
const NEWER = 401;
const LATER_MS = Date.parse('2026-03-02T00:00:00.000Z');

let log: SealedLog;
/** The same log as it was at an older size. */
let older: string;

beforeAll(async () => {
  log = await sealedLog(OLDER);
  older = newFolder();
  cpSync(log.dir, older, { recursive: true });
  await grow(log.dir, 100);
});
afterAll(() => {
  log.remove();
  rmSync(older, { recursive: true });
});

/** Lets the service go on for so many events, and end. */
async function grow(dir: string, count: number, commit = 1_000): Promise<void> {
  const signed = openLog(dir, () => LATER_MS);
  for (let done = 0; done < count; done += 1) await append(signed, commit + done, commit + done, 1);
  await signed.close();
}

function notes(dir = log.dir): readonly string[] {
  const checkpoints = openSignedCheckpoints(dir, { readOnly: true });
  const all = [...checkpoints.all()].map(({ note }) => note);
  checkpoints.close();
  return all;
}

const newest = (dir = log.dir) => ({ place: 'kept', note: notes(dir).at(-1) ?? '' });

describe('a log that was put back to an older state', () => {
  it('as a whole is clean by itself, and is found against a note from elsewhere', async () => {
    expect((await verifyCopy(older)).exit).toBe(0);
    const report = await verifyCopy(older, { against: [newest()] });
    expect(report.exit).toBe(1);
    expect(report.against).toMatchObject([{ size: NEWER, status: 'rolled back' }]);
    expect(report.found.kept.map(textOf)).toContain(
      `manipulation: checkpoint of ${NEWER} entries from kept the log was rolled back: it ends at ${OLDER} entries`,
    );
  });

  it('without its checkpoints is found by itself', async () => {
    const copy = new Copy(log);
    cpSync(join(older, 'log.db'), join(copy.dir, 'log.db'));
    const report = await copy.verify();
    copy.remove();
    expect(report.exit).toBe(1);
    expect(report.found.kept.map(textOf)).toContain(
      `manipulation: checkpoint of ${NEWER} entries the log ends at ${OLDER} of ${NEWER} signed entries`,
    );
  });

  it('of which all was cut to fit an older checkpoint is found against a note only', async () => {
    const cut = (copy: Copy) => {
      copy.log(`DELETE FROM event WHERE position >= ${OLDER}`, 'DELETE FROM tile WHERE id > 0');
      copy.checkpoints(`DELETE FROM checkpoint WHERE size > ${OLDER}`);
      rmSync(join(copy.dir, 'index.db'));
    };
    const found = /the log was rolled back: it ends at 301 entries/;
    expect(
      await notReported(log, [
        { name: 'alone', change: cut, exit: 0, found: /^notice/ },
        { name: 'against', change: cut, options: { against: [newest()] }, found },
      ]),
    ).toEqual([]);
  });

  it('and went on from there has forked', async () => {
    const fork = newFolder();
    cpSync(older, fork, { recursive: true });
    await grow(fork, 120, 5_000);
    const report = await verifyCopy(fork, { against: [newest()] });
    rmSync(fork, { recursive: true });
    expect([report.exit, report.against[0]?.status]).toEqual([1, 'forked']);
  });
});

describe('a note from elsewhere', () => {
  it('that the log continues is nothing to report', async () => {
    const against = notes().map((note, index) => ({ place: `${index}`, note }));
    const report = await verifyCopy(log.dir, { against, pinned: [log.vkey] });
    expect(report.found.kept).toEqual([]);
    expect(report.against.map(({ size, status }) => [size, status])).toEqual([
      [90, 'continued'],
      [256, 'continued'],
      [OLDER, 'continued'],
      [NEWER, 'continued'],
    ]);
  });

  it('is held against a log that has lost what it signed, with the key that is named', async () => {
    const noCheckpoints = (copy: Copy) => rmSync(join(copy.dir, 'checkpoints.db'));
    const named = { pinned: [log.vkey], against: [newest()] };
    expect(
      await notReported(log, [
        {
          name: 'continued',
          change: noCheckpoints,
          options: named,
          exit: 2,
          found: /gap: checkpoints none are kept: nothing here was signed with the key/,
        },
        {
          name: 'rolled back',
          change: (copy) => {
            noCheckpoints(copy);
            cpSync(join(older, 'log.db'), join(copy.dir, 'log.db'));
          },
          options: named,
          found: /kept the log was rolled back: it ends at 301 entries/,
        },
        {
          name: 'no key',
          change: noCheckpoints,
          options: { against: [newest()] },
          found: /none of this log/,
        },
      ]),
    ).toEqual([]);
  });

  it('is named on the command line as a file', async () => {
    const file = join(log.root, 'kept.txt');
    writeFileSync(file, newest().note);
    const clean = await run('verify', log.root, '--against', file);
    expect([clean.code, clean.out]).toEqual([
      0,
      expect.stringMatching(/against +\S+kept.txt: 401 entries, continued/),
    ]);
    const found = await run('verify', older, '--against', file, '--json');
    expect([found.code, JSON.parse(found.out).logs[0].against[0].status]).toEqual([
      1,
      'rolled back',
    ]);
    writeFileSync(file, 'hello');
    const none = await run('verify', log.root, '--against', file);
    expect([none.code, none.err]).toEqual([3, expect.stringMatching(/is no signed checkpoint/)]);
    const gone = await run('verify', log.root, '--against', `${file}x`);
    expect([gone.code, gone.err]).toEqual([3, expect.stringMatching(/kept.txtx is not there/)]);
  });
});

describe('a log that was recovered', () => {
  let recovered: string;
  let lost: { place: string; note: string };

  beforeAll(async () => {
    recovered = newFolder();
    const dir = join(recovered, SERVICE);
    cpSync(log.dir, dir, { recursive: true });
    lost = newest();
    cpSync(join(older, 'log.db'), join(dir, 'log.db'));
    const options = {
      dataDir: recovered,
      service: SERVICE,
      name: NAME,
      reason: 'the disk failed',
      newKey: false,
    };
    await recover({ ...options, now: () => '2026-03-03T00:00:00.000Z', tell: () => undefined });
    await grow(dir, 50, 9_000);
  });
  afterAll(() => rmSync(recovered, { recursive: true }));

  it('says so, and is clean', async () => {
    const report = await verifyCopy(join(recovered, SERVICE), { pinned: [log.vkey] });
    expect([report.exit, report.origin, report.unsealed.count]).toEqual([0, `${NAME}/epoch-2`, 0]);
    expect(report.found.kept.map(textOf)).toEqual([
      'notice: checkpoints 1 are of entries that a recovery has declared lost',
      'notice: epoch 2 a recovery at 301 entries, 2026-03-03T00:00:00.000Z: the disk failed',
    ]);
  });

  it('no longer continues what was lost, which is a gap that was declared', async () => {
    const report = await verifyCopy(join(recovered, SERVICE), { against: [lost, newest(older)] });
    expect([report.exit, report.against.map(({ status }) => status)]).toEqual([
      2,
      ['declared lost', 'continued'],
    ]);
  });

  it('tells the same of its recovery wherever it tells of it', async () => {
    const original = { ...log, dir: join(recovered, SERVICE) };
    const set = (name: string, values: string, found: RegExp) => ({
      name,
      change: (copy: Copy) => copy.checkpoints(`UPDATE epoch SET ${values} WHERE epoch = 2`),
      found,
    });
    expect(
      await notReported(original, [
        set('number', 'epoch = 3', /epoch 3 its number is not the one in entry 301/),
        set('size', 'size = 300', /epoch 2 is told by no event/),
        set('larger size', 'size = 302', /epoch 2 is told by no event/),
        set('reason', `reason = 'a fire'`, /epoch 2 its reason is not the one in entry 301/),
        set('no reason', 'reason = NULL', /epoch 2 tells of no recovery/),
        set('time', `opened_at = '2026-03-03T00:00:00.001Z'`, /epoch 2 its time is not the one/),
        set(
          'note',
          `lost_note = '${notes()[0]}'`,
          /epoch 2 the note of what was lost is not the one/,
        ),
        set('no note', 'lost_note = NULL', /epoch 2 lacks the note of what was lost/),
        set(
          'a note that is none',
          `lost_note = 'x'`,
          /epoch 2 the note of what was lost: The note is not valid/,
        ),
        set('name', `origin = '${NAME}'`, /epoch 2 its key is that of/),
        {
          name: 'gone',
          change: (copy) => copy.checkpoints('DELETE FROM epoch WHERE epoch = 2'),
          found: /in epoch 2 is of no epoch/,
        },
        {
          name: 'its checkpoints gone',
          change: (copy) => copy.checkpoints('DELETE FROM checkpoint WHERE epoch = 2'),
          found: /checkpoint of 401 entries the log ends at/,
        },
      ]),
    ).toEqual([]);
  });
});
