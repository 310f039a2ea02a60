import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('writer.ts', import.meta.url));
/** A clean end waits for what was asked for, which others may hold up for a while. */
const END_MS = 20_000;

/** What a writer is to begin with. */
export interface Start {
  readonly dir: string;
  readonly writer: number;
  readonly from: number;
  /** Another writer's commands that it asks for again first. */
  readonly other?: { readonly writer: number; readonly from: number } | undefined;
}

/** One process that writes, until it is killed or told to end. */
export class WriterProcess {
  /** Whether its log is open, or it has ended before that: there is nothing to wait for. */
  isUnderWay = false;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly ended: Promise<number | string>;
  private stderr = '';

  /** @param heard each line that it says, until its end */
  constructor({ dir, writer, from, other }: Start, heard: (line: string) => void) {
    const more = other === undefined ? [] : [other.writer, other.from];
    const args = [dir, writer, from, ...more].map(String);
    this.child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', PROGRAM, ...args],
      { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
    );
    this.child.stderr.on('data', (text) => (this.stderr = `${this.stderr}${text}`.slice(-2_000)));
    this.child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: this.child.stdout });
    lines.on('line', (line) => {
      if (line === 'open') this.isUnderWay = true;
      heard(line);
    });
    const said = new Promise((resolve) => lines.once('close', resolve));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', () => (this.isUnderWay = true));
      // Its last lines may still be on their way when it has ended.
      this.child.once(
        'close',
        (code, signal) => void said.then(() => resolve(signal ?? code ?? '')),
      );
    });
  }

  /** What it printed as an error: nothing, unless it has ended by a mistake. */
  get complaint(): string {
    return this.stderr.trim();
  }

  /** Resolves with its exit code, or the signal, when all that it said was heard. */
  kill(): Promise<number | string> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  async end(): Promise<number | string> {
    this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    const code = await this.ended;
    clearTimeout(limit);
    return code;
  }

  /** Holds it in the middle of whatever it does, the write lock in its hand perhaps. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }
}
