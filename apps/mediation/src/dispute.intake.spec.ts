import { chinaCalendar } from '#libs/calendar';
import { given, refuse } from '#libs/event';
import {
  accepted,
  CHEN,
  chenAgreed,
  closedLives,
  consentTerm,
  DISPUTE,
  EAST,
  GRID,
  intake,
  lives,
  mediationTerm,
  moved,
  NOW,
  refused,
  reported,
  shutGrid,
  STRANGER,
  ZHANG,
  zhangAgreed,
} from '../test/disputes.js';
import { sealedName } from '../test/sealed.js';
import { giveConsent, moveDispute, refuseMediation, reportDispute } from './dispute.intake.js';
import { disputes } from './dispute.js';

const { type: _, ...facts } = reported;
const report = { ...facts, consentDays: 3 };
const consent = {
  dispute: DISPUTE,
  party: ZHANG,
  termDays: 30,
  holidayShift: true,
  at: zhangAgreed.at,
};
const refusal = {
  dispute: DISPUTE,
  party: CHEN,
  routesTold: refused.routesTold,
  at: refused.at,
} as const;

describe('reporting a dispute', () => {
  it('records a dispute that arose in a grid, and waits for the parties', () => {
    const dispute = given(disputes, []).when(reportDispute, report, intake);
    expect(dispute.then).toEqual([reported, consentTerm]);
    expect(dispute.state).toMatchObject({ status: 'consentPending', consents: [], grid: GRID });
  });

  it('is refused for a grid of which this service has not heard', () => {
    const dispute = given(disputes, []).when(reportDispute, report, {
      ...intake,
      grid: { status: 'none' },
    });
    expect(dispute.then).toEqual(refuse('GridNotFound', { grid: GRID }));
  });

  it('is refused for a grid that is closed or closing, and names its successor', () => {
    const dispute = given(disputes, []).when(reportDispute, report, {
      ...intake,
      grid: shutGrid,
    });
    expect(dispute.then).toEqual(refuse('GridClosed', { grid: GRID, successor: EAST }));
    const alone = { ...shutGrid, successors: [] };
    const nowhere = given(disputes, []).when(reportDispute, report, { ...intake, grid: alone });
    expect(nowhere.then).toEqual(refuse('GridClosed', { grid: GRID, successor: '—' }));
  });

  it('records nothing when it is repeated, whatever has become of the dispute', () => {
    for (const events of Object.values(lives).slice(1)) {
      const dispute = given(disputes, events).when(reportDispute, report, intake);
      expect(dispute.then).toEqual([]);
    }
  });
});

describe('a dispute whose grid is closed', () => {
  const { type: _moved, from: _from, ...move } = moved;

  it.each(['consentPending', 'accepted', 'assigned', 'mediating'] as const)(
    'goes along to the successor and is otherwise as it was: when %s',
    (status) => {
      const before = given(disputes, lives[status]);
      const dispute = before.when(moveDispute, move);
      expect(dispute.then).toEqual([moved]);
      expect(dispute.state).toEqual({ ...before.state, grid: EAST });
    },
  );

  it('goes along once, and from there again', () => {
    const dispute = given(disputes, lives.assigned).when(moveDispute, move);
    expect(dispute.when(moveDispute, move).then).toEqual([]);
    const back = dispute.when(moveDispute, { ...move, grid: GRID });
    expect(back.then).toEqual([{ ...moved, from: EAST, grid: GRID }]);
  });

  it.each(['none', 'notAccepted', 'settled', 'terminated'] as const)(
    'stays where it arose when nothing is left to do: when %s',
    (status) => {
      expect(given(disputes, lives[status]).when(moveDispute, move).then).toEqual([]);
    },
  );
});

describe('agreeing to mediation', () => {
  it('records that one party agrees, which alone starts nothing', () => {
    const dispute = given(disputes, [reported]).when(giveConsent, consent, chinaCalendar);
    expect(dispute.then).toEqual([zhangAgreed]);
    expect(dispute.state).toMatchObject({ status: 'consentPending', consents: [ZHANG] });
  });

  it('accepts the dispute with its term once the last party agrees', () => {
    const dispute = given(disputes, [reported, zhangAgreed]);
    const { then, state } = dispute.when(giveConsent, { ...consent, party: CHEN }, chinaCalendar);
    expect(then).toEqual([chenAgreed, accepted, mediationTerm]);
    expect(state).toMatchObject({ status: 'accepted' });
  });

  it('asks every party, however many there are', () => {
    const third = { party: STRANGER, sealed: sealedName(STRANGER, '赵丁') };
    const three = { ...reported, parties: [...reported.parties, third] };
    const dispute = given(disputes, [three, zhangAgreed]);
    expect(dispute.when(giveConsent, { ...consent, party: CHEN }, chinaCalendar).then).toEqual([
      chenAgreed,
    ]);
  });

  it('counts a party once', () => {
    const dispute = given(disputes, [reported]).when(giveConsent, consent, chinaCalendar);
    expect(dispute.when(giveConsent, consent, chinaCalendar).then).toEqual([]);
    expect(given(disputes, lives.accepted).when(giveConsent, consent, chinaCalendar).then).toEqual(
      [],
    );
  });

  it('is open to parties only', () => {
    const dispute = given(disputes, [reported]).when(
      giveConsent,
      { ...consent, party: STRANGER },
      chinaCalendar,
    );
    expect(dispute.then).toEqual(refuse('PartyNotFound', { party: STRANGER }));
  });

  it('is refused for a dispute that nobody has reported', () => {
    const dispute = given(disputes, []).when(giveConsent, consent, chinaCalendar);
    expect(dispute.then).toEqual(refuse('DisputeNotFound', { dispute: DISPUTE }));
  });

  it.each(closedLives)('is refused when the dispute %s', (_, events, code) => {
    expect(given(disputes, events).when(giveConsent, consent, chinaCalendar).then).toEqual(
      refuse(code),
    );
  });
});

describe('refusing mediation', () => {
  it('by one party is enough: the dispute is not accepted', () => {
    const dispute = given(disputes, [reported, zhangAgreed]).when(refuseMediation, refusal);
    expect(dispute.then).toEqual([refused]);
    expect(dispute.state).toMatchObject({ status: 'notAccepted' });
  });

  it('is open to a party who had agreed', () => {
    const dispute = given(disputes, [reported, chenAgreed]).when(refuseMediation, refusal);
    expect(dispute.state).toMatchObject({ status: 'notAccepted' });
  });

  it.each(['accepted', 'assigned', 'mediating'] as const)(
    'stops a mediation at any time: when %s',
    (status) => {
      const dispute = given(disputes, lives[status]).when(refuseMediation, refusal);
      expect(dispute.then).toEqual([refused]);
      expect(dispute.state).toMatchObject({ status: 'terminated' });
    },
  );

  it('is open to parties only', () => {
    const stranger = { ...refusal, party: STRANGER };
    const dispute = given(disputes, lives.mediating).when(refuseMediation, stranger);
    expect(dispute.then).toEqual(refuse('PartyNotFound', { party: STRANGER }));
  });

  it('is refused for a dispute that nobody has reported', () => {
    const dispute = given(disputes, []).when(refuseMediation, { ...refusal, at: NOW });
    expect(dispute.then).toEqual(refuse('DisputeNotFound', { dispute: DISPUTE }));
  });

  it.each(closedLives)('is refused when the dispute %s', (_, events, code) => {
    expect(given(disputes, events).when(refuseMediation, refusal).then).toEqual(refuse(code));
  });
});
