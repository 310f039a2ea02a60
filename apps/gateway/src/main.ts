import { openTokenKey } from '#libs/access';
import { closeHttp, runProcess } from '#libs/service';
import { openGateway } from './gateway-app.js';

await runProcess('gateway', async ({ dataDir, serviceUrls, port, host }) => {
  const services = Object.entries(serviceUrls).map(([name, url]) => [name, { url }] as const);
  const app = await openGateway(openTokenKey(dataDir), Object.fromEntries(services));
  await app.listen(port, host);
  for (const [name, { url }] of services) console.error(`gateway: asks ${name} at ${url}`);
  console.error(`gateway: ready at ${await app.getUrl()}/graphql`);
  return { close: () => closeHttp(app) };
});
