import { createHash } from 'node:crypto';

/** 轨迹: what happened, in its order; two runs of one seed must have the same. */
export class Trace {
  private readonly hash = createHash('sha256');
  private lines = 0;

  /** @param hear gets each line, to be shown */
  constructor(private readonly hear: (line: string) => void = () => undefined) {}

  tell(line: string): void {
    this.lines += 1;
    this.hash.update(`${line}\n`);
    this.hear(line);
  }

  /** Of everything that was told so far. */
  digest(): string {
    return `${this.hash.copy().digest('hex').slice(0, 16)} of ${this.lines} lines`;
  }
}
