import { progressLine, type ProgressStream } from './progress-line.js';

function paper(shape: Pick<ProgressStream, 'isTTY' | 'columns'> = {}) {
  const written: string[] = [];
  return { ...shape, written, write: (text: string) => written.push(text) };
}

function clock() {
  const time = { ms: 0 };
  return { time, nowMs: () => time.ms };
}

const REDRAW = '\r\u001B[K';

describe('progress on a terminal', () => {
  it('redraws one line with bar, percent, count and speed, and ends with what was reached', () => {
    const stream = paper({ isTTY: true, columns: 60 });
    const { time, nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    time.ms = 1000;
    line.update(1947, 3894);
    time.ms = 2000;
    line.update(3894);
    time.ms = 2100;
    line.end();
    expect(stream.written).toEqual([
      `${REDRAW}Areas  0  0/s`,
      `${REDRAW}Areas  [#########----------]  50 %  1,947 of 3,894  1,947/s`,
      `${REDRAW}Areas  [############################] 100 %  3,894  1,947/s`,
      `${REDRAW}Areas: 3,894 in 2.1 s (1,854/s)\n`,
    ]);
  });

  it('redraws at most ten times a second', () => {
    const stream = paper({ isTTY: true, columns: 60 });
    const { time, nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    for (time.ms = 1; time.ms <= 1000; time.ms += 1) line.update(time.ms, 1000);
    expect(stream.written).toHaveLength(11);
  });

  it('writes a note on a line of its own and draws the bar again below it', () => {
    const stream = paper({ isTTY: true, columns: 60 });
    const { nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    line.note('f.csv:3: name empty');
    line.update(1);
    expect(stream.written.slice(1)).toEqual([
      `${REDRAW}f.csv:3: name empty\n`,
      `${REDRAW}Areas  1  1,000/s`,
    ]);
  });

  it.each([120, 60, 50, 30, 12, 1])('never reaches the last of %i columns', (columns) => {
    const stream = paper({ isTTY: true, columns });
    const { time, nowMs } = clock();
    const line = progressLine(stream, '载入行政区划', nowMs);
    time.ms = 200;
    line.update(332_638, 665_276);
    for (const text of stream.written.map((each) => each.replace(REDRAW, ''))) {
      const wide = text.match(/[\u4E00-\u9FFF]/gu)?.length ?? 0;
      expect(text.length + wide).toBeLessThan(columns);
    }
  });
});

describe('progress into a pipe', () => {
  it('is plain lines: the start, each tenth, the end', () => {
    const stream = paper();
    const { time, nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    for (let done = 0; done <= 4000; done += 50) line.update(done, 4000);
    time.ms = 2000;
    line.note('f.csv:3: name empty');
    line.end();
    const tenths = [400, 800, '1,200', '1,600', '2,000', '2,400', '2,800', '3,200', '3,600'];
    expect(stream.written).toEqual([
      'Areas ...\n',
      ...tenths.map((done, index) => `Areas: ${index + 1}0 %, ${done} of 4,000\n`),
      'f.csv:3: name empty\n',
      'Areas: 4,000 in 2.0 s (2,000/s)\n',
    ]);
  });

  it('says every ten seconds how far it is if nobody knows how far it is to go', () => {
    const stream = paper();
    const { time, nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    for (time.ms = 0; time.ms <= 25_000; time.ms += 1000) line.update(time.ms);
    expect(stream.written).toEqual(['Areas ...\n', 'Areas: 10,000\n', 'Areas: 20,000\n']);
  });

  it('says at the end how much is missing after a failure', () => {
    const stream = paper();
    const { time, nowMs } = clock();
    const line = progressLine(stream, 'Areas', nowMs);
    line.update(100, 4000);
    time.ms = 1000;
    line.end();
    expect(stream.written.at(-1)).toBe('Areas: 100 of 4,000 in 1.0 s (100/s)\n');
  });
});
