import { AreaService } from '../../grid-registry/src/area.service.js';
import { observationsView } from '../../volunteers/src/observations.view.js';
import { areaCodeField } from '#libs/contracts';
import { SimulatedScheduler } from '#libs/scheduler';
import { takeIdsFrom } from '#libs/service';
import { Chance } from '../src/demo-chance.js';
import { services } from '../src/rooms.js';
import type { ClockSeen } from './check-expected.js';
import { type Asked, carryOut, SERVICE_OF } from './commands.js';
import type { Disk, DiskOptions } from './disk.js';
import { Ledger } from './ledger.js';
import { Office, VILLAGES } from './office.js';
import type { Plant } from './plant.js';
import { seededIds } from './seeded-ids.js';
import { settings } from './settings.js';
import { Town } from './town.js';
import type { Trace } from './trace.js';
import { Weather } from './weather.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  readonly plant: Plant;
  readonly trace: Trace;
  readonly openDisk: (options: DiskOptions) => Disk;
}

const START = Date.parse('2026-03-09T00:30:00.000Z');
const TOWNSHIP = areaCodeField.parse('430502001');
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DRAIN_MS = SECOND_MS;
/** Longer than any pause before something is tried again, or comes once more. */
const QUIET_DRAINS = 22;
const DRAINS_MAX = 2000;

/** 仿真: one seed's course: people work, the weather does its worst, then it clears up. */
export class Simulation {
  readonly scheduler: SimulatedScheduler;
  readonly town: Town;
  readonly ledger = new Ledger();
  step = 0;
  private readonly office: Office;
  private readonly weather: Weather;
  private readonly chance: Chance;
  private inHand = 0;
  private latest = '';

  constructor(private readonly options: SimulationOptions) {
    const { seed, plant, trace, openDisk } = options;
    // Each draws from a chance of its own, so that a change in one leaves the others as they were.
    const chance = (salt: number): Chance => new Chance(seed * 1_000_003 + salt);
    const order = chance(1);
    this.scheduler = new SimulatedScheduler(START, () => order.next());
    this.weather = new Weather(chance(2));
    this.chance = chance(3);
    const newId = seededIds(this.scheduler, chance(4));
    takeIdsFrom(newId);
    const { scheduler, weather } = this;
    const faults = { scheduler, chance: chance(5), weather, trace, plant, openDisk };
    this.town = new Town({ services, settings, ...faults });
    const officeIds = seededIds(this.scheduler, chance(6));
    this.office = new Office(chance(7), () => this.scheduler.now(), officeIds);
  }

  /** What the clock has shown: now, and at its latest. */
  get clock(): ClockSeen {
    const last = this.scheduler.now();
    return { last, latest: last > this.latest ? last : this.latest };
  }

  async run(): Promise<void> {
    await this.town.found();
    await this.registerVillages();
    this.weather.storm();
    for (this.step = 1; this.step <= this.options.steps; this.step += 1) await this.oneStep();
    this.weather.clearUp();
    await this.settle();
    this.moveClock(this.chance.between(0, 20) * DAY_MS);
    await this.settle();
  }

  private async registerVillages(): Promise<void> {
    const areas = this.town.at('grid-registry')?.open.get(AreaService);
    const entries = [
      { code: TOWNSHIP, name: '甲镇' },
      ...VILLAGES.map((code) => ({ code, name: '甲村' })),
    ];
    await areas?.registerAreas(entries, TOWNSHIP);
  }

  private async oneStep(): Promise<void> {
    const { chance, ledger } = this;
    this.happening();
    for (let sent = chance.between(0, 3); sent > 0; sent -= 1) this.send(this.office.next());
    const again = chance.next();
    const unanswered = ledger.unanswered.shift();
    if (unanswered !== undefined) this.send(unanswered);
    if (again < 0.1 && ledger.acknowledged.length > 0) {
      this.send(chance.of(ledger.acknowledged).asked);
    }
    this.lookUp();
    if (chance.happens(0.05)) await this.tryParked(chance.of(this.town.names));
    await this.scheduler.pass(chance.between(0, 400));
    if (this.town.isDown() && chance.happens(0.4)) await this.town.startAll();
  }

  /** What befalls the machines. */
  private happening(): void {
    const { chance, town } = this;
    const turn = chance.next();
    if (turn < 0.12) this.moveClock(chance.between(1, 30) * MINUTE_MS);
    else if (turn < 0.14) this.moveClock(-chance.between(1, 90) * MINUTE_MS);
    else if (turn < 0.17) this.moveClock(chance.between(1, 4) * DAY_MS);
    else if (turn < 0.185) town.crash(chance.of(town.names));
    else if (turn < 0.19) for (const name of town.names) town.crash(name);
    else if (turn < 0.193) {
      // A month in which nothing runs.
      for (const name of town.names) town.crash(name);
      this.moveClock(30 * DAY_MS);
    }
  }

  private moveClock(ms: number): void {
    this.latest = this.clock.latest;
    this.scheduler.setClock(ms);
    this.options.trace.tell(`step ${this.step}: the clock is set to ${this.scheduler.now()}`);
  }

  /** Sends a command and goes on; what it comes to is heard later, or never. */
  private send(asked: Asked): void {
    const { ledger, town } = this;
    const service = SERVICE_OF[asked.name];
    const there = town.at(service);
    if (there === undefined) {
      ledger.unanswered.push(asked);
      return;
    }
    this.options.trace.tell(`step ${this.step}: ${asked.name} ${asked.commandId}`);
    this.inHand += 1;
    void Promise.race([carryOut(there.open, asked), there.life.cut])
      .then((outcome) => {
        if (outcome === 'cut' || this.weather.happens('lostAnswer')) ledger.unanswered.push(asked);
        else {
          this.options.trace.tell(`${asked.commandId} ${JSON.stringify(outcome)}`);
          const told = ledger.answered(asked, outcome);
          if (told !== undefined) this.office.hear(told);
        }
      })
      .catch((error: unknown) => {
        this.options.trace.tell(`${asked.commandId} failed: ${String(error)}`);
        ledger.unanswered.push(asked);
      })
      .finally(() => {
        this.inHand -= 1;
      });
  }

  /** Somebody looks what became of an observation. */
  private lookUp(): void {
    const there = this.town.at('volunteers');
    const [observation] = this.office.unfollowed;
    if (there === undefined || observation === undefined) return;
    void there.room.stores.views.get(observationsView, observation).then((row) => {
      if (typeof row?.hazardId === 'string') this.office.sees(observation, row.hazardId);
    });
  }

  /** An operator has the events tried again that were parked. */
  private async tryParked(name: string): Promise<void> {
    const transport = this.town.at(name)?.room.transport;
    for (const { id } of (await transport?.list()) ?? []) {
      this.options.trace.tell(`step ${this.step}: ${name} is to try ${id} again`);
      // It takes time to come to anything, and may be parked again.
      void transport?.retry(id).catch(() => undefined);
    }
  }

  /** All faults are over: every command gets its answer, and the services hear each other out. */
  private async settle(): Promise<void> {
    const { town, ledger, scheduler } = this;
    let quiet = 0;
    for (let drains = 0; quiet < QUIET_DRAINS; drains += 1) {
      if (drains > DRAINS_MAX) throw new Error('the services do not come to rest');
      await town.untilAllRun();
      for (const asked of ledger.unanswered.splice(0)) this.send(asked);
      for (const name of town.names) await this.tryParked(name);
      const before = await this.heads();
      await scheduler.pass(DRAIN_MS);
      const isQuiet = before === (await this.heads()) && this.inHand === 0;
      quiet = isQuiet && ledger.unanswered.length === 0 ? quiet + 1 : 0;
    }
    for (const name of town.names) await town.at(name)?.room.stores.views.catchUp();
  }

  private async heads(): Promise<string> {
    return (await Promise.all([...this.town.disks.values()].map(({ log }) => log.head()))).join();
  }
}
