import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** A command that was answered: it has to be in its service's log, once. */
export interface Acknowledged {
  readonly actor: string;
  readonly commandId: string;
  /** `SERVICE@POSITION` of its last event. */
  readonly position: string;
}

export interface DeskOptions {
  readonly url: string;
  readonly actor: string;
  readonly token: string;
  readonly onAcknowledged: (acknowledged: Acknowledged) => void;
}

type Fields = Readonly<Record<string, never>> & { readonly position: string };

/** A command is sent again for so long; what a kill needs to be over is much less. */
const PATIENCE_MS = 90_000;
const ANSWER_MS = 15_000;
const AGAIN_MS = 100;
/** A process is down or has not heard yet: the same command may be taken later. */
const LATER: ReadonlySet<unknown> = new Set([
  'SERVICE_UNAVAILABLE',
  'DATABASE_AWAY',
  'COMMAND_CONFLICT',
  'LOG_BUSY',
  'VIEWS_BEHIND',
  'GRID_NOT_FOUND',
  'MEDIATOR_NOT_FOUND',
]);

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

/** 办事窗口: somebody who asks the gateway, and asks again with the same id until it answers. */
export class Desk {
  private readonly options: DeskOptions;

  constructor(options: DeskOptions) {
    this.options = options;
  }

  /** The fields that were asked back, once the command was acknowledged. */
  async done(command: string, input: object, fields: string): Promise<Fields> {
    const type = `${command.charAt(0).toUpperCase()}${command.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { done: ${command}(input: $input) { ${fields} position } }`;
    const commandId = randomUUID();
    const { done } = await this.asked(query, { input: { ...input, commandId } });
    const answer = done as Fields;
    const { actor } = this.options;
    this.options.onAcknowledged({ actor, commandId, position: answer.position });
    return answer;
  }

  /** @throws Error when it is refused for good, or not answered in time */
  async asked(query: string, variables: object): Promise<Record<string, unknown>> {
    const end = performance.now() + PATIENCE_MS;
    let why = '';
    while (performance.now() < end) {
      const { data, errors = [] } = await this.once(query, variables);
      if (errors.length === 0 && data !== undefined && data !== null) return { ...data };
      why = errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('; ');
      if (!errors.every(({ extensions }) => LATER.has(extensions?.code))) break;
      await delay(AGAIN_MS);
    }
    throw new Error(`${query.slice(0, 80)}: ${why}`);
  }

  private async once(query: string, variables: object): Promise<Answer> {
    const { url, token } = this.options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'accept-language': 'en',
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return (await response.json()) as Answer;
    } catch (error) {
      // The gateway itself was killed: whether the command was taken is not known.
      const message = error instanceof Error ? error.message : String(error);
      return { errors: [{ message, extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
    }
  }
}
