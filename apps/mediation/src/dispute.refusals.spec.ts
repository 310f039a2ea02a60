import { claimedActor } from '#libs/access';
import { chinaCalendar } from '#libs/calendar';
import { given, isRefusal, type Refusal } from '#libs/event';
import { refusalError } from '#libs/service';
import {
  areaCode,
  assigned,
  CHEN,
  DISPUTE,
  ended,
  FACTS,
  heard,
  intake,
  lives,
  reported,
  serving,
  settled,
  shutGrid,
  STRANGER,
  WANG,
  ZHANG,
} from '../test/disputes.js';
import { openMediation } from '../test/room.js';
import { DisputeCommandsResolver } from './dispute-commands.resolver.js';
import type { DisputeEvent } from './dispute.events.js';
import { giveConsent, reportDispute } from './dispute.intake.js';
import { type Dispute, type DisputeRefusal, disputes } from './dispute.js';
import { disputeRefusals } from './dispute.refusals.js';
import {
  assignMediator,
  endMediation,
  recordSession,
  settleDispute,
} from './dispute.settlement.js';
import { extendTerm } from './dispute.term.js';
import type { Mediator } from './mediator.js';

const at = (events: readonly DisputeEvent[]): Dispute => given(disputes, events).state;
const assignTo = (mediator: Mediator, events: readonly DisputeEvent[] = lives.accepted) =>
  assignMediator({ ...assigned, mediator: WANG }, at(events), mediator);
const settle = (more: object, events: readonly DisputeEvent[]) =>
  settleDispute({ ...settled, ...more }, at(events));
const consentOf = (party: string) =>
  giveConsent(
    { dispute: DISPUTE, party, termDays: 30, holidayShift: true, at: heard.at },
    at([reported]),
    chinaCalendar,
  );
const report = { ...reported, consentDays: 3 };
const extended = (more: object, events = lives.accepted) =>
  extendTerm(
    { dispute: DISPUTE, agreedBy: [ZHANG, CHEN], days: 45, at: heard.at, ...more },
    at(events),
    chinaCalendar,
  );

/** Each refusal from a rule that gives it; whether a code is a grid's is seen before any rule. */
const decided: Readonly<Record<Exclude<DisputeRefusal, 'GridCodeMalformed'>, object>> = {
  GridNotFound: reportDispute(report, at([]), { ...intake, grid: { status: 'none' } }),
  GridClosed: reportDispute(report, at([]), { ...intake, grid: shutGrid }),
  DisputeNotFound: endMediation(ended, at([])),
  DisputeClosed: endMediation(ended, at(lives.terminated)),
  DisputeAlreadySettled: settle({}, lives.settled),
  DisputeNotAccepted: assignTo(serving('0'), lives.consentPending),
  DisputeAlreadyAssigned: assignTo(serving('0'), lives.assigned),
  DisputeNotAssigned: settle({}, lives.accepted),
  DisputeNotYetMediated: settle({}, lives.assigned),
  PartyNotFound: consentOf(STRANGER),
  MediatorNotFound: assignTo({ status: 'none' }),
  MediatorReleased: assignTo({ status: 'released' }),
  MediatorOutsideArea: assignTo(serving('430503')),
  AgreementNotSigned: settle({ signedBy: [CHEN] }, lives.mediating),
  TermNotAgreed: extended({ agreedBy: [CHEN] }),
  TermNotLonger: extended({ days: 20 }),
  TermPassed: extended({ at: '2026-06-01T00:00:00.000Z' }),
  SessionInFuture: recordSession({ ...heard, heldAt: '2030-01-01T00:00:00Z' }, at(lives.assigned)),
};

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

describe('what people are told when a rule says no', () => {
  it.each(Object.entries(decided))(
    'is said in Chinese and in English with the same facts, which the rule gives: %s',
    (code, decision) => {
      const refusal = decision as Refusal<DisputeRefusal>;
      expect(isRefusal(refusal) && refusal.refused).toBe(code);
      const { zh, en } = disputeRefusals[refusal.refused];
      expect(placeholders(zh)).toEqual(placeholders(en));
      expect(placeholders(zh)).toEqual(Object.keys(refusal.facts ?? {}).toSorted());
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      expect(refusalError(refusal, disputeRefusals).message).not.toMatch(/[{}]|undefined/);
    },
  );

  it('names the code that is no grid’s, before any rule is asked', async () => {
    const { disputes, views } = openMediation();
    const resolver = new DisputeCommandsResolver(disputes, views);
    const actor = claimedActor({ subject: 'spec', role: 'supervisor', area: areaCode('0') });
    const input = { grid: '4305', type: reported.kind, facts: FACTS, parties: [] };
    await expect(resolver.reportDispute(input, actor)).rejects.toMatchObject({
      message: disputeRefusals.GridCodeMalformed.zh.replace('{code}', '4305'),
      extensions: { code: 'GRID_CODE_MALFORMED' },
    });
  });

  it('is there for each refusal and for no other', () => {
    const codes = [...Object.keys(decided), 'GridCodeMalformed'];
    expect(Object.keys(disputeRefusals).toSorted()).toEqual(codes.toSorted());
  });
});
