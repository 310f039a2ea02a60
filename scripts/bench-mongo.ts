import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { appendMongo64, measureAppendMongo } from './bench/append-mongo.ts';
import { figureOf, line } from './bench/figures.ts';
import { leaveOut } from './servers/left-out.ts';
import { startMongodb } from './servers/mongodb.ts';

// Measures the log on a server of MongoDB that it starts for itself.
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
  },
});
const dir = mkdtempSync(join(tmpdir(), 'fengqiao-bench-mongodb-'));
try {
  const server = await startMongodb({ dir });
  process.stderr.write(`on ${server.kind}\n`);
  try {
    const rounds = Math.max(1, Math.trunc(Number(values.rounds)) || 1);
    const figure = figureOf(appendMongo64, await measureAppendMongo(server.url, { rounds }));
    process.stdout.write(`${values.json ? JSON.stringify(figure) : line(appendMongo64, figure)}\n`);
  } finally {
    await server.stop();
  }
} catch (error) {
  leaveOut(error);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
