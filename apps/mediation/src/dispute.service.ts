import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done, type Streams } from '#libs/event-log';
import { knownGrids } from '#libs/grid-work';
import { afterNews, Clock, Neighbours, newId } from '#libs/service';
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
import type { DisputeEvent } from './dispute.events.js';
import { mediators } from './mediator.js';

type Ask<Command> = Omit<Command, 'at'>;
type Outcome = Promise<Done | Refusal<DisputeRefusal | 'CommandIdReused'>>;
type Decide<Command> = (
  command: Command,
  dispute: Dispute,
) => readonly DisputeEvent[] | Refusal<DisputeRefusal>;

/** Refusals that only say what was heard so far of grids and mediators. */
const MAY_BE_OLD_NEWS = {
  report: ['GridNotFound', 'GridClosed'],
  assign: ['MediatorNotFound', 'MediatorOutsideArea'],
} as const satisfies Readonly<Record<string, readonly DisputeRefusal[]>>;

export abstract class MediationTerm {
  /** Calendar days to mediate in. */
  abstract readonly days: number;
}

@Injectable()
export class DisputeService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
    private readonly term: MediationTerm,
  ) {}

  report(
    meta: CommandMeta,
    ask: Omit<ReportDispute, 'at' | 'dispute' | 'parties'> & { parties: readonly string[] },
  ): Outcome {
    const dispute = newId();
    const parties = ask.parties.map((name) => ({ party: newId(), name }));
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS.report, () =>
      this.commands.execute(meta, async (streams) => {
        const grid = await streams.load(knownGrids, ask.grid);
        const loaded = await streams.load(disputes, dispute);
        const command = { ...ask, dispute, parties, at: this.clock.now() };
        return streams.record(loaded, reportDispute(command, loaded.state, grid.state));
      }),
    );
  }

  consent(meta: CommandMeta, ask: Omit<Ask<GiveConsent>, 'termDays'>): Outcome {
    return this.change(meta, { ...ask, termDays: this.term.days }, giveConsent);
  }

  refuse(meta: CommandMeta, ask: Ask<RefuseMediation>): Outcome {
    return this.change(meta, ask, refuseMediation);
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

  recordSession(meta: CommandMeta, ask: Ask<RecordSession>): Outcome {
    return this.change(meta, ask, recordSession);
  }

  settle(meta: CommandMeta, ask: Ask<SettleDispute>): Outcome {
    return this.change(meta, ask, settleDispute);
  }

  end(meta: CommandMeta, ask: Ask<EndMediation>): Outcome {
    return this.change(meta, ask, endMediation);
  }

  move(meta: CommandMeta, ask: Ask<MoveDispute>): Outcome {
    return this.change(meta, ask, moveDispute);
  }

  giveBack(meta: CommandMeta, ask: Ask<ReturnDispute>): Outcome {
    return this.change(meta, ask, returnDispute);
  }

  private change<Command extends { readonly dispute: string; readonly at: string }>(
    meta: CommandMeta,
    ask: Ask<Command>,
    decide: Decide<Command>,
  ): Outcome {
    return this.commands.execute(meta, async (streams: Streams) => {
      const loaded = await streams.load(disputes, ask['dispute']);
      const command = { ...ask, at: this.clock.now() } as Command;
      return streams.record(loaded, decide(command, loaded.state));
    });
  }
}
