import { performance } from 'node:perf_hooks';

/** The part of a terminal's or a pipe's stream that is needed here; process.stderr is one. */
export type ProgressStream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

/** Shows how far a work has come. `end` belongs into a finally, so that no bar is left hanging. */
export type ProgressLine = {
  /** Says how many are done, and of how many if that is known. */
  update(done: number, total?: number): void;
  /** Writes a line of its own without tearing the bar. */
  note(text: string): void;
  /** Writes what was reached and how long it took. */
  end(): void;
};

type Progress = { done: number; total: number | undefined };
type Clock = () => number;

const REDRAW_MS = 100;
const PLAIN_STEP_PERCENT = 10;
const PLAIN_STEP_MS = 10_000;
const MAX_BAR = 30;
const MIN_BAR = 5;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001B[K';
// Chinese characters and full-width signs take two columns of a terminal.
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/gu;

/**
 * Starts a progress line: on a terminal one line that is redrawn at most ten times a second,
 * elsewhere plain lines at the start, at every tenth, and at the end. `nowMs` is for tests.
 */
export function progressLine(
  stream: ProgressStream,
  label: string,
  nowMs: Clock = () => performance.now(),
): ProgressLine {
  const startedMs = nowMs();
  const progress: Progress = { done: 0, total: undefined };
  const perSecond = (): number => progress.done / Math.max((nowMs() - startedMs) / 1000, 0.001);
  const style = stream.isTTY === true ? redrawn : plain;
  const shown = style(stream, { label, progress, perSecond, nowMs });
  return {
    update(done, total = progress.total) {
      Object.assign(progress, { done, total });
      shown.update();
    },
    note: (text) => shown.note(text),
    end() {
      const seconds = ((nowMs() - startedMs) / 1000).toFixed(1);
      shown.end(`${label}: ${reached(progress)} in ${seconds} s (${count(perSecond())}/s)\n`);
    },
  };
}

type Source = {
  readonly label: string;
  readonly progress: Readonly<Progress>;
  readonly perSecond: () => number;
  readonly nowMs: Clock;
};

type Shown = { update(): void; note(text: string): void; end(last: string): void };

function redrawn(stream: ProgressStream, source: Source): Shown {
  let drawnMs = -Infinity;
  const draw = (): void => {
    drawnMs = source.nowMs();
    stream.write(CLEAR_LINE + barLine(source, (stream.columns ?? DEFAULT_COLUMNS) - 1));
  };
  draw();
  return {
    update: () => (source.nowMs() - drawnMs >= REDRAW_MS ? draw() : undefined),
    note(text) {
      stream.write(`${CLEAR_LINE}${text}\n`);
      drawnMs = -Infinity; // The bar is gone, so the next update has to draw it.
    },
    end: (last) => stream.write(CLEAR_LINE + last),
  };
}

function plain(stream: ProgressStream, { label, progress, nowMs }: Source): Shown {
  let nextPercent = PLAIN_STEP_PERCENT;
  let nextMs = nowMs() + PLAIN_STEP_MS;
  stream.write(`${label} ...\n`);
  return {
    update() {
      const percent = percentOf(progress);
      const isDue = percent === undefined ? nowMs() >= nextMs : percent >= nextPercent;
      if (!isDue || percent === 100) return; // The end has a line of its own.
      nextMs = nowMs() + PLAIN_STEP_MS;
      nextPercent = (Math.floor((percent ?? 0) / PLAIN_STEP_PERCENT) + 1) * PLAIN_STEP_PERCENT;
      const share = percent === undefined ? '' : `${percent} %, `;
      stream.write(`${label}: ${share}${reached(progress)}\n`);
    },
    note: (text) => stream.write(`${text}\n`),
    end: (last) => stream.write(last),
  };
}

/** The bar is plain ASCII, because block characters take two columns on many Chinese terminals. */
function barLine({ label, progress, perSecond }: Source, columns: number): string {
  const percent = percentOf(progress);
  const share = percent === undefined ? '' : `${String(percent).padStart(3)} %  `;
  const figures = `${share}${reached(progress)}  ${count(perSecond())}/s`;
  const text = `${label}  ${figures}`;
  if (width(text) > columns) return figures.slice(0, Math.max(columns, 0));
  const room = Math.min(MAX_BAR, columns - width(text) - '[] '.length);
  if (percent === undefined || room < MIN_BAR) return text;
  const filled = Math.floor((room * percent) / 100);
  return `${label}  [${'#'.repeat(filled).padEnd(room, '-')}] ${figures}`;
}

function percentOf({ done, total }: Progress): number | undefined {
  if (total === undefined || total <= 0) return undefined;
  return Math.min(100, Math.floor((done / total) * 100));
}

function reached({ done, total }: Progress): string {
  return total === undefined || done === total ? count(done) : `${count(done)} of ${count(total)}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function width(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
