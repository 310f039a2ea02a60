import { Injectable } from '@nestjs/common';
import type { Calendar } from '#libs/calendar';
import type { Sealed } from '#libs/contracts';
import type { Decision, Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { knownGrids } from '#libs/grid-work';
import { Sealing } from '#libs/privacy';
import { AdoptedCalendars, afterNews, Clock, Neighbours, newId } from '#libs/service';
import {
  giveConsent,
  moveDispute,
  type MoveDispute,
  type GiveConsent,
  refuseMediation,
  type RefuseMediation,
  reportDispute,
  type ReportDispute,
} from './dispute.intake.js';
import { type Dispute, type DisputeRefusal, disputes } from './dispute.js';
import {
  assignMediator,
  type AssignMediator,
  endMediation,
  type EndMediation,
  recordSession,
  type RecordSession,
  returnDispute,
  type ReturnDispute,
  settleDispute,
  type SettleDispute,
} from './dispute.settlement.js';
import {
  correctTerm,
  type CorrectTerm,
  extendTerm,
  type ExtendTerm,
  markTermPassed,
  type MarkTermPassed,
  pauseTerm,
  type PauseTerm,
  resumeTerm,
  type ResumeTerm,
} from './dispute.term.js';
import type { DisputeEvent, FileText, PartyDetails } from './dispute.events.js';
import { mediators } from './mediator.js';

type Ask<Command> = Omit<Command, 'at'>;
/** A command with its text still to be read: it is sealed here, before any rule sees it. */
type Told<Command, Text extends keyof Command> = Omit<Command, 'at' | Text> &
  Readonly<Record<Text, string>>;
type Report = Pick<ReportDispute, 'grid' | 'kind'> & {
  readonly parties: readonly string[];
  readonly facts: string;
};
type Outcome = Promise<Done | Refusal<DisputeRefusal | 'CommandIdReused'>>;

/** Refusals that only say what was heard so far of grids and mediators. */
const MAY_BE_OLD_NEWS = {
  report: ['GridNotFound', 'GridClosed'],
  assign: ['MediatorNotFound', 'MediatorOutsideArea'],
} as const satisfies Readonly<Record<string, readonly DisputeRefusal[]>>;

export abstract class MediationTerm {
  /** Calendar days to mediate in. */
  abstract readonly days: number;
  /** Whether they end on a working day (Civil Code art. 203). */
  abstract readonly holidayShift: boolean;
  /** Working days for the parties to answer in. */
  abstract readonly consentDays: number;
}

@Injectable()
export class DisputeService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly sealing: Sealing,
    private readonly neighbours: Neighbours,
    private readonly term: MediationTerm,
    private readonly calendars: AdoptedCalendars,
  ) {}

  report(meta: CommandMeta, { parties, facts, ...ask }: Report): Outcome {
    const dispute = newId();
    const named = parties.map((name) => ({ party: newId(), name }));
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS.report, () =>
      this.commands.execute(meta, async (streams) => {
        const grid = await streams.load(knownGrids, ask.grid);
        const by = await this.calendars.load(streams);
        const loaded = await streams.load(disputes, dispute);
        const command = {
          ...ask,
          dispute,
          // First: the key of the first section is the one that hides the request's fingerprint.
          parties: named.map(({ party, name }) => ({ party, sealed: this.details(party, name) })),
          facts: this.fileText(dispute, facts),
          consentDays: this.term.consentDays,
          at: this.clock.now(),
        };
        const intake = { grid: grid.state, calendar: by.calendar };
        const decision = reportDispute(command, loaded.state, intake);
        return this.calendars.record(streams, loaded, decision, by);
      }),
    );
  }

  consent(meta: CommandMeta, ask: Omit<Ask<GiveConsent>, 'termDays' | 'holidayShift'>): Outcome {
    const { days: termDays, holidayShift } = this.term;
    return this.count(meta, ask.dispute, (dispute, at, calendar) =>
      giveConsent({ ...ask, termDays, holidayShift, at }, dispute, calendar),
    );
  }

  refuse(meta: CommandMeta, ask: Ask<RefuseMediation>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) =>
      refuseMediation({ ...ask, at }, dispute),
    );
  }

  assign(meta: CommandMeta, ask: Ask<AssignMediator>): Outcome {
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS.assign, () =>
      this.commands.execute(meta, async (streams) => {
        // Read with the dispute: a mediator who is released meanwhile makes the commit fail.
        const mediator = await streams.load(mediators, ask.mediator);
        const loaded = await streams.load(disputes, ask.dispute);
        const command = { ...ask, at: this.clock.now() };
        return streams.record(loaded, assignMediator(command, loaded.state, mediator.state));
      }),
    );
  }

  recordSession(meta: CommandMeta, ask: Told<RecordSession, 'summary'>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => {
      const summary = this.fileText(ask.dispute, ask.summary);
      return recordSession({ ...ask, summary, at }, dispute);
    });
  }

  settle(meta: CommandMeta, ask: Told<SettleDispute, 'terms'>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => {
      const terms = this.fileText(ask.dispute, ask.terms);
      return settleDispute({ ...ask, terms, at }, dispute);
    });
  }

  end(meta: CommandMeta, ask: Told<EndMediation, 'reason'>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => {
      const reason = this.fileText(ask.dispute, ask.reason);
      return endMediation({ ...ask, reason, at }, dispute);
    });
  }

  move(meta: CommandMeta, ask: Ask<MoveDispute>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => moveDispute({ ...ask, at }, dispute));
  }

  giveBack(meta: CommandMeta, ask: Ask<ReturnDispute>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => returnDispute({ ...ask, at }, dispute));
  }

  extendTerm(meta: CommandMeta, ask: Ask<ExtendTerm>): Outcome {
    return this.count(meta, ask.dispute, (dispute, at, calendar) =>
      extendTerm({ ...ask, at }, dispute, calendar),
    );
  }

  pauseTerm(meta: CommandMeta, ask: Ask<PauseTerm>): Outcome {
    return this.count(meta, ask.dispute, (dispute, at, calendar) =>
      pauseTerm({ ...ask, at }, dispute, calendar),
    );
  }

  resumeTerm(meta: CommandMeta, ask: Ask<ResumeTerm>): Outcome {
    return this.count(meta, ask.dispute, (dispute, at, calendar) =>
      resumeTerm({ ...ask, at }, dispute, calendar),
    );
  }

  correctTerm(meta: CommandMeta, ask: Ask<CorrectTerm>): Outcome {
    return this.count(meta, ask.dispute, (dispute, at, calendar) =>
      correctTerm({ ...ask, at }, dispute, calendar),
    );
  }

  markTermPassed(meta: CommandMeta, ask: Ask<MarkTermPassed>): Outcome {
    return this.change(meta, ask.dispute, (dispute, at) => markTermPassed({ ...ask, at }, dispute));
  }

  /** Decided by the calendar that this service has adopted. */
  private count(
    meta: CommandMeta,
    id: string,
    decide: (
      dispute: Dispute,
      at: string,
      calendar: Calendar,
    ) => Decision<DisputeEvent, DisputeRefusal>,
  ): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const by = await this.calendars.load(streams);
      const loaded = await streams.load(disputes, id);
      const decision = decide(loaded.state, this.clock.now(), by.calendar);
      return this.calendars.record(streams, loaded, decision, by);
    });
  }

  /** Decided within the command, so that one that is repeated seals nothing anew. */
  private change(
    meta: CommandMeta,
    id: string,
    decide: (dispute: Dispute, at: string) => Decision<DisputeEvent, DisputeRefusal>,
  ): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(disputes, id);
      return streams.record(loaded, decide(loaded.state, this.clock.now()));
    });
  }

  private details(party: string, name: string): Sealed<PartyDetails> {
    return this.sealing.seal<PartyDetails>(party, { name });
  }

  private fileText(dispute: string, text: string): Sealed<FileText> {
    return this.sealing.seal<FileText>(dispute, { text });
  }
}
