import { openTokenKey } from '#libs/access';
import { closeHttp, runProcess } from '#libs/service';
import { openGateway } from './gateway-app.js';
import { makeFirstAccount, openDoor } from './open-door.js';

await runProcess('gateway', async (settings) => {
  const { dataDir, serviceUrls, port, host } = settings;
  const door = openDoor(settings, openTokenKey(dataDir));
  const services = Object.entries(serviceUrls).map(([name, url]) => [name, { url }] as const);
  const app = await openGateway(door, Object.fromEntries(services));
  await makeFirstAccount(door, 'gateway', (line) => console.error(line));
  await app.listen(port, host);
  for (const [name, { url }] of services) console.error(`gateway: asks ${name} at ${url}`);
  console.error(`gateway: ready at ${await app.getUrl()}/graphql`);
  return {
    close: async () => {
      await closeHttp(app);
      door.signIn.close();
    },
  };
});
