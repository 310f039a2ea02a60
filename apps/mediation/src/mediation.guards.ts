import {
  areaCodeOf,
  connectionParts,
  deadlineFields,
  each,
  type Guards,
  pageInfoParts,
  parts,
  todays,
  typeGuard,
} from '#libs/service';
import { type DisputeRow, disputesView } from './disputes.view.js';

/** Which right each field of this service takes. */
export const mediationGuards: Guards = {
  Query: { fields: { 'dispute(asOf minPosition id)': 'area.read' } },
  Mutation: {
    fields: {
      ...each(
        'dispute.report',
        'reportDispute(input)',
        'giveConsent(input)',
        'refuseMediation(input)',
      ),
      'assignMediator(input)': 'dispute.assign',
      ...each(
        'dispute.mediate',
        'recordSession(input)',
        'settleDispute(input)',
        'endMediation(input)',
        'extendTerm(input)',
        'pauseTerm(input)',
        'resumeTerm(input)',
      ),
    },
  },
  Area: typeGuard<{ readonly code: string }>({
    reference: 'signed-in',
    target: ({ code }) => ({ area: areaCodeOf(code) }),
    fields: { code: 'signed-in', 'disputes(first after status)': 'area.read' },
  }),
  Dispute: typeGuard<DisputeRow>({
    reference: 'area.read',
    target: (row, { views }) =>
      todays(disputesView, row, views, ({ grid, mediator }) => {
        return { area: grid, assignee: mediator };
      }),
    fields: {
      ...each('area.read', 'id', 'type', 'status', 'reportedAt', 'dueAt', 'moves', 'routesTold'),
      ...each('area.read', 'grid', 'mediator', 'term'),
      ...each('dispute.read', 'facts', 'parties', 'sessions', 'agreement', 'endReason', 'returns'),
    },
  }),
  Holder: parts('id'),
  Party: parts('id', 'consented', 'name'),
  MediationSession: parts('heldAt', 'summary'),
  Agreement: parts('performBy', 'terms'),
  DisputeReturn: parts('at', 'mediator'),
  DisputeMove: parts('from', 'to', 'at'),
  DisputeTerm: parts(...deadlineFields, 'name', 'passed'),
  DisputeConnection: connectionParts,
  PageInfo: pageInfoParts,
  DisputePayload: parts('dispute', 'position'),
};
