// `npm run bench:servers`: what the servers' parts can do, measured against the bare client in the
// same run. It starts the servers itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAppendMongo } from './bench/append-mongo.ts';
import { BrokerBench } from './bench/broker.ts';
import { commandsOfFive, commandsOfOne } from './bench/commands.ts';
import { type Figure, figureOf, type Goal, line, type Measured } from './bench/figures.ts';
import { startKafka } from './servers/kafka.ts';
import { LeftOut } from './servers/left-out.ts';
import { startMongodb } from './servers/mongodb.ts';
import { endWithUs, type Server } from './servers/server.ts';

const USAGE =
  'npm run bench:servers -- [--json] [--rounds N] [--events N] [--only FIGURE[,FIGURE]]';

const goals = {
  relay: { unit: 'events/s', must: 0.6, aim: 0.8 },
  consume: { unit: 'events/s', must: 0.6, aim: 0.8 },
  'consume-parsed': { unit: 'events/s', must: 0.6, aim: 0.8 },
  'visible-p99': { unit: 'ms', must: 5, aim: 2, atMost: true },
  'append-mongo-64': { unit: 'commits/s', must: 1, aim: 1.5 },
  'commands-one': { unit: 'commands/s', must: 0, aim: 0 },
  'commands-five': { unit: 'commands/s', must: 0, aim: 0 },
} as const satisfies Readonly<Record<string, Omit<Goal, 'figure'>>>;

type FigureName = keyof typeof goals;

const OF_BROKER = ['relay', 'consume', 'consume-parsed', 'visible-p99'] as const;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    events: { type: 'string', default: '60000' },
    seconds: { type: 'string', default: '6' },
    only: { type: 'string', default: Object.keys(goals).join(',') },
  },
});
const rounds = count('rounds', values.rounds, 1);
const events = count('events', values.events, 1000);
const seconds = count('seconds', values.seconds, 1);
const wanted = new Set(values.only.split(','));
for (const name of wanted) if (!Object.hasOwn(goals, name)) refuse(`there is no figure ${name}`);

const folder = mkdtempSync(join(tmpdir(), 'fengqiao-bench-'));
let kafka: Server | undefined;
endWithUs(() => (kafka === undefined ? [] : [kafka]));
try {
  kafka = await startKafka({ dir: join(folder, 'kafka') });
  await measureBroker(kafka.url);
  if (wanted.has('append-mongo-64')) await measureDatabase();
  await measureCommands(kafka.url);
} catch (error) {
  if (!(error instanceof LeftOut)) throw error;
  process.stdout.write(`left out: ${error.message}\n`);
  process.exitCode = process.env['REQUIRE_SERVERS'] === '1' ? 1 : 0;
} finally {
  await kafka?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measureBroker(url: string): Promise<void> {
  const measured: Record<(typeof OF_BROKER)[number], Measured[]> = {
    relay: [],
    consume: [],
    'consume-parsed': [],
    'visible-p99': [],
  };
  if (!OF_BROKER.some((name) => wanted.has(name))) return;
  const isConsumed = wanted.has('consume') || wanted.has('consume-parsed');
  const bench = new BrokerBench(join(folder, 'broker'), url);
  process.stderr.write(`fills a log with ${events} events, then ${rounds} rounds\n`);
  await bench.fill(events);
  for (let round = 0; round < rounds; round += 1) {
    if (wanted.has('relay') || isConsumed) {
      const { topic, ...relay } = await bench.relay();
      measured.relay.push(relay);
      if (isConsumed) {
        const consumed = await bench.consume(topic);
        measured.consume.push(consumed.consume);
        measured['consume-parsed'].push(consumed['consume-parsed']);
      }
    }
    if (wanted.has('visible-p99')) measured['visible-p99'].push(await bench.visible(seconds));
  }
  await bench.close();
  for (const name of OF_BROKER) tell(name, measured[name]);
}

/** On mongod where there is one, else on FerretDB; it says which. */
async function measureDatabase(): Promise<void> {
  const server = await startMongodb({ dir: join(folder, 'mongodb') });
  try {
    process.stderr.write(`appends on ${server.kind}\n`);
    tell('append-mongo-64', await measureAppendMongo(server.url, { rounds }));
  } finally {
    await server.stop();
  }
}

async function measureCommands(url: string): Promise<void> {
  if (!wanted.has('commands-one') && !wanted.has('commands-five')) return;
  const one = await commandsOfOne(folder, seconds);
  tell('commands-one', [{ value: one, limit: null }]);
  const five = await commandsOfFive(folder, { BUS_URL: url }, seconds);
  tell('commands-five', [{ value: five, limit: one }]);
}

function tell(figure: FigureName, measured: readonly Measured[]): void {
  if (!wanted.has(figure) || measured.length === 0) return;
  const goal: Goal = { figure, ...goals[figure] };
  const result: Figure = figureOf(goal, measured);
  process.stdout.write(`${values.json ? JSON.stringify(result) : line(goal, result)}\n`);
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name} must be a number of at least ${least}`);
}

function refuse(why: string): never {
  process.stderr.write(`bench:servers: ${why}; ${USAGE}\n`);
  process.exit(1);
}
