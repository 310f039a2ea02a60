import { type Due, plainDue } from '#libs/calendar';
import type { AreaCode } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { DisputeEvent, TermName } from './dispute.events.js';

interface DisputeFacts {
  readonly id: string;
  readonly grid: AreaCode;
  readonly parties: readonly string[];
}

/** 进行中的期限: the time that runs now, and whether it has passed. */
export interface RunningTerm {
  readonly name: TermName;
  readonly due: Due;
  readonly passed: boolean;
}

interface OpenDispute extends DisputeFacts {
  /** Null where an old log tells of none. */
  readonly term: RunningTerm | null;
}

/** 纠纷: a disagreement that people ask a mediator to settle. */
export type Dispute =
  | { readonly status: 'none' }
  | ({ readonly status: 'consentPending'; readonly consents: readonly string[] } & OpenDispute)
  | ({ readonly status: 'accepted' } & OpenDispute)
  | ({ readonly status: 'assigned' | 'mediating'; readonly mediator: string } & OpenDispute)
  | ({ readonly status: 'settled' | 'notAccepted' | 'terminated' } & DisputeFacts);

export type DisputeRefusal =
  | 'GridCodeMalformed'
  | 'GridNotFound'
  | 'GridClosed'
  | 'DisputeNotFound'
  | 'DisputeClosed'
  | 'DisputeAlreadySettled'
  | 'DisputeNotAccepted'
  | 'DisputeAlreadyAssigned'
  | 'DisputeNotAssigned'
  | 'DisputeNotYetMediated'
  | 'PartyNotFound'
  | 'MediatorNotFound'
  | 'MediatorReleased'
  | 'MediatorOutsideArea'
  | 'AgreementNotSigned'
  | 'SessionInFuture'
  | 'TermNotAgreed'
  | 'TermNotLonger'
  | 'TermPassed';

export const disputes: Aggregate<Dispute, DisputeEvent> = {
  category: 'dispute',
  initial: { status: 'none' },
  evolve,
};

function evolve(dispute: Dispute, event: DisputeEvent): Dispute {
  if (event.type === 'DisputeReported') {
    const parties = event.parties.map(({ party }) => party);
    const facts = { id: event.dispute, grid: event.grid, parties };
    return { status: 'consentPending', consents: [], term: null, ...facts };
  }
  if (dispute.status === 'none') throw new Error(`${event.type} came before the report`);
  const { id, grid, parties } = dispute;
  const facts = { id, grid, parties };
  const open = { ...facts, term: 'term' in dispute ? dispute.term : null };
  switch (event.type) {
    case 'DisputeMoved':
      return { ...dispute, grid: event.grid };
    case 'ConsentGiven':
      return dispute.status === 'consentPending'
        ? { ...dispute, consents: [...dispute.consents, event.party] }
        : dispute;
    case 'DisputeAccepted': {
      // Logs of before DisputeTermSet end it so; later ones say themselves when it ends.
      const due = plainDue(event.at, event.termDays);
      return { status: 'accepted', ...facts, term: { name: 'MEDIATION', due, passed: false } };
    }
    case 'DisputeReturned':
      return { status: 'accepted', ...open };
    case 'MediatorAssigned':
      return { status: 'assigned', mediator: event.mediator, ...open };
    case 'DisputeTermSet':
    case 'DisputeTermExtended':
    case 'DisputeTermPaused':
    case 'DisputeTermResumed':
    case 'DisputeTermCorrected':
    case 'DisputeTermPassed':
      return withTerm(dispute, event);
    case 'SessionRecorded':
      return dispute.status === 'assigned' ? { ...dispute, status: 'mediating' } : dispute;
    case 'DisputeSettled':
      return { status: 'settled', ...facts };
    case 'MediationRefused':
    case 'MediationEnded':
      // Mediation that never began was not accepted; only one that began can be ended.
      return {
        status: dispute.status === 'consentPending' ? 'notAccepted' : 'terminated',
        ...facts,
      };
  }
}

type TermEvent = Extract<DisputeEvent, { type: `DisputeTerm${string}` }>;

function withTerm(dispute: Exclude<Dispute, { status: 'none' }>, event: TermEvent): Dispute {
  if (!('term' in dispute)) return dispute;
  if (event.type === 'DisputeTermPassed') {
    return { ...dispute, term: dispute.term && { ...dispute.term, passed: true } };
  }
  const name = 'term' in event ? event.term : 'MEDIATION';
  return { ...dispute, term: { name, due: event.due, passed: false } };
}
