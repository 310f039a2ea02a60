import { alone } from './lock.mjs';
import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { runNode, stopCode, watchForTheEnd } from './processes.mjs';
import { findRuntime, refuseHopelessPlatform } from './runtime.mjs';
import { Stop, say } from './say.mjs';
import { tasks } from './tasks.mjs';

/**
 * Runs one task: installs and builds what is missing, then starts the task's program with the
 * project's own Node and ends with its exit code.
 */
export async function main([name, ...args]) {
  watchForTheEnd();
  try {
    process.exit(await run(findTask(name), args));
  } catch (error) {
    // Anything else is a defect of the bootstrap, and Node shows it with its stack.
    if (!(error instanceof Stop)) throw error;
    say(`fengqiao: ${error.message}`);
    process.exit(stopCode() ?? 1);
  }
}

function findTask(name) {
  const task = tasks.get(name);
  if (task) return task;
  const known = [...tasks.keys()].join(', ');
  throw new Stop(`${name ? `unknown task ${name}` : 'no task given'}; tasks are: ${known}`);
}

const options = [
  // node:sqlite still announces itself as experimental at every start.
  '--disable-warning=ExperimentalWarning',
  // kafkajs asks for timers in the past (tulios/kafkajs#1751), which harms nothing.
  '--disable-warning=TimeoutNegativeWarning',
  // Some 2,400 modules are loaded before the platform answers: a larger young heap, and no look-up
  // of symbolic links (a project of one package has none), save a fifth of that time.
  '--max-semi-space-size=64',
  '--preserve-symlinks',
  '--preserve-symlinks-main',
];

async function run(task, args) {
  refuseHopelessPlatform();
  await prepare(task);
  if (!task.program) return 0;
  const program = [...options, task.program, ...(task.args?.(args) ?? args)];
  const { code } = await runNode(runtime(), program, {
    // Tests are for the makers: only a built program runs as in production.
    env: task.build === false ? {} : { NODE_ENV: process.env.NODE_ENV ?? 'production' },
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  return code;
}

async function prepare({ build: needsBuild = true }) {
  const isReady = () => isInstalled() && (!needsBuild || isBuilt());
  if (isReady()) return;
  await alone(async () => {
    if (!isInstalled()) await install();
    if (needsBuild && !isBuilt()) await build(runtime());
  });
}

function runtime() {
  const node = findRuntime();
  if (node) return node;
  throw new Stop('the pinned Node was not installed; remove node_modules and try again');
}
