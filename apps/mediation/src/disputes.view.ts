import { endOfDayAfter } from '#libs/calendar';
import type { AreaCode, Sealed } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { defineView } from '#libs/views';
import type { DisputeEvent, DisputeType, FileText, PartyDetails, Route } from './dispute.events.js';
import type { MediationEvent } from './mediation.events.js';

export type DisputeStatus =
  | 'CONSENT_PENDING'
  | 'NOT_ACCEPTED'
  | 'ACCEPTED'
  | 'ASSIGNED'
  | 'MEDIATING'
  | 'SETTLED'
  | 'TERMINATED';

export interface PartyRow {
  readonly id: string;
  readonly sealed: Sealed<PartyDetails>;
  readonly consented: boolean;
}

export interface SessionRow {
  readonly heldAt: string;
  readonly summary: Sealed<FileText>;
}

export interface AgreementRow {
  readonly terms: Sealed<FileText>;
  readonly performBy: string;
}

export interface DisputeRow {
  readonly id: string;
  readonly grid: AreaCode;
  readonly type: DisputeType;
  readonly facts: Sealed<FileText>;
  readonly status: DisputeStatus;
  /** Whether anything is still to be decided. */
  readonly open: boolean;
  readonly reportedAt: string;
  /** The end of the time to mediate in; null until every party has agreed. */
  readonly dueAt: string | null;
  readonly parties: readonly PartyRow[];
  readonly mediator: string | null;
  readonly sessions: readonly SessionRow[];
  /** Each time the dispute went along with its grid. */
  readonly moves: readonly {
    readonly from: AreaCode;
    readonly to: AreaCode;
    readonly at: string;
  }[];
  /** Each time a mediator who had it was released. */
  readonly returns: readonly { readonly at: string; readonly mediator: string }[];
  readonly agreement: AgreementRow | null;
  readonly endReason: Sealed<FileText> | null;
  readonly routesTold: readonly Route[];
}

/** Which disputes are there in an area, and where does each stand? */
export const disputesView = defineView<DisputeRow, MediationEvent>({
  name: 'disputes',
  version: 3,
  indexes: [
    ['open', 'grid', 'reportedAt', 'id'],
    ['grid', 'reportedAt', 'id'],
    ['mediator', 'id'],
  ],
  keyOf: ({ event }) => ('dispute' in event ? event.dispute : undefined),
  evolve: (row, { event }: Recorded<MediationEvent>) => {
    if (!('dispute' in event)) return row;
    if (event.type === 'DisputeReported') return reported(event);
    if (row === undefined) throw new Error(`${event.type} came before the report`);
    return { ...row, ...changes(row, event) };
  },
});

function reported(event: Extract<DisputeEvent, { type: 'DisputeReported' }>): DisputeRow {
  const parties = event.parties.map(({ party, sealed }) => ({
    id: party,
    sealed,
    consented: false,
  }));
  return {
    id: event.dispute,
    grid: event.grid,
    type: event.kind,
    facts: event.facts,
    status: 'CONSENT_PENDING',
    open: true,
    reportedAt: event.at,
    dueAt: null,
    parties,
    mediator: null,
    sessions: [],
    moves: [],
    returns: [],
    agreement: null,
    endReason: null,
    routesTold: [],
  };
}

function changes(
  row: DisputeRow,
  event: Exclude<DisputeEvent, { type: 'DisputeReported' }>,
): Partial<DisputeRow> {
  switch (event.type) {
    case 'DisputeMoved': {
      const { from, grid, at } = event;
      return { grid, moves: [...row.moves, { from, to: grid, at }] };
    }
    case 'ConsentGiven':
      return {
        parties: row.parties.map((party) =>
          party.id === event.party ? { ...party, consented: true } : party,
        ),
      };
    case 'DisputeAccepted':
      return { status: 'ACCEPTED', dueAt: endOfDayAfter(event.at, event.termDays) };
    case 'MediatorAssigned':
      return { status: 'ASSIGNED', mediator: event.mediator };
    case 'DisputeReturned': {
      const returns = [...row.returns, { at: event.at, mediator: event.mediator }];
      return { status: 'ACCEPTED', mediator: null, returns };
    }
    case 'SessionRecorded': {
      const { heldAt, summary } = event;
      return { status: 'MEDIATING', sessions: [...row.sessions, { heldAt, summary }] };
    }
    case 'DisputeSettled': {
      const { terms, performBy } = event;
      return { status: 'SETTLED', open: false, agreement: { terms, performBy } };
    }
    case 'MediationRefused': {
      const status = row.status === 'CONSENT_PENDING' ? 'NOT_ACCEPTED' : 'TERMINATED';
      return { status, open: false, routesTold: event.routesTold };
    }
    case 'MediationEnded': {
      const { reason: endReason, routesTold } = event;
      const status = row.status === 'CONSENT_PENDING' ? 'NOT_ACCEPTED' : 'TERMINATED';
      return { status, open: false, endReason, routesTold };
    }
  }
}
