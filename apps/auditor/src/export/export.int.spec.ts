import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  decodeEntries,
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  TreeEdge,
} from '#libs/transparency';
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
let to: string;
let published: string;

beforeEach(async () => {
  sample = sampleService();
  await sample.record(gridsOpened(300));
  to = join(sample.dataDir, 'public', 'log');
  published = join(to, 'grid-registry');
});
afterEach(() => sample.close());

const exported = (...args: readonly string[]) => run('export', sample.dataDir, '--to', to, ...args);
const text = (path: string) => readFileSync(join(published, path), 'utf8');

function filesIn(dir: string): readonly string[] {
  const all = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => statSync(join(dir, path)).isFile()).sort();
}

/** The root over all entries in the folder, from the first bundle to the last. */
function rootOf(...bundles: readonly string[]) {
  const tree = new TreeEdge();
  for (const path of bundles) {
    for (const entry of decodeEntries(readFileSync(join(published, path)))) {
      tree.append(leafHash(entry));
    }
  }
  return tree.root();
}

it('writes what c2sp.org/tlog-tiles asks for, and nothing else', async () => {
  const { code, out } = await exported();
  expect(code).toBe(0);
  expect(out).toBe(`grid-registry: 300 events of ${NAME} in ${published}, 6 new files\n`);
  expect(filesIn(published)).toEqual([
    'checkpoint',
    'tile/0/000',
    'tile/0/001.p/44',
    'tile/1/000.p/1',
    'tile/entries/000',
    'tile/entries/001.p/44',
    'vkey',
  ]);
  expect(text('vkey')).toBe(`${sample.signed.vkey}\n`);
  const { size, root } = openCheckpoint(text('checkpoint'), [
    parseVerifierKey(text('vkey').trim()),
  ]);
  expect(size).toBe(300);
  expect(rootOf('tile/entries/000', 'tile/entries/001.p/44')).toBe(root);
});

it('is a source itself', async () => {
  await exported();
  expect(await run('show', to, '--service', 'grid-registry', '430502001001299')).toMatchObject({
    code: 0,
  });
  const again = join(sample.dataDir, 'again');
  expect(await run('export', published, '--to', again)).toMatchObject({ code: 0 });
  expect(filesIn(join(again, 'grid-registry'))).toEqual(filesIn(published));
  expect(await run('diff', to)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/has no views/),
  });
});

it('is a source for others once a static server gives it out', async () => {
  await exported();
  const server = createServer((request, response) => {
    const path = join(sample.dataDir, 'public', request.url ?? '');
    const found = existsSync(path) && statSync(path).isFile();
    response.writeHead(found ? 200 : 404).end(found ? readFileSync(path) : undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/log/grid-registry`;
  const again = join(sample.dataDir, 'again');
  expect(await run('export', address, '--to', again)).toMatchObject({ code: 0 });
  expect(filesIn(join(again, 'grid-registry'))).toEqual(filesIn(published));
  const shown = await run('show', address, 'grid-430502001001299');
  expect(shown).toMatchObject({ code: 0, out: expect.stringMatching(/1 event, 1 of them signed/) });
  expect(await run('tail', address, '--from', '299')).toMatchObject({ code: 0 });
  server.close();
});

it('adds what is new, and takes away what was outgrown', async () => {
  await exported();
  await sample.record(gridsOpened(250));
  const full = statSync(join(published, 'tile/0/000')).mtimeMs;
  const [value] = jsonOf(await exported('--json'));
  expect(value).toMatchObject({ service: 'grid-registry', origin: NAME, size: 550, written: 5 });
  expect(statSync(join(published, 'tile/0/000')).mtimeMs).toBe(full);
  expect(filesIn(published)).toEqual([
    'checkpoint',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/38',
    'tile/1/000.p/1',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/38',
    'vkey',
  ]);
  expect(jsonOf(await exported('--json'))).toMatchObject([{ size: 550, written: 0 }]);
});

describe('refuses, and leaves as it was,', () => {
  let before: string;

  beforeEach(async () => {
    await exported();
    await sample.record(gridsOpened(10));
  });
  const snapshot = () => filesIn(published).map((path) => [path, text(path)]);

  async function refused(reason: RegExp, ...args: readonly string[]): Promise<void> {
    before = JSON.stringify(snapshot());
    const ended = await exported(...args);
    expect(ended.out).toMatch(reason);
    expect(ended.code).toBe(1);
    expect(JSON.stringify(snapshot())).toBe(before);
  }

  it('the export of another log', async () => {
    const other = sampleService();
    await other.record(gridsOpened(1));
    await run('export', other.dataDir, '--to', join(other.dataDir, 'x'));
    rmSync(published, { recursive: true });
    cpSync(join(other.dataDir, 'x', 'grid-registry'), published, { recursive: true });
    await other.close();
    await refused(/the checkpoint in it is none of sample.example\/registry/);
  });

  it('an export that holds more than the log', async () => {
    await exported();
    await sample.stop();
    tamper(sample, 'log.db', 'DELETE FROM event WHERE position >= 300');
    tamper(sample, 'checkpoints.db', 'DELETE FROM checkpoint WHERE size > 300');
    await refused(/it holds 310 entries, but the log has signed only 300/);
  });

  it('an export in which a tile or a bundle was altered', async () => {
    writeFileSync(join(published, 'tile/0/000'), 'x');
    await refused(/tile\/0\/000 is there already, and is not what this log holds/);
    writeFileSync(join(published, 'tile/entries/000'), 'x');
    await refused(/tile\/entries\/000 is there already/);
  });

  it('a log that was altered where nothing was published yet', async () => {
    tamper(sample, 'log.db', overwrite('第7网格', '第8网格', 306));
    await refused(/its 310 entries are not those that were signed/);
  });

  it('a log that was altered where it was published', async () => {
    tamper(sample, 'log.db', overwrite('第7网格', '第8网格', 6));
    await refused(/tile\/entries\/000 is there already/);
  });
});

it('exports nothing of what is not signed', async () => {
  await sample.stop();
  tamper(sample, 'checkpoints.db', 'DELETE FROM checkpoint');
  expect(await exported()).toMatchObject({
    code: 2,
    out: 'grid-registry: nothing is signed of 300 events, so nothing is exported\n',
  });
  expect(existsSync(published)).toBe(false);
});

it('needs a folder to write to, and one that can be written to', async () => {
  expect(await run('export', sample.dataDir)).toMatchObject({ code: 3 });
  writeFileSync(join(sample.dataDir, 'file'), '');
  const ended = await run('export', sample.dataDir, '--to', join(sample.dataDir, 'file'));
  expect(ended.code).toBe(3);
});
