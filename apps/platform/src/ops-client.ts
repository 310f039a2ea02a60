import { hasTokenKey, issueToken, openTokenKey, SUBJECT } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import type { ParkedThere, RetriedThere, Settings, SwitchedThere, ViewsThere } from '#libs/service';
import { UsageError } from './command-line.js';

/** A retry may go through a long queue, a rebuild through a long log. */
const WAIT_MS = 600_000;
const TOKEN_HOURS = 1;

/** What the platform answers to one of the works. */
export interface OpsAnswer {
  readonly parked?: readonly ParkedThere[];
  readonly retried?: readonly RetriedThere[];
  readonly skipped?: RetriedThere;
  readonly views?: readonly ViewsThere[];
  readonly switched?: SwitchedThere;
}

/** Nobody answers there. */
class NotRunning extends Error {
  readonly code = 'NOT_RUNNING';
}

/** The platform has refused. */
class Refused extends Error {
  readonly code = 'REFUSED';
}

interface Asker {
  readonly settings: Settings;
  readonly url: string | undefined;
  readonly subject: string;
}

/** Asks the running platform, with a token that is made with the key in its data folder. */
export async function askPlatform(
  asker: Asker,
  work: `${'parked' | 'views'}/${string}`,
  asked: object,
): Promise<OpsAnswer> {
  const { settings } = asker;
  const base = asker.url ?? `http://${settings.host}:${settings.port}`;
  const response = await fetch(new URL(`/ops/${work}`, base), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(asker)}`,
      'content-type': 'application/json',
      'accept-language': 'en',
    },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(WAIT_MS),
  }).catch((error: unknown) => {
    throw new NotRunning(
      `nothing answers at ${base}: this is asked of the running platform; start it with ` +
        'npm start, or say with --url where it is',
      { cause: error },
    );
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as OpsAnswer;
  throw new Refused(`${base} answers ${response.status}: ${messageIn(text)}`);
}

async function tokenOf({ settings: { dataDir }, subject }: Asker): Promise<string> {
  if (!SUBJECT.test(subject)) {
    throw new UsageError('--as must be 1 to 64 characters without blanks and colons');
  }
  if (!hasTokenKey(dataDir)) {
    throw new UsageError(`DATA_DIR ${dataDir} holds no platform yet: npm start makes one`);
  }
  const request = { subject, role: 'operator', area: COUNTRY, hours: TOKEN_HOURS } as const;
  return issueToken(openTokenKey(dataDir), request);
}

function messageIn(text: string): string {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly { message: string }[] };
    return errors?.[0]?.message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
