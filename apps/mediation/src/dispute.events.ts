import { z } from 'zod';
import { dueField } from '#libs/calendar';
import { areaCodeField, type EventsOf, idField, sealedField, timeField } from '#libs/contracts';

/** 纠纷类型: the types that mediation statistics use (reference list, section 2.5). */
export const disputeTypeField = z.enum([
  'MARRIAGE_FAMILY',
  'NEIGHBOURS',
  'HOUSING_HOMESTEAD',
  'CONTRACT',
  'PRODUCTION_OPERATION',
  'DAMAGES',
  'FOREST_LAND',
  'LAND_ACQUISITION',
  'ENVIRONMENT',
  'UNPAID_RURAL_WORKERS_WAGES',
  'OTHER_LABOUR',
  'TOURISM',
  'E_COMMERCE',
  'OTHER_CONSUMER',
  'MEDICAL',
  'ROAD_TRAFFIC',
  'PROPERTY_MANAGEMENT',
  'OTHER',
]);

/** 其他途径: the ways that stay open when mediation does not (People's Mediation Law art. 26). */
export const routeField = z.enum(['ARBITRATION', 'ADMINISTRATIVE', 'COURT']);

/** 期限种类: what the parties or the mediators have time for. */
export const termNameField = z.enum(['CONSENT', 'MEDIATION']);

export type TermName = z.infer<typeof termNameField>;
export type DisputeType = z.infer<typeof disputeTypeField>;
export type Route = z.infer<typeof routeField>;

/** 当事人信息: who a party is; sealed for that party alone, whose id is the subject. */
export interface PartyDetails {
  readonly name: string;
}

/**
 * 卷宗文字: what somebody wrote into the file of a dispute. It may tell of several persons at once,
 * so it is sealed for the dispute, whose id is the subject.
 */
export interface FileText {
  readonly text: string;
}

const dispute = { dispute: idField, at: timeField };
const agreed = { agreedBy: z.array(idField).min(2).max(20), due: dueField };
const fileText = sealedField<FileText>();
const party = z.strictObject({ party: idField, sealed: sealedField<PartyDetails>() });
const routesTold = z.array(routeField).min(1);

/** Names are the storage format: never reuse one for something else. */
export const disputeEvents = {
  DisputeReported: z.strictObject({
    ...dispute,
    grid: areaCodeField,
    kind: disputeTypeField,
    parties: z.array(party).min(2),
    facts: fileText,
  }),
  /** Its grid was closed: the dispute goes on in the successor. */
  DisputeMoved: z.strictObject({ ...dispute, from: areaCodeField, grid: areaCodeField }),
  ConsentGiven: z.strictObject({ ...dispute, party: idField }),
  DisputeAccepted: z.strictObject({ ...dispute, termDays: z.int().min(1) }),
  /** A time begins, with all that its end was computed from. */
  DisputeTermSet: z.strictObject({ ...dispute, term: termNameField, due: dueField }),
  /** All parties agreed on more days. */
  DisputeTermExtended: z.strictObject({ ...dispute, ...agreed }),
  /** All parties agreed that the time stands, until it is resumed. */
  DisputeTermPaused: z.strictObject({ ...dispute, ...agreed }),
  DisputeTermResumed: z.strictObject({ ...dispute, due: dueField }),
  /** A newer calendar says otherwise: when it ended before, and when it ends now. */
  DisputeTermCorrected: z.strictObject({
    ...dispute,
    term: termNameField,
    reason: z.literal('CALENDAR_ADOPTED'),
    was: timeField,
    due: dueField,
  }),
  /** The time passed. It ends nothing: the parties decide, and others can see it. */
  DisputeTermPassed: z.strictObject({ ...dispute, term: termNameField, dueAt: timeField }),
  MediationRefused: z.strictObject({ ...dispute, party: idField, routesTold }),
  MediatorAssigned: z.strictObject({ ...dispute, mediator: idField }),
  /** Its mediator was released; why, only the registry knows. */
  DisputeReturned: z.strictObject({ ...dispute, mediator: idField }),
  SessionRecorded: z.strictObject({ ...dispute, heldAt: timeField, summary: fileText }),
  DisputeSettled: z.strictObject({
    ...dispute,
    terms: fileText,
    performBy: z.iso.date(),
    signedBy: z.array(idField),
  }),
  MediationEnded: z.strictObject({ ...dispute, reason: fileText, routesTold }),
};

export type DisputeEvent = EventsOf<typeof disputeEvents>;
