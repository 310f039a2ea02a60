import { setTimeout as delay } from 'node:timers/promises';
import type { Trouble } from './drill.ts';
import { PROCESSES, SERVICES } from './house.ts';
import type { Server } from './server.ts';

/** A server that can be killed and started again where it was. */
export interface Restartable {
  readonly name: string;
  current: Server;
  readonly start: () => Promise<Server>;
}

const WORK_MS = 1_000;
/** Longer than the ten seconds after which a consumer group takes a member for dead. */
const ASLEEP_MS = 13_000;
const AWAY_MS = 3_000;

/** Kills one process in the middle of the work and starts it again. */
export function killOf(name: string): Trouble {
  return {
    name: `kill -9 of ${name}`,
    make: async (house) => {
      await delay(WORK_MS);
      house.kill(name, 'SIGKILL');
      await house.ended(name);
      await delay(WORK_MS);
      await house.start(name);
    },
  };
}

/** A process that starts while a server is away is ready all the same, and takes it up later. */
export function startWithout(server: Restartable, name: string): Trouble {
  return {
    name: `kill -9 of ${server.name} and of ${name}, which starts without it`,
    make: async (house) => {
      await delay(WORK_MS);
      server.current.kill('SIGKILL');
      house.kill(name, 'SIGKILL');
      await house.ended(name);
      await house.start(name);
      await delay(AWAY_MS);
      server.current = await server.start();
    },
  };
}

/** Lets one process sleep longer than others believe that it lives. */
export function sleepOf(name: string, ms = ASLEEP_MS): Trouble {
  return {
    name: `${name} stands still for ${ms} ms`,
    make: async (house) => {
      await delay(WORK_MS);
      house.kill(name, 'SIGSTOP');
      await delay(ms);
      house.kill(name, 'SIGCONT');
    },
  };
}

export function killOfServer(server: Restartable): Trouble {
  return {
    name: `kill -9 of ${server.name}`,
    make: async () => {
      await delay(WORK_MS);
      server.current.kill('SIGKILL');
      await delay(AWAY_MS);
      server.current = await server.start();
    },
  };
}

export function sleepOfServer(server: Restartable, ms = ASLEEP_MS): Trouble {
  return {
    name: `${server.name} stands still for ${ms} ms`,
    make: async () => {
      await delay(WORK_MS);
      server.current.kill('SIGSTOP');
      await delay(ms);
      server.current.kill('SIGCONT');
    },
  };
}

/** Ends one process in order and starts it again. */
export function restartOf(name: string): Trouble {
  return {
    name: `restart of ${name}`,
    make: async (house) => {
      await delay(WORK_MS);
      house.kill(name, 'SIGTERM');
      const code = await house.ended(name);
      if (code !== 0) throw new Error(`${name} ended with ${code}`);
      await house.start(name);
    },
  };
}

/** All of them; the short form has one of each kind. */
export function troublesOf(servers: readonly Restartable[], isShort: boolean): readonly Trouble[] {
  if (isShort) {
    return [
      killOf('mediation'),
      killOf('grid-registry'),
      ...servers.map((server) =>
        server.name === 'kafka' ? startWithout(server, 'volunteers') : killOfServer(server),
      ),
      restartOf('inspections'),
    ];
  }
  return [
    ...PROCESSES.map((name) => killOf(name)),
    ...servers.map((server) => killOfServer(server)),
    ...PROCESSES.map((name) => sleepOf(name)),
    ...servers.map((server) => sleepOfServer(server)),
    ...PROCESSES.map((name) => restartOf(name)),
    ...servers
      .filter(({ name }) => name === 'kafka')
      .flatMap((server) => Object.keys(SERVICES).map((name) => startWithout(server, name))),
    ...PROCESSES.map((name) => killOf(name)),
  ];
}
