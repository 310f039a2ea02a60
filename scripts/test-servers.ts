// `npm run test:servers [-- --short] [--feeds]`: five processes on real servers, which are killed
// and stopped while people work. Exit code 1 when something that was promised did not hold. With
// --feeds no broker carries the events.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serverKinds } from './servers/all.ts';
import { drill } from './servers/drill.ts';
import { LeftOut } from './servers/left-out.ts';
import { endWithUs } from './servers/server.ts';
import { type Restartable, troublesOf } from './servers/troubles.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    feeds: { type: 'boolean', default: false },
  },
});
const tell = (line: string) => process.stderr.write(`test:servers: ${line}\n`);
const WORKERS = 3;

const root = mkdtempSync(join(tmpdir(), 'fengqiao-servers-'));
const servers: Restartable[] = [];
const env: Record<string, string> = {};
let isWhole = false;
endWithUs(() => servers.map(({ current }) => current));
try {
  if (!values.feeds) await startServers();
  const troubles = troublesOf(servers, values.short);
  const found = await drill({ dir: join(root, 'house'), env, troubles, workers: WORKERS, tell });
  for (const finding of found.findings) tell(finding);
  isWhole = found.findings.length === 0;
  process.stdout.write(
    `${troubles.length} troubles, ${found.cases} cases, ${found.acknowledged} commands ` +
      `acknowledged, ${found.findings.length} findings\n`,
  );
  process.exitCode = isWhole ? 0 : 1;
} catch (error) {
  if (!(error instanceof LeftOut)) throw error;
  isWhole = true;
  process.stdout.write(`left out: ${error.message}\n`);
  process.exitCode = process.env['REQUIRE_SERVERS'] === '1' ? 1 : 0;
} finally {
  for (const server of servers) await server.current.stop();
  // What broke its promises is kept for whoever has to find out why.
  if (isWhole) rmSync(root, { recursive: true, force: true });
  else tell(`everything is kept in ${root}`);
}

async function startServers(): Promise<void> {
  for (const { name, setting, start } of serverKinds) {
    const again = () => start({ dir: join(root, name) });
    const current = await again();
    servers.push({ name, current, start: again });
    env[setting] = current.url;
    tell(`${name} at ${current.url}`);
  }
}
