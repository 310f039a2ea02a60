import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, type Role } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { readSettings, type Scheduler, SystemClock } from '#libs/service';
import { loadFirstAreas } from '../../grid-registry/divisions/first-load.js';
import { openPlatform, type Platform } from '../src/platform.js';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly messages: { readonly zh: string; readonly en: string };
  };
}

export interface Answer {
  readonly status: number;
  // Each test knows the shape of what it asked for.
  readonly data: Record<string, never> & Record<string, unknown>;
  readonly errors: readonly GraphqlError[];
  readonly codes: readonly string[];
}

/** Asks a graph over HTTP as somebody. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async ask(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...this.headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = (await response.json()) as Partial<Answer>;
    const codes = errors.map(({ extensions }) => extensions?.code);
    return { status: response.status, data: data ?? {}, errors, codes };
  }

  /** The data of a query that must succeed. */
  async data<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data as Data;
  }
}

export interface TestPlatform {
  readonly platform: Platform;
  readonly url: string;
  readonly dataDir: string;
  token(role: Role, area: string, subject?: string): Promise<string>;
  as(role: Role, area: string, headers?: Record<string, string>): Promise<Client>;
  /** As somebody whose subject matters. */
  asSubject(subject: string, role: Role, area: string): Promise<Client>;
  close(): Promise<void>;
}

/** A platform of its own folder and port, with the areas of Shaoyang. */
export async function startPlatform(
  clock: Scheduler = new SystemClock(),
  env: NodeJS.ProcessEnv = {},
): Promise<TestPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-'));
  const settings = readSettings('platform', { DATA_DIR: dataDir, PORT: '0', ...env });
  const platform = await openPlatform(settings, clock);
  await loadFirstAreas(platform.areas, { write: () => true });
  const url = await platform.listen();
  const token = (role: Role, area: string, subject = `${role}-1`): Promise<string> => {
    const code = parseAreaCode(area);
    if (code === undefined) throw new Error(`${area} is no area code`);
    return issueToken(platform.tokenKey, { subject, role, area: code, hours: 1 });
  };
  return {
    platform,
    url,
    dataDir,
    token,
    as: async (role, area, headers) => new Client(url, await token(role, area), headers),
    asSubject: async (subject, role, area) => new Client(url, await token(role, area, subject)),
    close: async () => {
      await platform.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
