import { runAuditor } from './run-auditor.js';

// A reader that has seen enough, such as `head`, closes the pipe: that is no fault of the log.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runAuditor(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
});
