import { type Decision, given, refuse } from '#libs/event';
import {
  assigned,
  CHEN,
  chenAgreed,
  closedLives,
  DISPUTE,
  ended,
  GRID,
  heard,
  LI,
  lives,
  reported,
  returned,
  serving,
  settled,
  STRANGER,
  VILLAGE,
  WANG,
  ZHANG,
} from '../test/disputes.js';
import type { DisputeEvent } from './dispute.events.js';
import { type Dispute, type DisputeRefusal, disputes } from './dispute.js';
import {
  assignMediator,
  endMediation,
  recordSession,
  returnDispute,
  settleDispute,
} from './dispute.settlement.js';

const { type: _assigned, ...assign } = assigned;
const { type: _returned, ...giveBack } = returned;
const { type: _heard, ...session } = heard;
const { type: _settled, ...settle } = settled;
const { type: _ended, ...end } = ended;
const li = serving(VILLAGE);

describe('assigning a mediator', () => {
  it('gives an accepted dispute to somebody who holds a mediator’s post there', () => {
    const dispute = given(disputes, lives.accepted).when(assignMediator, assign, li);
    expect(dispute.then).toEqual([assigned]);
    expect(dispute.state).toMatchObject({ status: 'assigned', mediator: LI });
  });

  it.each([
    ['the grid itself', '430502001001001'],
    ['its village', '430502001001'],
    ['its township', '430502001'],
    ['its county', '430502'],
    ['its prefecture', '4305'],
    ['its province', '43'],
    ['the whole country', '0'],
  ])('takes a mediator whose post is for %s', (_, area) => {
    const dispute = given(disputes, lives.accepted).when(assignMediator, assign, serving(area));
    expect(dispute.then).toEqual([assigned]);
  });

  it.each([
    ['the grid beside it', '430502001001002'],
    ['the village beside it', '430502001002'],
    ['the same village number in the next township', '430502002001'],
    ['the same grid number in the next village', '430502001002001'],
    ['the township beside it', '430502002'],
    ['another county', '430503'],
    ['another prefecture', '4301'],
    ['another province', '44'],
  ])('refuses a mediator whose post is for %s', (_, area) => {
    const dispute = given(disputes, lives.accepted).when(assignMediator, assign, serving(area));
    expect(dispute.then).toEqual(refuse('MediatorOutsideArea', { area, grid: GRID }));
  });

  it('is refused for somebody who holds no mediator’s post', () => {
    const nobody = { status: 'none' } as const;
    const dispute = given(disputes, lives.accepted).when(assignMediator, assign, nobody);
    expect(dispute.then).toEqual(refuse('MediatorNotFound', { mediator: LI }));
  });

  it('is refused for a mediator who has left the post', () => {
    const left = { status: 'released' } as const;
    const dispute = given(disputes, lives.accepted).when(assignMediator, assign, left);
    expect(dispute.then).toEqual(refuse('MediatorReleased', { mediator: LI }));
  });

  it('waits until every party has agreed to mediation', () => {
    const dispute = given(disputes, [reported, chenAgreed]).when(assignMediator, assign, li);
    expect(dispute.then).toEqual(refuse('DisputeNotAccepted'));
  });

  it.each(['assigned', 'mediating'] as const)('keeps the mediator it has: when %s', (status) => {
    const dispute = given(disputes, lives[status]);
    expect(dispute.when(assignMediator, assign, li).then).toEqual([]);
    const other = dispute.when(assignMediator, { ...assign, mediator: WANG }, li);
    expect(other.then).toEqual(refuse('DisputeAlreadyAssigned'));
  });

  it('gives a returned dispute to another mediator', () => {
    const dispute = given(disputes, [...lives.mediating, returned]);
    const other = dispute.when(assignMediator, { ...assign, mediator: WANG }, li);
    expect(other.then).toEqual([{ ...assigned, mediator: WANG }]);
  });

  it.each(closedLives)('is refused when the dispute %s', (_, events, code) => {
    expect(given(disputes, events).when(assignMediator, assign, li).then).toEqual(refuse(code));
  });
});

describe('returning a dispute whose mediator was released', () => {
  it.each(['assigned', 'mediating'] as const)(
    'takes it back, to be assigned again: when %s',
    (status) => {
      const dispute = given(disputes, lives[status]).when(returnDispute, giveBack);
      expect(dispute.then).toEqual([returned]);
      expect(dispute.state).toMatchObject({ status: 'accepted' });
    },
  );

  it('happens once', () => {
    const dispute = given(disputes, lives.assigned).when(returnDispute, giveBack);
    expect(dispute.when(returnDispute, giveBack).then).toEqual([]);
  });

  it('leaves it with another mediator who has it by now', () => {
    const another = { ...giveBack, mediator: WANG };
    expect(given(disputes, lives.mediating).when(returnDispute, another).then).toEqual([]);
  });

  it.each(['none', 'consentPending', 'accepted', 'notAccepted', 'settled', 'terminated'] as const)(
    'leaves a dispute alone that is with nobody: when %s',
    (status) => {
      expect(given(disputes, lives[status]).when(returnDispute, giveBack).then).toEqual([]);
    },
  );
});

describe('recording a session', () => {
  it('begins the mediation', () => {
    const dispute = given(disputes, lives.assigned).when(recordSession, session);
    expect(dispute.then).toEqual([heard]);
    expect(dispute.state).toMatchObject({ status: 'mediating', mediator: LI });
  });

  it('may happen again: each request is a session of its own', () => {
    const dispute = given(disputes, lives.assigned).when(recordSession, session);
    expect(dispute.when(recordSession, session).then).toEqual([heard]);
  });

  it('takes a session that was held this very moment, and none that is still to come', () => {
    const at = '2026-03-03T02:00:00.000Z';
    const dispute = given(disputes, lives.assigned);
    expect(dispute.when(recordSession, { ...session, heldAt: at, at }).then).toHaveLength(1);
    const later = dispute.when(recordSession, { ...session, heldAt: '2026-03-03T02:00:00.001Z' });
    expect(later.then).toEqual(refuse('SessionInFuture'));
  });
});

describe('settling by a written agreement', () => {
  it('takes the signatures of all parties, in any order, and closes the dispute', () => {
    const dispute = given(disputes, lives.mediating);
    expect(dispute.when(settleDispute, settle).then).toEqual([settled]);
    const signedBy = [CHEN, ZHANG];
    const inOtherOrder = dispute.when(settleDispute, { ...settle, signedBy });
    expect(inOtherOrder.then).toEqual([{ ...settled, signedBy }]);
    expect(inOtherOrder.state).toMatchObject({ status: 'settled' });
  });

  it('happens once', () => {
    const dispute = given(disputes, lives.mediating).when(settleDispute, settle);
    expect(dispute.when(settleDispute, settle).then).toEqual(refuse('DisputeAlreadySettled'));
  });

  it('is refused while a party has not signed', () => {
    const dispute = given(disputes, lives.mediating);
    const half = dispute.when(settleDispute, { ...settle, signedBy: [ZHANG] });
    expect(half.then).toEqual(refuse('AgreementNotSigned'));
    const twice = dispute.when(settleDispute, { ...settle, signedBy: [ZHANG, ZHANG] });
    expect(twice.then).toEqual(refuse('AgreementNotSigned'));
  });

  it('is refused with the signature of somebody who is no party', () => {
    const signedBy = [ZHANG, CHEN, STRANGER];
    const dispute = given(disputes, lives.mediating).when(settleDispute, { ...settle, signedBy });
    expect(dispute.then).toEqual(refuse('PartyNotFound', { party: STRANGER }));
  });

  it('is refused before a session is on record, also with a new mediator', () => {
    const dispute = given(disputes, lives.assigned).when(settleDispute, settle);
    expect(dispute.then).toEqual(refuse('DisputeNotYetMediated'));
    const anew = { ...assigned, mediator: WANG };
    const again = given(disputes, [...lives.mediating, returned, anew]);
    expect(again.when(settleDispute, settle).then).toEqual(refuse('DisputeNotYetMediated'));
  });
});

describe('ending mediation without an agreement', () => {
  it.each(['accepted', 'assigned', 'mediating'] as const)(
    'closes the dispute and keeps what the parties were told: when %s',
    (status) => {
      const dispute = given(disputes, lives[status]).when(endMediation, end);
      expect(dispute.then).toEqual([ended]);
      expect(dispute.state).toMatchObject({ status: 'terminated' });
    },
  );

  it('before every party has agreed, leaves it not accepted: no mediation had begun', () => {
    const dispute = given(disputes, lives.consentPending).when(endMediation, end);
    expect(dispute.then).toEqual([ended]);
    expect(dispute.state).toMatchObject({ status: 'notAccepted' });
  });

  it('happens once', () => {
    const dispute = given(disputes, lives.mediating).when(endMediation, end);
    expect(dispute.when(endMediation, end).then).toEqual(refuse('DisputeClosed'));
  });

  it('is refused for a dispute that nobody has reported', () => {
    const dispute = given(disputes, []).when(endMediation, end);
    expect(dispute.then).toEqual(refuse('DisputeNotFound', { dispute: DISPUTE }));
  });

  it.each(closedLives)('is refused when the dispute %s', (_, events, code) => {
    expect(given(disputes, events).when(endMediation, end).then).toEqual(refuse(code));
  });
});

type Decide = (dispute: Dispute) => Decision<DisputeEvent, DisputeRefusal>;

const withMediatorOnly: readonly (readonly [string, Decide])[] = [
  ['recording a session', (dispute) => recordSession(session, dispute)],
  ['settling', (dispute) => settleDispute(settle, dispute)],
];

describe.each(withMediatorOnly)('%s needs a mediator', (_, decide) => {
  const decided = (events: readonly DisputeEvent[]) => decide(given(disputes, events).state);

  it('so it is refused before one is assigned, and after a return', () => {
    expect(decided(lives.none)).toEqual(refuse('DisputeNotFound', { dispute: DISPUTE }));
    expect(decided(lives.consentPending)).toEqual(refuse('DisputeNotAccepted'));
    expect(decided(lives.accepted)).toEqual(refuse('DisputeNotAssigned'));
    expect(decided([...lives.mediating, returned])).toEqual(refuse('DisputeNotAssigned'));
  });

  it.each(closedLives)('and is refused when the dispute %s', (_, events, code) => {
    expect(decided(events)).toEqual(refuse(code));
  });
});
