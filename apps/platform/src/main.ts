import { resolve } from 'node:path';
import { loadFirstAreas } from '../../grid-registry/divisions/first-load.js';
import { makeFirstAccount } from '../../gateway/src/open-door.js';
import { logKeyLine, runProcess } from '#libs/service';
import { openPlatform } from './platform.js';

await runProcess('platform', async (settings) => {
  const platform = await openPlatform(settings);
  await loadFirstAreas(platform.areas, process.stderr);
  for (const signed of platform.signed) process.stderr.write(logKeyLine(signed));
  await makeFirstAccount(platform, 'platform', (line) => console.error(line));
  const url = await platform.listen();
  // A token is signed with the key in the data folder: the command must name the same one.
  const folder = settings.dataDir === resolve('data') ? '' : `DATA_DIR=${settings.dataDir} `;
  const token = `${folder}npm run --silent token -- --role supervisor --area 4305`;
  console.error(`
枫桥 Fengqiao is ready at ${url}
  data      ${settings.dataDir}
  a token   ${token}
  ask       open ${url} in a browser, or
            curl -s ${url} -H 'content-type: application/json' \\
              -H "authorization: Bearer $(${token})" \\
              -d '{"query":"{ area(code: \\"4305\\") { name children { totalCount } } }"}'
  stop      Ctrl-C`);
  return platform;
});
