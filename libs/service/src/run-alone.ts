import { openTokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import { SystemClock } from '#libs/scheduler';
import { identitiesOf } from './identities-of.js';
import { logKeyLine } from './log-routes.js';
import { listenAlone, type ListeningRoom } from './open-room.js';
import { runProcess } from './run-process.js';
import type { ServiceHost, ServiceRoom } from './service-room.js';
import type { ProcessName } from './setting.js';
import type { Settings } from './settings.js';

/**
 * Runs one service as a process of its own. Events do not pass between processes yet: the process
 * says so, naming the services that it does not hear.
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
    const host = { dataDir, installation, clock: new SystemClock(), bus: new EventBus() };
    const tokenKey = openTokenKey(dataDir);
    const identities = identitiesOf({ dataDir, tokenKey, signIn: settings.signIn });
    const room = make({ ...host, tokenKey, identities }, settings);
    const service = await listenAlone(room, settings);
    await prepare(service);
    process.stderr.write(logKeyLine(room.stores.signed));
    const absent = room.transport.absentOrigins().join(', ');
    process.stderr.write(`${name}: runs alone: events do not pass to or from ${absent} yet\n`);
    process.stderr.write(`${name}: ready at ${service.url}\n`);
    return service;
  });
}
