import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../temporary-tree.ts';

const LIMIT_MS = 90_000;

export interface Ran {
  /** Of the last command that failed, else 0. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** Where the reader stands: `data` here is the data folder, `.cache` the division package's. */
  readonly folder: string;
  readonly dataDir?: string;
  /** What stands for `http://127.0.0.1:4000` on the pages. */
  readonly address?: string;
}

/** What the pages call `/tmp/fengqiao-NAME` lies in the reader's place here, as `NAME`. */
const TEMPORARY = '/tmp/fengqiao-';

/**
 * The repository's npm scripts, from the reader's place; areas come from a stand-in, offline. A page
 * asks the auditor twenty times: it is started without npm, which takes longer than its answers. What
 * takes a moment takes longer beside other tests, so a pause is longer here.
 */
const PRELUDE = `
npm() {
  case "$1 $2 $3" in
    'run areas --') shift 3; built platform/src/areas "$@" ;;
    'run --silent auditor') shift 4; built auditor/src/main "$@" ;;
    *) command npm --prefix "$ROOT" "$@" ;;
  esac
}
built() {
  local program="$ROOT/dist/apps/$1.js"
  shift
  node --disable-warning=ExperimentalWarning "$program" "$@"
}
sleep() { command sleep "$(($1 * 4))"; }
trap 'failed=$?' ERR
`;

const wrapped = (commands: string, index: number) =>
  `failed=0\n{\n${commands}\n} >"$OUT/${index}.out" 2>"$OUT/${index}.err"\n` +
  `echo "$failed" >"$OUT/${index}.code"\n`;

/** Runs blocks one after another in one bash, as a reader of the page does in one terminal. */
export async function runInShell(
  blocks: readonly string[],
  { folder, dataDir = join(folder, 'data'), address = '' }: Place,
): Promise<readonly Ran[]> {
  mkdirSync(folder, { recursive: true });
  const out = mkdtempSync(join(folder, 'out-'));
  const { PATH = '', HOME = folder } = process.env;
  const env = {
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    HOME,
    ROOT: root,
    OUT: out,
    DATA_DIR: dataDir,
    npm_config_update_notifier: 'false',
  };
  const script = PRELUDE + blocks.map(wrapped).join('');
  const commands = script
    .replaceAll('http://127.0.0.1:4000', address)
    .replaceAll(TEMPORARY, join(folder, '/'));
  const options = { cwd: folder, env, timeout: LIMIT_MS, killSignal: 'SIGKILL' } as const;
  await promisify(execFile)('bash', ['-c', commands], options);
  const ran = blocks.map((_, index) => readRan(join(out, String(index))));
  rmSync(out, { recursive: true });
  return ran;
}

function readRan(path: string): Ran {
  // A block that ends the shell leaves the rest without a trace.
  if (!existsSync(`${path}.code`)) throw new Error('the shell ended before this block was done');
  const read = (part: string) => readFileSync(`${path}.${part}`, 'utf8');
  return { code: Number(read('code')), stdout: read('out'), stderr: read('err') };
}
