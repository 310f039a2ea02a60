import { Writable } from 'node:stream';
import type { CommandIo } from '../src/command.js';
import { runAuditor } from '../src/run-auditor.js';

/** What a command wrote, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Streams that keep what is written to them. */
export function keptIo(): { readonly io: CommandIo; out(): string; err(): string } {
  const written = { out: '', err: '' };
  const into = (name: keyof typeof written): Writable =>
    new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        written[name] += text;
        done();
      },
    });
  const io = { out: into('out'), err: into('err'), env: {} };
  return { io, out: () => written.out, err: () => written.err };
}

/** Runs the auditor as from the command line. */
export async function run(...args: readonly string[]): Promise<Ended> {
  const { io, out, err } = keptIo();
  const code = await runAuditor(args, io);
  return { code, out: out(), err: err() };
}

/** The values that a command wrote with `--json`, a line each. */
export function jsonOf<Value = Record<string, unknown>>({ out }: Ended): readonly Value[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Value);
}
