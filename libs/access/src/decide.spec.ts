import { areaCodeField } from '#libs/contracts';
import type { Purpose } from './action.js';
import { type Actor, actorOf, claimedActor } from './actor.js';
import { decide, may } from './decide.js';
import type { Grant, Identity } from './identity.js';
import type { Role } from './role.js';

const VILLAGE = areaCodeField.parse('430502001001');
const GRID = areaCodeField.parse('430502001001001');
const OTHER = areaCodeField.parse('430503001001001');

const person: Identity = { subject: 'account-1', kind: 'person', claims: [], expiresAtMs: 0 };
const appointed = (role: Role, holder = 'holder-1', area = VILLAGE): Grant => ({
  role,
  area,
  source: { kind: 'appointment', post: 'post-1', holder },
});
const enrolled = (volunteer: string): Grant => ({
  role: 'volunteer',
  area: VILLAGE,
  source: { kind: 'enrolment', volunteer },
});
const as = (...grants: readonly Grant[]): Actor => actorOf(person, grants);
const whyNot = (actor: Actor, ...asked: [Parameters<typeof decide>[1], object?]) => {
  const verdict = decide(actor, asked[0], { area: GRID, ...asked[1] });
  return verdict.allowed ? 'allowed' : verdict.why;
};

describe('what a token claims', () => {
  const claims = [{ role: 'supervisor', area: VILLAGE, source: { kind: 'claim' } }] as const;

  it('counts for nothing when a person has it', () => {
    const actor = actorOf({ ...person, claims }, []);
    expect(actor.grants).toEqual([]);
    expect(whyNot(actor, 'area.read')).toBe('role');
  });

  it.each(['system', 'first-account'] as const)('counts for a %s', (kind) => {
    expect(may(actorOf({ ...person, kind, claims }, []), 'area.read', GRID)).toBe(true);
  });
});

describe('a person with several posts', () => {
  const actor = as(appointed('mediator'), appointed('inspector', 'holder-2', OTHER));

  it('has each role in its own area only', () => {
    expect(may(actor, 'hazard.manage', OTHER)).toBe(true);
    expect(may(actor, 'hazard.manage', GRID)).toBe(false);
  });

  it('is told by which row and which appointment they may', () => {
    expect(decide(actor, 'hazard.manage', { area: OTHER })).toMatchObject({
      allowed: true,
      rule: { role: 'inspector', action: 'hazard.manage', scope: 'area' },
      grant: { source: { holder: 'holder-2' } },
      purpose: 'inspection',
    });
  });

  it('is told which roles they have there, and which it takes', () => {
    expect(decide(actor, 'hazard.manage', { area: GRID })).toMatchObject({
      why: 'role',
      roles: ['mediator'],
      needed: ['supervisor', 'township-desk', 'inspector'],
    });
  });
});

describe('a mediator', () => {
  const mediator = as(appointed('mediator'));

  it.each(['dispute.read', 'dispute.mediate'] as const)('may %s of their own', (action) => {
    expect(whyNot(mediator, action, { assignee: 'holder-1' })).toBe('allowed');
  });

  it('may work on what is assigned to nobody yet', () => {
    expect(whyNot(mediator, 'dispute.read', { assignee: null })).toBe('allowed');
  });

  it('may not on what is another’s', () => {
    expect(whyNot(mediator, 'dispute.read', { assignee: 'holder-2' })).toBe('assigned');
  });

  it('may not when nothing says whose it is', () => {
    expect(whyNot(mediator, 'dispute.read')).toBe('assigned');
  });

  it('has no more outside of the area, though it is assigned to them', () => {
    const verdict = decide(mediator, 'dispute.read', { area: OTHER, assignee: 'holder-1' });
    expect(verdict).toMatchObject({ allowed: false, why: 'area', areas: [VILLAGE] });
  });

  it('that is a system stands for its whole office', () => {
    const system = claimedActor({ subject: 'court', role: 'mediator', area: VILLAGE });
    expect(whyNot(system, 'dispute.read', { assignee: 'holder-2' })).toBe('allowed');
    expect(whyNot(system, 'dispute.read')).toBe('assigned');
  });
});

describe('a police officer', () => {
  const officer = as(appointed('community-police-officer'));

  it('reads of a dispute only what was handed over to them', () => {
    expect(whyNot(officer, 'dispute.read')).toBe('hand-over');
    expect(whyNot(officer, 'dispute.read', { handedTo: ['holder-2'] })).toBe('hand-over');
    expect(whyNot(officer, 'dispute.read', { handedTo: ['holder-1'] })).toBe('allowed');
  });
});

describe('the person concerned', () => {
  it('reads what tells of themselves, wherever it is and without any role', () => {
    const actor = as(enrolled('volunteer-1'));
    expect(whyNot(actor, 'volunteer.read', { area: OTHER, owner: 'volunteer-1' })).toBe('allowed');
    expect(whyNot(actor, 'volunteer.read', { owner: 'volunteer-2' })).toBe('role');
    expect(whyNot(as(), 'volunteer.read', { owner: 'account-1' })).toBe('allowed');
    expect(whyNot(as(), 'volunteer.read', { owner: null })).toBe('role');
  });

  it('serves their own shifts, as a volunteer, and no other', () => {
    const actor = as(enrolled('volunteer-1'));
    expect(whyNot(actor, 'shift.serve', { owner: 'volunteer-1' })).toBe('allowed');
    expect(whyNot(actor, 'shift.serve', { owner: 'volunteer-2' })).toBe('own');
    expect(whyNot(actor, 'shift.serve')).toBe('own');
  });
});

describe('a purpose', () => {
  const desk = as(appointed('township-desk'));
  const forThe = (purpose: Purpose): Actor => ({ ...desk, purpose });

  it('follows from what is asked for when nobody names one', () => {
    const verdict = decide(desk, 'dispute.read', { area: GRID });
    expect(verdict).toMatchObject({ allowed: true, purpose: 'mediation' });
  });

  it('that is named must be one that it is done for', () => {
    expect(whyNot(forThe('mediation'), 'dispute.read')).toBe('allowed');
    expect(whyNot(forThe('inspection'), 'dispute.read')).toBe('purpose');
    expect(whyNot(forThe('inspection'), 'area.read')).toBe('allowed');
  });

  it('of an auditor is the audit', () => {
    const auditor = claimedActor({ subject: 'a-1', role: 'auditor', area: VILLAGE });
    expect(whyNot({ ...auditor, purpose: 'mediation' }, 'area.read')).toBe('purpose');
    expect(decide(auditor, 'area.read', { area: GRID })).toMatchObject({ purpose: 'audit' });
  });
});
