import type { TokenKey } from '#libs/access';
import { openRoom, type OpenRoom, type ServiceHost, type ServiceRoom } from '#libs/service';
import type { Scheduler, StoresOptions } from '#libs/service';
import type { Chance } from '../src/demo-chance.js';
import type { ServiceSettings, WireService } from '../src/rooms.js';
import type { Disk, DiskOptions } from './disk.js';
import { Life } from './life.js';
import type { Plant } from './plant.js';
import { simulatedBus, troubled } from './simulated-bus.js';
import { simulatedStores } from './simulated-stores.js';
import type { Trace } from './trace.js';
import type { Weather } from './weather.js';

export interface TownOptions {
  readonly services: Readonly<Record<string, WireService>>;
  readonly settings: ServiceSettings;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly trace: Trace;
  readonly plant: Plant;
  readonly openDisk: (options: DiskOptions) => Disk;
}

interface Running {
  readonly life: Life;
  readonly room: ServiceRoom;
  readonly open: OpenRoom;
}

/** Of writes that are not synced at once, as many may be lost in a power cut. */
const UNSYNCED_MAX = 12;
const STARTS_MAX = 50;

/** 镇: the services, their disks, and which of them are running now. */
export class Town {
  readonly disks = new Map<string, Disk>();
  private readonly running = new Map<string, Running>();

  constructor(private readonly options: TownOptions) {}

  get names(): readonly string[] {
    return Object.keys(this.options.services);
  }

  /** The running service, or undefined after a crash. */
  at(name: string): Running | undefined {
    const found = this.running.get(name);
    return found?.life.isOver === true ? undefined : found;
  }

  isDown(): boolean {
    return this.names.some((name) => this.at(name) === undefined);
  }

  /** The process ends, wherever it is. With `power` it takes what was not synced with it. */
  crash(name: string): void {
    this.running.get(name)?.life.end('all at once');
  }

  /** Wires all services before one starts, so that each finds the feeds of the others. */
  async found(): Promise<void> {
    for (const name of this.names) this.wire(name, this.life(name));
    await this.startAll();
  }

  /** Starts what is down; what crashes while it starts stays down, unless the weather is fair. */
  async startAll(): Promise<void> {
    for (const name of this.names) if (this.at(name) === undefined) await this.start(name);
  }

  async untilAllRun(): Promise<void> {
    for (let starts = 0; this.isDown(); starts += 1) {
      if (starts > STARTS_MAX) throw new Error('a service does not come up any more');
      await this.startAll();
    }
  }

  private async start(name: string): Promise<void> {
    const { trace, chance, plant } = this.options;
    const disk = this.disks.get(name);
    if (this.running.has(name) && disk !== undefined && chance.happens(0.3)) {
      const lost = chance.between(0, UNSYNCED_MAX);
      trace.tell(`${name} loses ${lost} writes that were not synced`);
      await disk.rows.loseNewest(lost);
      await disk.checkpoints.loseNewest(chance.between(0, UNSYNCED_MAX));
    }
    await disk?.reopen();
    const life = this.life(name);
    const room = this.wire(name, life);
    troubled(room.transport, life, (deliver) => plant.delivers(deliver, room.stores, life));
    const open = await Promise.race([openRoom(room), life.cut]);
    if (open === 'cut') return;
    life.isStarting = false;
    this.running.set(name, { life, room, open });
    trace.tell(`${name} runs`);
  }

  private life(name: string): Life {
    const { scheduler, weather, trace } = this.options;
    return new Life(scheduler, weather, (where) => trace.tell(`${name} ends ${where}`));
  }

  private wire(name: string, life: Life): ServiceRoom {
    const { services, settings, trace, plant } = this.options;
    const wire = services[name];
    if (wire === undefined) throw new Error(`the town has no service ${name}`);
    const feeds = [...this.disks.values()].map(({ log }) => log);
    const host: ServiceHost = {
      dataDir: '',
      installation: 'simulation',
      clock: life.scheduler,
      // Nobody signs in: commands are handed to the services directly.
      tokenKey: {} as TokenKey,
      bus: simulatedBus(feeds, life),
      graphql: false,
      openStores: (options) => simulatedStores(this.diskOf(options), life, { trace, plant }),
    };
    return wire(host, settings);
  }

  private diskOf({ name, events, views }: StoresOptions): Disk {
    const { scheduler, chance, plant, openDisk } = this.options;
    const known = this.disks.get(name);
    const disk = known ?? openDisk({ name, events, views, scheduler, chance, plant });
    this.disks.set(name, disk);
    return disk;
  }
}
