import { covers, type Sealed } from '#libs/contracts';
import { type Decision, refuse, type Refusal } from '#libs/event';
import type { DisputeEvent, FileText, Route } from './dispute.events.js';
import { closed, isClosed } from './dispute.intake.js';
import type { Dispute, DisputeRefusal } from './dispute.js';
import type { Mediator } from './mediator.js';

type DisputeDecision = Decision<DisputeEvent, DisputeRefusal>;

/** 指派调解员: give an accepted dispute to a mediator. */
export interface AssignMediator {
  readonly dispute: string;
  readonly mediator: string;
  readonly at: string;
}

/** 退回指派: take a dispute from a mediator who no longer holds a post. */
export type ReturnDispute = AssignMediator;

/** 记录调解: record one session. */
export interface RecordSession {
  readonly dispute: string;
  readonly heldAt: string;
  readonly summary: Sealed<FileText>;
  readonly at: string;
}

/** 达成协议: settle by a written agreement. */
export interface SettleDispute {
  readonly dispute: string;
  readonly terms: Sealed<FileText>;
  /** The day by which it is to be performed, YYYY-MM-DD. */
  readonly performBy: string;
  readonly signedBy: readonly string[];
  readonly at: string;
}

/** 终止调解: end without an agreement. */
export interface EndMediation {
  readonly dispute: string;
  readonly reason: Sealed<FileText>;
  readonly routesTold: readonly Route[];
  readonly at: string;
}

export function assignMediator(
  command: AssignMediator,
  dispute: Dispute,
  mediator: Mediator,
): DisputeDecision {
  switch (dispute.status) {
    case 'none':
      return refuse('DisputeNotFound', { dispute: command.dispute });
    case 'consentPending':
      return refuse('DisputeNotAccepted');
    case 'assigned':
    case 'mediating':
      return dispute.mediator === command.mediator ? [] : refuse('DisputeAlreadyAssigned');
    case 'settled':
    case 'notAccepted':
    case 'terminated':
      return closed(dispute);
    case 'accepted':
      return unfit(command, dispute.grid, mediator) ?? [{ type: 'MediatorAssigned', ...command }];
  }
}

function unfit(
  { mediator: id }: AssignMediator,
  grid: Parameters<typeof covers>[1],
  mediator: Mediator,
): Refusal<DisputeRefusal> | undefined {
  if (mediator.status === 'none') return refuse('MediatorNotFound', { mediator: id });
  if (mediator.status === 'released') return refuse('MediatorReleased', { mediator: id });
  if (covers(mediator.area, grid)) return undefined;
  return refuse('MediatorOutsideArea', { area: mediator.area, grid });
}

export function returnDispute(command: ReturnDispute, dispute: Dispute): readonly DisputeEvent[] {
  const theirs =
    (dispute.status === 'assigned' || dispute.status === 'mediating') &&
    dispute.mediator === command.mediator;
  return theirs ? [{ type: 'DisputeReturned', ...command }] : [];
}

export function recordSession(command: RecordSession, dispute: Dispute): DisputeDecision {
  const wrong = notWithMediator(command, dispute);
  if (wrong !== undefined) return wrong;
  // Past the year 9999 a time is written with a sign, which sorts before every digit.
  if (command.heldAt > command.at || command.heldAt.startsWith('+')) {
    return refuse('SessionInFuture');
  }
  return [{ type: 'SessionRecorded', ...command }];
}

/** A written agreement holds from the signatures of all parties (People's Mediation Law art. 29). */
export function settleDispute(command: SettleDispute, dispute: Dispute): DisputeDecision {
  const wrong = notWithMediator(command, dispute);
  if (wrong !== undefined) return wrong;
  if (dispute.status !== 'mediating') return refuse('DisputeNotYetMediated');
  const unknown = command.signedBy.find((party) => !dispute.parties.includes(party));
  if (unknown !== undefined) return refuse('PartyNotFound', { party: unknown });
  if (!dispute.parties.every((party) => command.signedBy.includes(party))) {
    return refuse('AgreementNotSigned');
  }
  return [{ type: 'DisputeSettled', ...command, signedBy: [...command.signedBy] }];
}

/** Mediation that fails is ended, and the parties are told their other routes (art. 26). */
export function endMediation(command: EndMediation, dispute: Dispute): DisputeDecision {
  if (dispute.status === 'none') return refuse('DisputeNotFound', { dispute: command.dispute });
  if (isClosed(dispute)) return closed(dispute);
  return [{ type: 'MediationEnded', ...command, routesTold: [...command.routesTold] }];
}

function notWithMediator(
  command: { readonly dispute: string },
  dispute: Dispute,
): Refusal<DisputeRefusal> | undefined {
  switch (dispute.status) {
    case 'none':
      return refuse('DisputeNotFound', { dispute: command.dispute });
    case 'consentPending':
      return refuse('DisputeNotAccepted');
    case 'accepted':
      return refuse('DisputeNotAssigned');
    case 'settled':
    case 'notAccepted':
    case 'terminated':
      return closed(dispute);
    case 'assigned':
    case 'mediating':
      return undefined;
  }
}
