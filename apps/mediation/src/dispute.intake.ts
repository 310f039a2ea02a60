import { type Calendar, dueOf } from '#libs/calendar';
import type { AreaCode, Sealed } from '#libs/contracts';
import { type Decision, refuse, type Refusal } from '#libs/event';
import { type KnownGrid, notTaking } from '#libs/grid-work';
import type { DisputeEvent, DisputeType, FileText, PartyDetails, Route } from './dispute.events.js';
import type { Dispute, DisputeRefusal } from './dispute.js';

type DisputeDecision = Decision<DisputeEvent, DisputeRefusal>;

/** 登记纠纷: record a dispute that arose in a grid. */
export interface ReportDispute {
  readonly dispute: string;
  readonly grid: AreaCode;
  readonly kind: DisputeType;
  readonly parties: readonly { readonly party: string; readonly sealed: Sealed<PartyDetails> }[];
  readonly facts: Sealed<FileText>;
  /** Working days for the parties to answer in: a setting with its source. */
  readonly consentDays: number;
  readonly at: string;
}

/** 随迁纠纷: a dispute goes along to the successor of its grid. */
export interface MoveDispute {
  readonly dispute: string;
  readonly grid: AreaCode;
  readonly at: string;
}

/** 同意调解: one party agrees to mediation. */
export interface GiveConsent {
  readonly dispute: string;
  readonly party: string;
  /** Calendar days to mediate in once all have agreed: a setting with its source. */
  readonly termDays: number;
  /** Whether a last day that is a holiday moves on to the next working day: a setting too. */
  readonly holidayShift: boolean;
  readonly at: string;
}

/** What a report depends on besides the dispute itself. */
export interface Intake {
  readonly grid: KnownGrid;
  readonly calendar: Calendar;
}

/** 拒绝调解: one party clearly refuses, before or during mediation. */
export interface RefuseMediation {
  readonly dispute: string;
  readonly party: string;
  /** What the parties were told of their other routes. */
  readonly routesTold: readonly Route[];
  readonly at: string;
}

/** The parties are asked at once, and have a few working days to answer. */
export function reportDispute(
  { consentDays, ...command }: ReportDispute,
  dispute: Dispute,
  { grid, calendar }: Intake,
): DisputeDecision {
  if (dispute.status !== 'none') return [];
  const closed = notTaking(grid, command.grid);
  if (closed !== undefined) return closed;
  const { dispute: id, at } = command;
  const due = dueOf(
    { kind: 'WORKING_DAYS', days: consentDays, from: at, pauses: [], holidayShift: false },
    calendar,
  );
  return [
    { type: 'DisputeReported', ...command, parties: [...command.parties] },
    { type: 'DisputeTermSet', dispute: id, term: 'CONSENT', due, at },
  ];
}

/** An open dispute goes along when its grid closes; a closed one stays where it arose. */
export function moveDispute(command: MoveDispute, dispute: Dispute): readonly DisputeEvent[] {
  if (dispute.status === 'none' || isClosed(dispute) || dispute.grid === command.grid) return [];
  return [{ type: 'DisputeMoved', ...command, from: dispute.grid }];
}

/** Mediation starts when every party has agreed (People's Mediation Law art. 17). */
export function giveConsent(
  command: GiveConsent,
  dispute: Dispute,
  calendar: Calendar,
): DisputeDecision {
  const { dispute: id, party, at } = command;
  const wrong = partyOf(command, dispute);
  if (wrong !== undefined) return wrong;
  if (dispute.status !== 'consentPending') return isClosed(dispute) ? closed(dispute) : [];
  if (dispute.consents.includes(party)) return [];
  const given: DisputeEvent = { type: 'ConsentGiven', dispute: id, party, at };
  const all = dispute.parties.every((each) => each === party || dispute.consents.includes(each));
  return all ? [given, ...accepted(command, calendar)] : [given];
}

/** The time to mediate in begins (Rules on People's Mediation 2002 art. 33). */
function accepted(
  { dispute, termDays, holidayShift, at }: GiveConsent,
  calendar: Calendar,
): readonly DisputeEvent[] {
  const due = dueOf(
    { kind: 'CALENDAR_DAYS', days: termDays, from: at, pauses: [], holidayShift },
    calendar,
  );
  return [
    { type: 'DisputeAccepted', dispute, termDays, at },
    { type: 'DisputeTermSet', dispute, term: 'MEDIATION', due, at },
  ];
}

/** One party's clear refusal stops mediation at any time (arts. 17 and 23). */
export function refuseMediation(command: RefuseMediation, dispute: Dispute): DisputeDecision {
  const wrong = partyOf(command, dispute);
  if (wrong !== undefined) return wrong;
  if (isClosed(dispute)) return closed(dispute);
  return [{ type: 'MediationRefused', ...command, routesTold: [...command.routesTold] }];
}

function partyOf(
  { dispute: id, party }: { dispute: string; party: string },
  dispute: Dispute,
): Refusal<DisputeRefusal> | undefined {
  if (dispute.status === 'none') return refuse('DisputeNotFound', { dispute: id });
  return dispute.parties.includes(party) ? undefined : refuse('PartyNotFound', { party });
}

/** Whether nothing more can be decided in a dispute. */
export function isClosed({ status }: Dispute): boolean {
  return status === 'settled' || status === 'notAccepted' || status === 'terminated';
}

export function closed(dispute: Dispute): Refusal<DisputeRefusal> {
  return refuse(dispute.status === 'settled' ? 'DisputeAlreadySettled' : 'DisputeClosed');
}
