import { type Calendar, dueAgain, dueOf, type Pause } from '#libs/calendar';
import { type Decision, refuse, type Refusal } from '#libs/event';
import type { DisputeEvent, TermName } from './dispute.events.js';
import { closed } from './dispute.intake.js';
import type { Dispute, DisputeRefusal, RunningTerm } from './dispute.js';

type DisputeDecision = Decision<DisputeEvent, DisputeRefusal>;

/** 中止期限: the time to mediate in stands, because all parties want it to. */
export interface PauseTerm {
  readonly dispute: string;
  readonly agreedBy: readonly string[];
  readonly at: string;
}

/** 延长期限: more days to mediate in, because all parties want them. */
export interface ExtendTerm extends PauseTerm {
  /** Calendar days in all, counted from the same day as before. */
  readonly days: number;
}

/** 恢复期限: the time to mediate in goes on. */
export interface ResumeTerm {
  readonly dispute: string;
  readonly at: string;
}

/** 标记到期: the time has passed. */
export interface MarkTermPassed {
  readonly dispute: string;
  readonly term: TermName;
  readonly dueAt: string;
  readonly at: string;
}

/** 更正期限: a newer calendar says when a provisional time ends. */
export type CorrectTerm = ResumeTerm;

/** Longer only if the parties agree, all of them (Shenzhen 2022); also after it has passed. */
export function extendTerm(
  { dispute: id, agreedBy, days, at }: ExtendTerm,
  dispute: Dispute,
  calendar: Calendar,
): DisputeDecision {
  const term = mediationTerm(id, dispute);
  if ('refused' in term) return term;
  const wrong = notAgreed(agreedBy, term.parties);
  if (wrong !== undefined) return wrong;
  if (days === term.due.days) return [];
  if (days < term.due.days) return refuse('TermNotLonger', { days: term.due.days });
  const due = dueOf({ ...termOf(term), days }, calendar);
  if (due.dueAt !== null && due.dueAt <= at) return refuse('TermPassed');
  return [{ type: 'DisputeTermExtended', dispute: id, agreedBy: [...agreedBy], due, at }];
}

/** What the parties may make longer they may let stand, while it runs. */
export function pauseTerm(
  { dispute: id, agreedBy, at }: PauseTerm,
  dispute: Dispute,
  calendar: Calendar,
): DisputeDecision {
  const term = mediationTerm(id, dispute);
  if ('refused' in term) return term;
  const wrong = notAgreed(agreedBy, term.parties);
  if (wrong !== undefined) return wrong;
  if (standing(term) !== undefined) return [];
  if (term.passed || (term.due.dueAt !== null && term.due.dueAt <= at)) return refuse('TermPassed');
  const pauses = [...term.due.pauses, { from: at, to: null }];
  const due = dueOf({ ...termOf(term), pauses }, calendar);
  return [{ type: 'DisputeTermPaused', dispute: id, agreedBy: [...agreedBy], due, at }];
}

export function resumeTerm(
  { dispute: id, at }: ResumeTerm,
  dispute: Dispute,
  calendar: Calendar,
): DisputeDecision {
  const term = mediationTerm(id, dispute);
  if ('refused' in term) return term;
  if (standing(term) === undefined) return [];
  const pauses = term.due.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
  const due = dueOf({ ...termOf(term), pauses }, calendar);
  return [{ type: 'DisputeTermResumed', dispute: id, due, at }];
}

/** A reminder that comes too early, too late or once more finds nothing to record. */
export function markTermPassed(command: MarkTermPassed, dispute: Dispute): readonly DisputeEvent[] {
  const running = runningTerm(dispute);
  if (running === undefined || running.name !== command.term) return [];
  const { dueAt } = running.due;
  const passed = dueAt === command.dueAt && dueAt <= command.at;
  return passed ? [{ type: 'DisputeTermPassed', ...command }] : [];
}

/** What was said for certain stays; only a provisional end follows the newer calendar. */
export function correctTerm(
  { dispute: id, at }: CorrectTerm,
  dispute: Dispute,
  calendar: Calendar,
): readonly DisputeEvent[] {
  const running = runningTerm(dispute);
  if (running === undefined || !running.due.isProvisional) return [];
  const { dueAt: was, calendarVersion } = running.due;
  if (was === null || calendarVersion === null || calendarVersion >= calendar.version) return [];
  const due = dueAgain(running.due, calendar);
  const reason = 'CALENDAR_ADOPTED';
  return [{ type: 'DisputeTermCorrected', dispute: id, term: running.name, reason, was, due, at }];
}

/** The time that runs and has not passed, if there is one. */
function runningTerm(dispute: Dispute): RunningTerm | undefined {
  const term = 'term' in dispute ? dispute.term : null;
  return term === null || term.passed ? undefined : term;
}

function mediationTerm(
  id: string,
  dispute: Dispute,
): (RunningTerm & { readonly parties: readonly string[] }) | Refusal<DisputeRefusal> {
  switch (dispute.status) {
    case 'none':
      return refuse('DisputeNotFound', { dispute: id });
    case 'consentPending':
      return refuse('DisputeNotAccepted');
    case 'settled':
    case 'notAccepted':
    case 'terminated':
      return closed(dispute);
    case 'accepted':
    case 'assigned':
    case 'mediating':
      if (dispute.term === null) throw new Error(`dispute ${id} was accepted without a term`);
      return { ...dispute.term, parties: dispute.parties };
  }
}

function notAgreed(
  agreedBy: readonly string[],
  parties: readonly string[],
): Refusal<DisputeRefusal> | undefined {
  const unknown = agreedBy.find((party) => !parties.includes(party));
  if (unknown !== undefined) return refuse('PartyNotFound', { party: unknown });
  return parties.every((party) => agreedBy.includes(party)) ? undefined : refuse('TermNotAgreed');
}

function standing({ due }: RunningTerm): Pause | undefined {
  return due.pauses.find(({ to }) => to === null);
}

function termOf({ due }: RunningTerm) {
  const { kind, days, from, pauses, holidayShift } = due;
  return { kind, days, from, pauses, holidayShift };
}
