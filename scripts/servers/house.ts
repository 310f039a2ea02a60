import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { root } from './server.ts';

/** The services, each with the setting that tells the others where it is. */
export const SERVICES = {
  'grid-registry': 'REGISTRY_URL',
  mediation: 'MEDIATION_URL',
  volunteers: 'VOLUNTEERS_URL',
  inspections: 'INSPECTIONS_URL',
} as const;

export const PROCESSES = [...Object.keys(SERVICES), 'gateway'];

/** The first start reads the division data. */
const READY_MS = 120_000;
const END_MS = 15_000;

const OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
  '--max-semi-space-size=64',
  // Ends with whoever started it, even if that was killed.
  '--import',
  pathToFileURL(join(root, 'scripts', 'bootstrap', 'parent.mjs')).href,
];

export interface HouseOptions {
  readonly dataDir: string;
  /** The port of each process. */
  readonly ports: Readonly<Record<string, number>>;
  /** What else they are told: BUS_URL and the like. */
  readonly env: Readonly<Record<string, string>>;
  /** What one of them is told beside that, such as whom it signs in as. */
  readonly envOf?: (name: string) => Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** 五进程: the services and the gateway as processes of their own, each ended by its own number. */
export class House {
  private readonly children = new Map<string, ChildProcess>();
  private readonly options: HouseOptions;

  constructor(options: HouseOptions) {
    this.options = options;
  }

  get url(): string {
    return `${this.urlOf('gateway')}/graphql`;
  }

  urlOf(name: string): string {
    return `http://127.0.0.1:${this.options.ports[name] ?? 0}`;
  }

  async startAll(): Promise<void> {
    await Promise.all(PROCESSES.map((name) => this.start(name)));
  }

  /** Resolves when the process says that it is ready. */
  async start(name: string): Promise<void> {
    const program = join(root, 'dist', 'apps', name, 'src', 'main.js');
    const child = spawn(process.execPath, [...OPTIONS, program], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', ...this.envOf(name) },
    });
    this.children.set(name, child);
    let text = '';
    let isReady = false;
    child.stderr?.setEncoding('utf8').on('data', (more: string) => {
      const lines = (text + more).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        isReady ||= line.includes(`${name}: ready at`);
        this.options.onLine(line);
      }
    });
    const end = performance.now() + READY_MS;
    while (!isReady) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > end) {
        throw new Error(`${name} did not get ready; what it said of that stands above`);
      }
      await delay(20);
    }
  }

  kill(name: string, signal: NodeJS.Signals): void {
    this.children.get(name)?.kill(signal);
  }

  /** Resolves to its exit code once it has ended; null when a signal ended it. */
  async ended(name: string): Promise<number | null> {
    const child = this.children.get(name);
    if (child === undefined) return null;
    const end = performance.now() + END_MS;
    while (child.exitCode === null && child.signalCode === null) {
      if (performance.now() > end) throw new Error(`${name} has not ended after ${END_MS} ms`);
      await delay(10);
    }
    return child.exitCode;
  }

  /** Ends all of them in order; the exit codes of those that did not end well. */
  async stopAll(): Promise<readonly string[]> {
    const names = [...this.children.keys()].toReversed();
    for (const name of names) this.kill(name, 'SIGTERM');
    const codes = await Promise.all(names.map((name) => this.ended(name).catch(String)));
    for (const name of names) this.kill(name, 'SIGKILL');
    return names.flatMap((name, index) => (codes[index] === 0 ? [] : [`${name}: ${codes[index]}`]));
  }

  /** Whether one has ended by itself. */
  firstEnded(): string | undefined {
    const ended = [...this.children].find(([, child]) => child.exitCode !== null);
    return ended?.[0];
  }

  private envOf(name: string): Record<string, string> {
    const urls: Record<string, string> = {};
    for (const [service, setting] of Object.entries(SERVICES)) {
      urls[setting] = `${this.urlOf(service)}/graphql`;
    }
    const { dataDir, ports, env, envOf } = this.options;
    const own = { DATA_DIR: dataDir, PORT: String(ports[name] ?? 0), HOST: '127.0.0.1' };
    return { ...urls, ...env, ...envOf?.(name), ...own };
  }
}
