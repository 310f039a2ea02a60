import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Acknowledged } from './acknowledged.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Checked, checkWhole } from './check.ts';
import { WriterProcess } from './writer-process.ts';

export interface TortureOptions {
  /** A folder that holds no log yet. */
  readonly dir: string;
  readonly writers: number;
  readonly kills: number;
  readonly seed: number;
  /** Between two strokes at most. */
  readonly pauseMs: number;
  /** After so many kills all writers end, and the log is checked; at the end it always is. */
  readonly checkEvery: number;
  readonly tell: (line: string) => void;
}

export interface Tortured extends Checked {
  readonly acknowledged: number;
  readonly kills: number;
}

/** Commands that a writer asks for again after a start, though they were acknowledged. */
const REPEATED = 30;
/** How long a writer may take to open its log beside the others. */
const OPEN_MS = 30_000;

/**
 * Lets several processes write one log, and kills them at moments that the seed chooses, again and
 * again. What is found wrong then is listed; a log that keeps its promises gives nothing to list.
 */
export async function torture(options: TortureOptions): Promise<Tortured> {
  const run = new Run(options);
  try {
    return await run.toTheEnd();
  } finally {
    await run.killAll();
  }
}

class Run {
  private readonly acknowledged = new Acknowledged();
  private readonly findings: string[] = [];
  private readonly processes: (WriterProcess | undefined)[];
  private readonly chance: Chance;
  private readonly options: TortureOptions;
  private kills = 0;

  constructor(options: TortureOptions) {
    this.options = options;
    this.chance = chanceOf(options.seed);
    this.processes = new Array<undefined>(options.writers).fill(undefined);
  }

  async toTheEnd(): Promise<Tortured> {
    const { kills, checkEvery } = this.options;
    let checked: Checked | undefined;
    while (this.kills < kills && this.findings.length === 0) {
      this.startAll();
      const until = Math.min(kills, this.kills + checkEvery);
      while (this.kills < until && this.findings.length === 0) await this.stroke();
      await this.stopAll();
      checked = await this.check();
    }
    const { events = 0, checkpoints = 0 } = checked ?? {};
    const { findings } = this;
    return {
      events,
      checkpoints,
      findings,
      acknowledged: this.acknowledged.size,
      kills: this.kills,
    };
  }

  async killAll(): Promise<void> {
    await Promise.all(this.processes.flatMap((each) => each?.kill() ?? []));
  }

  private startAll(): void {
    this.processes.forEach((_, writer) => this.start(writer));
  }

  private start(writer: number): void {
    const { dir, writers } = this.options;
    const { acknowledged } = this;
    const other = (writer + 1) % writers;
    const again = Math.max(0, acknowledged.behindLastOf(other) - REPEATED);
    this.processes[writer] = new WriterProcess(
      {
        dir,
        writer,
        from: Math.min(
          acknowledged.firstOpenOf(writer),
          Math.max(0, acknowledged.behindLastOf(writer) - REPEATED),
        ),
        other: this.chance.oneIn(2) ? { writer: other, from: again } : undefined,
      },
      (line) => this.hear(writer, line),
    );
  }

  private hear(writer: number, line: string): void {
    const [by = NaN, n = NaN, first = NaN, count = NaN] = line.split(' ').map(Number);
    if (Number.isInteger(count)) this.acknowledged.note(by, n, { first, count });
    else if (line !== 'open' && line !== 'closed') this.findings.push(`writer ${writer}: ${line}`);
  }

  /** One thing that happens to one writer. */
  private async stroke(): Promise<void> {
    await pause(this.chance.between(1, this.options.pauseMs));
    const writer = this.chance.between(0, this.options.writers - 1);
    const process = this.processes[writer];
    // Some are to be hit while they open the log; most of them while they write.
    if (!this.chance.oneIn(4)) await this.untilOpen(writer);
    if (this.chance.oneIn(10)) return this.end(writer);
    if (this.chance.oneIn(5)) {
      process?.pause();
      await pause(this.chance.between(1, this.options.pauseMs));
      if (this.chance.oneIn(2)) return process?.resume();
    }
    await this.kill(writer);
    this.start(writer);
  }

  private async kill(writer: number): Promise<void> {
    const process = this.processes[writer];
    const code = await process?.kill();
    if (code !== 'SIGKILL')
      this.findings.push(`writer ${writer} had ended: ${code} ${process?.complaint}`);
    this.kills += 1;
    const { kills, tell } = this.options;
    if (this.kills % 10 === 0)
      tell(`${this.kills} of ${kills} kills, ${this.acknowledged.size} commits`);
  }

  private async end(writer: number): Promise<void> {
    await this.mustEnd(writer);
    this.start(writer);
  }

  /** Ends a writer as its operator would, once it has begun. */
  private async mustEnd(writer: number): Promise<void> {
    const process = this.processes[writer];
    await this.untilOpen(writer);
    const code = await process?.end();
    if (code !== 0)
      this.findings.push(`writer ${writer} ended with ${code}: ${process?.complaint}`);
  }

  private async untilOpen(writer: number): Promise<void> {
    const process = this.processes[writer];
    for (let waited = 0; process?.isUnderWay === false && waited < OPEN_MS; waited += 5) {
      if (this.findings.length > 0) return;
      await pause(5);
    }
  }

  /** All at once: half of the times in the middle of their work. */
  private async stopAll(): Promise<void> {
    if (this.chance.oneIn(2)) await this.killAll();
    else await Promise.all(this.processes.map((_, writer) => this.mustEnd(writer)));
    this.processes.fill(undefined);
  }

  private async check(): Promise<Checked> {
    const { dir, tell } = this.options;
    if (this.chance.oneIn(3)) {
      for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `index.db${end}`), { force: true });
    }
    const checked = await checkWhole(dir, this.acknowledged);
    this.findings.push(...checked.findings);
    const { events, checkpoints, findings } = checked;
    tell(`checked ${events} events, ${checkpoints} checkpoints: ${findings.length} findings`);
    return checked;
  }
}
