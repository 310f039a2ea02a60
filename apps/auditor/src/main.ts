import { resolve } from 'node:path';
import { runAuditor } from './run-auditor.js';

// A reader that has seen enough, such as `head`, closes the pipe: that is no fault of the log.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const { INIT_CWD: caller, DATA_DIR: dataDir = './data' } = process.env;
// Found like every program of this project finds it; all else is named by the caller, whose folder
// npm leaves for that of the project.
const env = { ...process.env, DATA_DIR: resolve(dataDir) };
if (caller !== undefined) process.chdir(caller);

process.exitCode = await runAuditor(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  env,
});
