import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const AUDITOR = fileURLToPath(new URL('../../auditor/src/main.js', import.meta.url));

/** What a stranger finds in the files, with the program that an auditor has. */
export function audit(dataDir: string): readonly string[] {
  return [['verify'], ['diff']].flatMap((command) => {
    const args = ['--disable-warning=ExperimentalWarning', AUDITOR, ...command, dataDir];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status === 0) return [];
    return [`auditor ${command.join(' ')} ended with ${status}: ${stdout}${stderr}`.trim()];
  });
}
