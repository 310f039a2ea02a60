import type { Answer, Client, TestPlatform } from './client.js';
import { positionText } from '#libs/event-log';

/** A root field with its own arguments, and what is asked of it. */
export interface Question {
  readonly field: string;
  readonly key: string;
  readonly value: string;
  readonly wanted: string;
}

interface Moment {
  readonly question: Question;
  readonly answer: Pick<Answer, 'data' | 'codes'>;
  readonly positions: readonly string[];
  /** When the last event of all had been recorded. */
  readonly time: string;
  readonly heads: readonly number[];
}

/** Keeps what live queries answered, with how far the logs were, to ask again later. */
export class Moments {
  readonly kept: Moment[] = [];

  constructor(
    private readonly platform: TestPlatform,
    private readonly client: Client,
  ) {}

  /** Asks as of now, again while something is recorded under it. */
  async keep(question: Question): Promise<void> {
    for (let tries = 0; tries < 20; tries += 1) {
      const heads = await this.heads();
      const answer = await this.ask(question);
      if (String(await this.heads()) !== String(heads)) continue;
      const { logs } = this.platform.platform;
      const positions = logs.map(({ origin }, index) => positionText(origin, heads[index]! - 1));
      const last = await Promise.all(logs.map((log, index) => log.read(heads[index]! - 1, 1)));
      const time = last
        .flat()
        .reduce((late, { recordedAt }) => (recordedAt > late ? recordedAt : late), '');
      this.kept.push({ question, answer, positions, time, heads });
      return;
    }
    throw new Error('the services never stood still');
  }

  ask(
    question: Question,
    asOf?: string | readonly string[],
  ): Promise<Pick<Answer, 'data' | 'codes'>> {
    return ask(this.client, question, asOf);
  }

  /** Whether nothing that was recorded later has the time of this moment. */
  async isWhole({ heads, time }: Moment): Promise<boolean> {
    const { logs } = this.platform.platform;
    const next = await Promise.all(logs.map((log, index) => log.read(heads[index]!, 1)));
    return next.flat().every(({ recordedAt }) => recordedAt > time);
  }

  private heads(): Promise<readonly number[]> {
    return Promise.all(this.platform.platform.logs.map((log) => log.head()));
  }
}

export async function ask(
  client: Client,
  { field, key, value, wanted }: Question,
  asOf?: string | readonly string[],
): Promise<Pick<Answer, 'data' | 'codes'>> {
  const query = `query ($asOf: [AsOf!], $value: ID!) { ${field}(${key}: $value, asOf: $asOf) { ${wanted} } }`;
  const { data, codes } = await client.ask(query, { value, ...(asOf !== undefined && { asOf }) });
  return { data, codes };
}
