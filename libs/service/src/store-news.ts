import type { Rebuilding } from '#libs/views';

/** A line at each tenth. */
export function progressOf(name: string): (progress: Rebuilding) => void {
  let told = -1;
  return ({ generation, done, total }) => {
    const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
    if (done > 0 && tenth <= told) return;
    told = tenth;
    const line = `makes its views anew (${generation}): ${done} of ${total} events`;
    process.stderr.write(`${name}: ${line}\n`);
  };
}

export function tellFault(name: string, error: unknown): void {
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
}
