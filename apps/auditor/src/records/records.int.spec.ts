import { jsonOf, run } from '../../test/run-command.js';
import {
  grid,
  gridRenamed,
  gridsOpened,
  HOLDER,
  holderAppointed,
  overwrite,
  POST,
  type SampleService,
  sampleService,
  tamper,
} from '../../test/sample-data.js';

let sample: SampleService;

beforeAll(async () => {
  sample = sampleService();
  await sample.record(gridsOpened(3));
  await sample.record(holderAppointed());
  sample.clock.now = '2026-11-22T10:00:00.000Z';
  await sample.record(gridRenamed(2, '南街网格'));
  sample.clock.now = '2026-11-22T11:00:00.000Z';
  await sample.record(gridRenamed(2, '北街网格\u009b31m\u202e'));
});
afterAll(() => sample.close());

describe('show', () => {
  it('tells what happened to a record, who recorded it and when', async () => {
    const { code, out } = await run('show', sample.dataDir, `grid-${grid(2)}`);
    expect(code).toBe(0);
    const lines = out.split('\n').filter((line) => !line.startsWith('  '));
    expect(lines).toEqual([
      `grid-${grid(2)}: 3 events, 3 of them signed`,
      'grid-registry@1  2026-11-22T08:00:00.000Z  GridOpened',
      'grid-registry@5  2026-11-22T10:00:00.000Z  GridRenamed',
      'grid-registry@6  2026-11-22T11:00:00.000Z  GridRenamed',
      '',
    ]);
    expect(out).toMatch('  actor    li-1\n');
    expect(out).toMatch('  command  01930000-0000-7000-8000-000000000002\n');
  });

  it('finds a record by its id alone, and leaves sealed sections closed', async () => {
    const ended = await run('show', sample.dataDir, POST, '--json');
    expect(ended.code).toBe(0);
    const [history] = jsonOf<{ stream: string; events: { payload: object; signed: boolean }[] }>(
      ended,
    );
    expect(history?.stream).toBe(`post-${POST}`);
    expect(history?.events[1]?.payload).toMatchObject({ sealed: `sealed (subject ${HOLDER})` });
    expect(history?.events.map(({ signed }) => signed)).toEqual([true, true]);
    expect(ended.out).not.toMatch('bbbb');
  });

  it('does not hand a log\u2019s control characters to the terminal', async () => {
    const { out } = await run('show', sample.dataDir, grid(2));
    expect(out).toMatch('北街网格\\u009b31m\\u202e');
  });

  it('says that there is no such record', async () => {
    const ended = await run('show', sample.dataDir, 'dispute-01930000-0000-7000-8000-0000000000aa');
    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch('no such record: dispute-01930000');
    expect(await run('show', sample.dataDir, '--service', 'mediation', POST)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/no log of mediation/),
    });
  });
});

describe('as-of', () => {
  const asOf = (...args: readonly string[]) => run('as-of', sample.dataDir, ...args, '--json');
  const rowsIn = async (...args: readonly string[]) => {
    const [past] = jsonOf<{ events: number; rows: { view: string; row: object }[] }>(
      await asOf(...args),
    );
    return past;
  };

  it.each([
    [['--at', '2026-11-22T07:59:59Z'], 0, undefined],
    [['--at', '2026-11-22T08:00:00Z'], 1, '第2网格'],
    [['--at', '2026-11-22T18:59:59+08:00'], 2, '南街网格'],
    [['--position', '5'], 2, '南街网格'],
    [['--position', 'grid-registry@4'], 1, '第2网格'],
  ])('gives the rows that its service had then: %j', async (moment, events, name) => {
    const past = await rowsIn(grid(2), ...moment);
    expect(past?.events).toBe(events);
    expect(past?.rows.find(({ view }) => view === 'areas')?.row).toEqual(
      name && expect.objectContaining({ code: grid(2), name }),
    );
  });

  it('gives a row of every view that the record is in', async () => {
    const past = await rowsIn(`post-${POST}`, '--position', '4');
    expect(past?.rows.map(({ view }) => view)).toEqual(['posts', 'holders']);
    expect(JSON.stringify(past?.rows)).toMatch(`sealed (subject ${HOLDER})`);
  });

  it('asks for one moment, well written, and for a record that there is', async () => {
    expect(await asOf(grid(2))).toMatchObject({
      code: 3,
      err: expect.stringMatching(/one moment/),
    });
    expect(await asOf(grid(2), '--at', '2026-11-22')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/--at is "2026-11-22": it must be a time/),
    });
    expect(await asOf('nobody', '--position', '1')).toMatchObject({ code: 3 });
  });
});

describe('a record that somebody has altered', () => {
  it('is shown with where its chain is broken', async () => {
    const broken = sampleService();
    await broken.record([...gridsOpened(2), ...gridRenamed(1, '甲'), ...gridRenamed(1, '乙')]);
    await broken.stop();
    // Event 2 of the first grid is put under the name of the second.
    tamper(broken, 'log.db', overwrite(`grid-${grid(1)}`, `grid-${grid(2)}`, 2));
    tamper(broken, 'checkpoints.db', 'DELETE FROM checkpoint');
    const ended = await run('show', broken.dataDir, `grid-${grid(1)}`);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch('BROKEN: entry 3 is number 1, and says 2');
    expect(ended.out).toMatch('BROKEN: entry 3 follows 0, and says 2');
    expect((await run('as-of', broken.dataDir, grid(1), '--position', '9')).code).toBe(1);
    await broken.close();
  });

  it('is not shown as signed', async () => {
    const broken = sampleService();
    await broken.record(gridsOpened(2));
    tamper(broken, 'log.db', overwrite('第1网格', '第9网格', 0));
    const ended = await run('show', broken.dataDir, grid(1));
    expect(ended).toMatchObject({ code: 1, err: '' });
    expect(ended.out).toBe('grid-registry: entry 0 is not the one that was signed\n');
    const past = await run('as-of', broken.dataDir, grid(1), '--position', '1');
    expect(past).toMatchObject({ code: 1, out: ended.out });
    await broken.close();
  });

  it('is missing where events were taken out', async () => {
    const broken = sampleService();
    await broken.record(gridsOpened(4));
    tamper(broken, 'log.db', 'DELETE FROM event WHERE position = 2');
    expect(await run('show', broken.dataDir, grid(1))).toMatchObject({
      code: 2,
      out: 'grid-registry: event 2 is missing\n',
    });
    await broken.close();
  });
});
