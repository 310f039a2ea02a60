import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const START_MS = 30_000;

/** A built program of the platform in a process of its own. */
export class Running {
  private printed = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (text: Buffer) => (this.printed += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.printed += text.toString()));
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Starts `dist/apps/PROGRAM.js`; the build comes before the tests. */
  static start(
    program: string,
    env: Readonly<Record<string, string>>,
    args: string[] = [],
  ): Running {
    const file = `${ROOT}dist/apps/${program}.js`;
    if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
    const { PATH = '' } = process.env;
    return new Running(
      spawn(process.execPath, [file, ...args], { env: { PATH, ...env }, cwd: ROOT }),
    );
  }

  /** The address that the program printed once it was ready. */
  async url(): Promise<string> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const [url] = /http:\/\/\S+\/graphql(?=\s)/.exec(this.readyPart()) ?? [];
      if (url !== undefined) return url;
      if (this.child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the program did not get ready: ${this.printed}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  output(): string {
    return this.printed;
  }

  /** Ends it as the operating system or a person would; resolves to its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null) this.child.kill(signal);
    return this.ended;
  }

  exit(): Promise<number | null> {
    return this.ended;
  }

  private readyPart(): string {
    const at = this.printed.indexOf('ready at');
    return at === -1 ? '' : this.printed.slice(at);
  }
}
