import { Injectable } from '@nestjs/common';
import { type AreaCode, COUNTRY, parentOf, parseAreaCode } from '#libs/contracts';
import { isRefusal, refuse, type Refusal } from '#libs/event';
import { Commands, type Streams } from '#libs/event-log';
import { Clock, newId } from '#libs/service';
import { LiveViews } from '#libs/views';
import { type Area, type AreaRefusal, areas, registerArea } from './area.js';
import { divisionLoads, type FinishDivisionLoad, finishDivisionLoad } from './division-load.js';

/** One area as a row of official data gives it. */
export interface AreaEntry {
  readonly code: string;
  readonly name: string;
}

export type EntryRefusal = Refusal<AreaRefusal | 'AreaCodeMalformed'>;

/** What became of one entry. */
export type EntryOutcome = 'recorded' | 'unchanged' | EntryRefusal;

interface Batch {
  readonly root: AreaCode;
  readonly streams: Streams;
  /** What the batch has registered so far: the streams show it only after the commit. */
  readonly registered: Map<AreaCode, Area>;
}

const ACTOR = 'service:grid-registry';

@Injectable()
export class AreaService {
  constructor(
    private readonly commands: Commands,
    private readonly views: LiveViews,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers areas, a parent before its children. An entry that is refused holds nobody else
   * back; the others are committed together.
   *
   * @param root the top of what is being loaded
   */
  async registerAreas(
    entries: readonly AreaEntry[],
    root: AreaCode,
  ): Promise<readonly EntryOutcome[]> {
    let outcomes: EntryOutcome[] = [];
    const meta = { commandId: newId(), actor: ACTOR, request: ['registerAreas', entries] };
    await this.commands.execute(meta, async (streams) => {
      // The commit may be tried again, and then decides every entry anew.
      outcomes = [];
      const batch = { root, streams, registered: new Map<AreaCode, Area>() };
      for (const entry of entries) outcomes.push(await this.registerOne(batch, entry));
      return undefined;
    });
    await this.views.catchUp();
    return outcomes;
  }

  /** Records that a load came to its end. */
  async finishLoad(load: Omit<FinishDivisionLoad, 'at'>): Promise<void> {
    const meta = { commandId: newId(), actor: ACTOR, request: ['finishDivisionLoad', load] };
    await this.commands.execute(meta, async (streams) => {
      const loads = await streams.load(divisionLoads, 'loads');
      const command = { ...load, at: this.clock.now() };
      return streams.record(loads, finishDivisionLoad(command, loads.state));
    });
  }

  /** Whether any official data were loaded to the end. */
  async hasLoaded(): Promise<boolean> {
    return (await this.commands.read(divisionLoads, 'loads')).length > 0;
  }

  private async registerOne(
    { root, streams, registered }: Batch,
    { code: text, name }: AreaEntry,
  ): Promise<EntryOutcome> {
    const code = parseAreaCode(text);
    if (code !== text) return refuse('AreaCodeMalformed', { code: text });
    const parent = parentOf(code) ?? COUNTRY;
    const loaded = await streams.load(areas, code);
    const above = registered.get(parent) ?? (await streams.load(areas, parent)).state;
    const area = registered.get(code) ?? loaded.state;
    const command = { code, name, root: code === root, at: this.clock.now() };
    const decision = registerArea(command, area, above);
    if (isRefusal(decision)) return decision;
    streams.record(loaded, decision);
    registered.set(code, decision.reduce(areas.evolve, area));
    return decision.length > 0 ? 'recorded' : 'unchanged';
  }
}
