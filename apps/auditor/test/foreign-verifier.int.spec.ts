import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GoTools, INSTALL_MS, installGoTools } from './go-tools.js';
import { run } from './run-command.js';
import { grid, gridsOpened, type SampleService, sampleService, START } from './sample-data.js';

let tools: GoTools | undefined;
let sample: SampleService;
let published: string;

beforeAll(async () => {
  const installed = await installGoTools();
  tools = typeof installed === 'string' ? undefined : installed;
  sample = sampleService();
  published = join(sample.dataDir, 'log', 'grid-registry');
}, INSTALL_MS + 20_000);
afterAll(async () => {
  tools?.remove();
  await sample.close();
});

/** So many more events, a thousand in a commit. */
async function record(count: number): Promise<void> {
  const renamed = { type: 'GridRenamed', grid: grid(1), name: '南街网格', at: START };
  for (let left = count; left > 0; left -= 1_000) {
    const events = Array.from({ length: Math.min(left, 1_000) }, () => renamed);
    await sample.record([[`grid-${grid(1)}`, ...events]]);
  }
}

async function publish(): Promise<void> {
  const { code } = await run('export', sample.dataDir, '--to', join(sample.dataDir, 'log'));
  expect(code).toBe(0);
}

const fsck = async (dir: string): Promise<string> =>
  (await tools?.run('fsck', [
    '--ui=false',
    // With fewer workers than tiles it waits for ever once it has found a false one.
    '--N=8',
    `--storage_url=file://${dir}/`,
    `--public_key=${join(published, 'vkey')}`,
  ])) ?? '';

describe('fsck of Tessera', () => {
  it.each([
    [1, 0],
    [256, 255],
    [700, 444],
  ])('accepts a log of %i events', async (size, more) => {
    await (size === 1 ? sample.record(gridsOpened(1)) : record(more));
    await publish();
    if (tools === undefined) return;
    expect(await fsck(published)).toMatch(`Successfully fsck'd log with size ${size} and root`);
  });

  it.each([
    // Its tile is false then and all above it: which of them is told first is chance.
    ['an entry', 'tile/entries/000', 'fsck failed: failed: tile/'],
    ['a tile of hashes', 'tile/0/001', 'fsck failed: failed: tile/0/001'],
    ['a tile that is not full', 'tile/0/002.p/188', 'fsck failed: failed: tile/0/002.p/188'],
    ['a tile above others', 'tile/1/000.p/2', 'fsck failed: failed: tile/1/000.p/2'],
    ['the checkpoint', 'checkpoint', 'failed to fetch and verify checkpoint'],
  ])(
    'refuses a log in which %s was altered',
    async (_what, path, reason) => {
      if (tools === undefined) return;
      const altered = join(sample.dataDir, 'altered');
      cpSync(published, altered, { recursive: true });
      const bytes = readFileSync(join(altered, path));
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      writeFileSync(join(altered, path), bytes);
      const told = await fsck(altered);
      rmSync(altered, { recursive: true });
      expect(told).toMatch(reason);
      expect(told).not.toMatch('Successfully');
    },
    40_000,
  );

  it('accepts a log with tiles of three levels', async () => {
    await record(65_300);
    await publish();
    expect(readFileSync(join(published, 'tile/2/000.p/1'))).toHaveLength(32);
    if (tools === undefined) return;
    expect(await fsck(published)).toMatch("Successfully fsck'd log with size 66000 and root");
  }, 60_000);
});

it('spicy of Torchwood accepts the proof of an event, and of no other', async () => {
  const file = join(sample.dataDir, 'event.tlog-proof');
  for (const position of [0, 255, 256, 65_535, 65_999]) {
    const event = `grid-registry@${position}`;
    expect((await run('prove', sample.dataDir, event, '--out', file)).code).toBe(0);
    // It takes the proof beside the entry, without the line that names the format.
    const proof = readFileSync(file, 'utf8');
    expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex /);
    writeFileSync(`${file}.entry.spicy`, proof.slice(proof.indexOf('\n') + 1));
    const args = ['-verify', sample.signed.vkey, `${file}.entry`];
    if (tools === undefined) continue;
    expect(await tools.run('spicy', args)).toMatch('Spicy signature(s) verified!');
    const entry = readFileSync(`${file}.entry`);
    writeFileSync(`${file}.entry`, Buffer.concat([entry, Buffer.of(0)]));
    expect(await tools.run('spicy', args)).toMatch('could not verify inclusion');
  }
}, 60_000);
