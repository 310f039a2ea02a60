import { DataDirInUse } from '#libs/event-log';
import { callerPath, openDatabases, reportAndExit } from '#libs/service';
import { hashToBase64 } from '#libs/transparency';
import { CopyRefused, moveToDatabase, type MovedLog, moveToFolder } from '#libs/store-copy';
import { optionsOf, UsageError } from './command-line.js';
import { services } from './rooms.js';

const USAGE =
  'npm run migrate-store -- --from DIR|URL --to URL|DIR [--keys-url URL] [--signing DIR]';
const isAddress = (text: string): boolean => /^mongodb(?:\+srv)?:\/\//.test(text);

try {
  const text = { type: 'string' } as const;
  const given = optionsOf(USAGE, { from: text, to: text, 'keys-url': text, signing: text });
  const { from, to, signing } = given;
  if (from === undefined || to === undefined) throw new UsageError(`Usage: ${USAGE}`);
  if (isAddress(from) === isAddress(to)) {
    throw new UsageError(`one of --from and --to is a folder, the other an address. ${USAGE}`);
  }
  const [url, folder] = isAddress(from) ? [from, to] : [to, from];
  const dataDir = callerPath(folder, process.env);
  const keysUrl = given['keys-url'];
  const databases = await openDatabases({ databaseUrl: url, keysDatabaseUrl: keysUrl });
  if (databases === undefined) throw new UsageError(`Usage: ${USAGE}`);
  const move = { dataDir, mongo: databases.mongo, keys: databases.keys };
  try {
    const names = Object.keys(services);
    const signingFrom = signing === undefined ? undefined : callerPath(signing, process.env);
    const moved = isAddress(from)
      ? await moveToFolder(move, names, signingFrom)
      : await moveToDatabase(move);
    for (const line of moved.map(lineOf)) console.log(line);
    if (isAddress(from) && signing === undefined) {
      console.error('migrate-store: signing.key was left where it is: copy it, or name --signing');
    }
  } catch (error) {
    if (!(error instanceof CopyRefused || error instanceof DataDirInUse)) {
      console.error('migrate-store: the target is half filled: remove it before the next try');
    }
    throw error;
  } finally {
    await databases.close();
  }
} catch (error) {
  reportAndExit('migrate-store', error);
}

function lineOf({ service, size, root, subjects }: MovedLog): string {
  return `${service}: ${size} events, root ${hashToBase64(root)}, ${subjects} keys`;
}
