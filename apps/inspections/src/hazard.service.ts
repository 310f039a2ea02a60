import { Injectable } from '@nestjs/common';
import type { Calendar } from '#libs/calendar';
import type { AreaCode, HazardText } from '#libs/contracts';
import type { Decision, Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done, type Streams } from '#libs/event-log';
import { type KnownGridRefusal, knownGrids } from '#libs/grid-work';
import { Sealing } from '#libs/privacy';
import { AdoptedCalendars, afterNews, Clock, Neighbours, newId } from '#libs/service';
import type { HazardEvent, RectificationText } from './hazard.events.js';
import {
  findHazard,
  type FindHazard,
  gradeHazard,
  type GradeHazard,
  reportHazard,
  type ReportHazard,
} from './hazard.finding.js';
import { type Hazard, type HazardRefusal, hazards } from './hazard.js';
import {
  correctRecheck,
  type CorrectRecheck,
  markRecheckLate,
  type MarkRecheckLate,
} from './hazard.recheck.js';
import {
  markOverdue,
  type MarkOverdue,
  moveHazard,
  type MoveHazard,
  recheckHazard,
  type RecheckHazard,
  rectifyHazard,
  type RectifyHazard,
} from './hazard.rectification.js';
import { type InspectionRefusal, inspections, noteHazard } from './inspection.js';
import type { PlaceRefusal } from './place.js';
import { MAY_BE_OLD_NEWS, placeInGrid } from './place.service.js';

type Ask<Command> = Omit<Command, 'at'>;
type Report = Omit<ReportHazard, 'at' | 'hazard' | 'sealed'> & HazardText;
type Rectify = Omit<RectifyHazard, 'at' | 'sealed' | 'recheckDays'> & RectificationText;
type Outcome<Code extends string> = Promise<Done | Refusal<Code | 'CommandIdReused'>>;
type ReportRefusal = HazardRefusal | InspectionRefusal | PlaceRefusal | KnownGridRefusal;

/** More than a grid has successors in its life. */
const SUCCESSORS_MAX = 50;

export abstract class RecheckSettings {
  /** Working days to recheck a hazard in. */
  abstract readonly recheckDays: number;
}

@Injectable()
export class HazardService {
  constructor(
    private readonly commands: Commands,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
    private readonly settings: RecheckSettings,
    private readonly calendars: AdoptedCalendars,
  ) {}

  report(meta: CommandMeta, { description, ...ask }: Report): Outcome<ReportRefusal> {
    const hazard = newId();
    const sealed = this.sealing.seal<HazardText>(hazard, { description });
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS, () =>
      this.commands.execute(meta, async (streams) => {
        const inspection = await streams.load(inspections, ask.inspection);
        const { state } = inspection;
        const at = await placeInGrid(streams, state.status === 'none' ? undefined : state.place);
        const loaded = await streams.load(hazards, hazard);
        const command = { ...ask, hazard, sealed, at: this.clock.now() };
        const decision = reportHazard(command, loaded.state, { inspection: state, ...at });
        const refusal = streams.record(loaded, decision);
        return refusal ?? streams.record(inspection, noteHazard(notedBy(command), state));
      }),
    );
  }

  /** Opens a hazard where its grid's work is now. */
  find(meta: CommandMeta, ask: Omit<FindHazard, 'at' | 'hazard' | 'successors'>): Outcome<never> {
    const hazard = newId();
    return this.commands.execute(meta, async (streams) => {
      const successors = await successorsOf(streams, ask.grid);
      const loaded = await streams.load(hazards, hazard);
      const command = { ...ask, hazard, successors, at: this.clock.now() };
      return streams.record(loaded, findHazard(command, loaded.state));
    });
  }

  grade(meta: CommandMeta, ask: Ask<GradeHazard>): Outcome<HazardRefusal> {
    return this.change(meta, ask.hazard, (hazard, at) => gradeHazard({ ...ask, at }, hazard));
  }

  rectify(meta: CommandMeta, { evidence, ...ask }: Rectify): Outcome<HazardRefusal> {
    const sealed = this.sealing.seal<RectificationText>(newId(), { evidence });
    const { recheckDays } = this.settings;
    return this.count(meta, ask.hazard, (hazard, at, calendar) =>
      rectifyHazard({ ...ask, sealed, recheckDays, at }, hazard, calendar),
    );
  }

  recheck(meta: CommandMeta, ask: Ask<RecheckHazard>): Outcome<HazardRefusal> {
    return this.change(meta, ask.hazard, (hazard, at) => recheckHazard({ ...ask, at }, hazard));
  }

  markOverdue(meta: CommandMeta, ask: Ask<MarkOverdue>): Outcome<HazardRefusal> {
    return this.change(meta, ask.hazard, (hazard, at) => markOverdue({ ...ask, at }, hazard));
  }

  markRecheckLate(meta: CommandMeta, ask: Ask<MarkRecheckLate>): Outcome<HazardRefusal> {
    return this.change(meta, ask.hazard, (hazard, at) => markRecheckLate({ ...ask, at }, hazard));
  }

  correctRecheck(meta: CommandMeta, ask: Ask<CorrectRecheck>): Outcome<HazardRefusal> {
    return this.count(meta, ask.hazard, (hazard, at, calendar) =>
      correctRecheck({ ...ask, at }, hazard, calendar),
    );
  }

  move(meta: CommandMeta, ask: Ask<MoveHazard>): Outcome<HazardRefusal> {
    return this.change(meta, ask.hazard, (hazard, at) => moveHazard({ ...ask, at }, hazard));
  }

  /** Decided by the calendar that this service has adopted. */
  private count(
    meta: CommandMeta,
    id: string,
    decide: (
      hazard: Hazard,
      at: string,
      calendar: Calendar,
    ) => Decision<HazardEvent, HazardRefusal>,
  ): Outcome<HazardRefusal> {
    return this.commands.execute(meta, async (streams) => {
      const by = await this.calendars.load(streams);
      const loaded = await streams.load(hazards, id);
      const decision = decide(loaded.state, this.clock.now(), by.calendar);
      return this.calendars.record(streams, loaded, decision, by);
    });
  }

  private change(
    meta: CommandMeta,
    id: string,
    decide: (hazard: Hazard, at: string) => Decision<HazardEvent, HazardRefusal>,
  ): Outcome<HazardRefusal> {
    return this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(hazards, id);
      return streams.record(loaded, decide(loaded.state, this.clock.now()));
    });
  }
}

function notedBy({ inspection, item, hazard, at }: ReportHazard) {
  return { inspection, item, hazard, at };
}

/** Where the work of a grid went, one grid after the other, while each of them was shut. */
async function successorsOf(streams: Streams, grid: AreaCode): Promise<readonly AreaCode[]> {
  const successors: AreaCode[] = [];
  while (successors.length < SUCCESSORS_MAX) {
    const { state } = await streams.load(knownGrids, successors.at(-1) ?? grid);
    const next = state.status === 'shut' ? state.successors[0] : undefined;
    if (next === undefined) break;
    successors.push(next);
  }
  return successors;
}
