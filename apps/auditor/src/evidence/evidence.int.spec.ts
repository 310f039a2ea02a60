import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, run } from '../../test/run-command.js';
import {
  gridsOpened,
  NAME,
  overwrite,
  type SampleService,
  sampleService,
  tamper,
} from '../../test/sample-data.js';

let sample: SampleService;
let file: string;
let key: string;

beforeAll(async () => {
  sample = sampleService();
  await sample.record(gridsOpened(300));
  file = join(sample.dataDir, 'event.tlog-proof');
  key = sample.signed.vkey;
});
afterAll(() => sample.close());

const prove = (...args: readonly string[]) => run('prove', sample.dataDir, ...args, '--out', file);
const check = (...args: readonly string[]) => run('check', file, ...args);

/** Writes the file anew with another text in it, and answers what checking that says. */
async function checkAltered(path: string, alter: (text: string) => string) {
  const before = readFileSync(path, 'latin1');
  writeFileSync(path, alter(before), 'latin1');
  const ended = await check('--vkey', key);
  writeFileSync(path, before, 'latin1');
  return ended;
}

describe('an event that is proven', () => {
  beforeAll(async () => {
    expect((await prove('grid-registry@17')).code).toBe(0);
  });

  it('is shown to who has the files and the key alone', async () => {
    const { code, out } = await check('--vkey', key);
    expect(code).toBe(0);
    expect(out).toMatch(`proven: ${NAME} holds this event as entry 17 of 300`);
    expect(out).toMatch(`${NAME}@17  2026-11-22T08:00:00.000Z  GridOpened`);
    expect(out).toMatch('stream   grid-430502001001018, event 0');
    expect(out).toMatch('actor    li-1');
    expect(out).toMatch('"name":"第18网格"');
  });

  it('is the same for a program, with the key from a file', async () => {
    const keyFile = join(sample.dataDir, 'vkey');
    writeFileSync(keyFile, `${key}\n`);
    const ended = await check('--vkey', keyFile, '--json');
    const event = { position: `${NAME}@17`, actor: 'li-1', version: 0 };
    expect(jsonOf(ended)).toMatchObject([{ origin: NAME, index: 17, size: 300, event }]);
  });

  it('is not proven by another key', async () => {
    const other = sampleService();
    const { code, out } = await check('--vkey', other.signed.vkey);
    await other.close();
    expect(code).toBe(1);
    expect(out).toMatch(/no known key signed it/);
  });

  it.each([
    ['index', (text: string) => text.replace('index 17', 'index 18'), 'is not number 18 of 300'],
    ['size', (text: string) => text.replace('\n300\n', '\n301\n'), 'signature of .* is false'],
    ['header', (text: string) => text.replace('@v1', '@v2'), 'does not begin with c2sp.org'],
    ['end', (text: string) => text.slice(0, 60), 'no empty line stands before a checkpoint'],
  ])('is not proven by a proof with another %s', async (_what, alter, reason) => {
    const { code, out } = await checkAltered(file, alter);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(reason));
  });

  it('is not proven once a byte of it is another', async () => {
    const { code, out } = await checkAltered(`${file}.entry`, (text) =>
      text.replace('li-1', 'li-2'),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/the entry is not number 17 of 300 entries/);
  });

  it('cannot be checked without its entry, without a key, or with half a key', async () => {
    expect(await check('--vkey', key, '--entry', join(sample.dataDir, 'none'))).toMatchObject({
      code: 3,
      err: expect.stringMatching(/none is not there/),
    });
    expect(await check()).toMatchObject({
      code: 3,
      err: expect.stringMatching(/--vkey is missing/),
    });
    expect(await check('--vkey', key.slice(0, -8))).toMatchObject({ code: 3 });
    expect(await run('check', join(sample.dataDir, 'none'), '--vkey', key)).toMatchObject({
      code: 3,
    });
  });
});

describe('an event that is not proven', () => {
  it('is one that the log does not have', async () => {
    rmSync(file, { force: true });
    const ended = await prove('--service', 'grid-registry', '--position', '300');
    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch('there is no event grid-registry@300');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [['mediation@3'], /holds no log of mediation/],
    [['registry'], /is no event: name it as in mediation@12/],
    [['--position', '3'], /--service is missing/],
    [['--service', 'grid-registry', '--position', '-3'], /'--position' argument is ambiguous/],
    [['--service', 'grid-registry', '--position', 'x'], /--position is "x"/],
    [[], /is no event: name it/],
  ])('is one that was named wrongly: %j', async (args, reason) => {
    const ended = await prove(...args);
    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch(reason);
  });

  it('is one in a folder that is not there', async () => {
    const ended = await run('prove', join(sample.dataDir, 'nowhere'), 'grid-registry@3');
    expect(ended).toMatchObject({ code: 3, err: expect.stringMatching(/nowhere is not there/) });
  });
});

it('an event that is under no checkpoint yet is a gap', async () => {
  const fresh = sampleService();
  await fresh.record(gridsOpened(2));
  await fresh.stop();
  tamper(fresh, 'checkpoints.db', 'DELETE FROM checkpoint');
  const ended = await run('prove', fresh.dataDir, 'grid-registry@1', '--out', file);
  expect(ended.code).toBe(2);
  expect(ended.out).toMatch('grid-registry@1 is under no checkpoint yet: 0 of 2 events are signed');
  await fresh.close();
});

it('an entry that was altered in the store is found before anything is written', async () => {
  const fresh = sampleService();
  await fresh.record(gridsOpened(5));
  tamper(fresh, 'log.db', overwrite('li-1', 'li-2', 3));
  rmSync(file, { force: true });
  const ended = await run('prove', fresh.dataDir, 'grid-registry@3', '--out', file);
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.out).toMatch('entry 3 is not the one that was signed');
  expect(existsSync(file)).toBe(false);
  await fresh.close();
});
