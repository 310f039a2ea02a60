import { openTokenKey } from '#libs/access';
import { SystemClock } from '#libs/scheduler';
import { connectBus } from './connect-bus.js';
import { openDatabases } from './databases.js';
import { identitiesOf } from './identities-of.js';
import { logKeyLine } from './log-routes.js';
import { listenAlone, type ListeningRoom } from './open-room.js';
import { runProcess } from './run-process.js';
import type { ServiceHost, ServiceRoom } from './service-room.js';
import type { ProcessName } from './setting.js';
import type { Settings } from './settings.js';

/**
 * Runs one service as a process of its own, which hears the others, and is heard by them, whenever
 * they and the broker are there.
 *
 * @param prepare what is to be done before the process says that it is ready
 */
export function runAlone(
  name: ProcessName,
  make: (host: ServiceHost, settings: Settings) => ServiceRoom,
  prepare: (service: ListeningRoom) => Promise<void> = async () => undefined,
): Promise<void> {
  return runProcess(name, async (settings) => {
    const { dataDir, installation } = settings;
    const clock = new SystemClock();
    const tokenKey = openTokenKey(dataDir);
    const identities = identitiesOf({ dataDir, tokenKey, signIn: settings.signIn });
    const connected = connectBus({ name, settings, tokenKey, clock });
    const databases = await openDatabases(settings);
    const host = { dataDir, installation, clock, bus: connected.bus, databases };
    const room = make({ ...host, tokenKey, identities }, settings);
    const service = await listenAlone(room, settings);
    await prepare(service);
    connected.send([room]);
    process.stderr.write(logKeyLine(room.stores.signed));
    process.stderr.write(`${name}: hears the other services by ${connected.told}\n`);
    process.stderr.write(`${name}: ready at ${service.url}\n`);
    return {
      close: async () => {
        await service.close(() => connected.close());
        await databases?.close();
      },
    };
  });
}
