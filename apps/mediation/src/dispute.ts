import type { AreaCode } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { DisputeEvent } from './dispute.events.js';

interface DisputeFacts {
  readonly id: string;
  readonly grid: AreaCode;
  readonly parties: readonly string[];
}

/** 纠纷: a disagreement that people ask a mediator to settle. */
export type Dispute =
  | { readonly status: 'none' }
  | ({ readonly status: 'consentPending'; readonly consents: readonly string[] } & DisputeFacts)
  | ({ readonly status: 'accepted' } & DisputeFacts)
  | ({ readonly status: 'assigned' | 'mediating'; readonly mediator: string } & DisputeFacts)
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
  | 'SessionInFuture';

export const disputes: Aggregate<Dispute, DisputeEvent> = {
  category: 'dispute',
  initial: { status: 'none' },
  evolve,
};

function evolve(dispute: Dispute, event: DisputeEvent): Dispute {
  if (event.type === 'DisputeReported') {
    const parties = event.parties.map(({ party }) => party);
    const facts = { id: event.dispute, grid: event.grid, parties };
    return { status: 'consentPending', consents: [], ...facts };
  }
  if (dispute.status === 'none') throw new Error(`${event.type} came before the report`);
  const { id, grid, parties } = dispute;
  const facts = { id, grid, parties };
  switch (event.type) {
    case 'DisputeMoved':
      return { ...dispute, grid: event.grid };
    case 'ConsentGiven':
      return dispute.status === 'consentPending'
        ? { ...dispute, consents: [...dispute.consents, event.party] }
        : dispute;
    case 'DisputeAccepted':
    case 'DisputeReturned':
      return { status: 'accepted', ...facts };
    case 'MediatorAssigned':
      return { status: 'assigned', mediator: event.mediator, ...facts };
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
