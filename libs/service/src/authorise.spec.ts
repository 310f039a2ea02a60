import { GraphQLError } from 'graphql';
import { type Actor, actorOf, claimedActor, type Role } from '#libs/access';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { areaCodeOf, authorise } from './authorise.js';
import { reactionMeta } from './reaction-meta.js';

const area = (text: string) => parseAreaCode(text) as AreaCode;
const actor = (role: Role): Actor => claimedActor({ subject: 'li-1', role, area: area('4305') });

function refusalOf(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [error.extensions['code'], (error.extensions['messages'] as { en: string }).en];
  }
}

describe('an actor', () => {
  it('who may do it there is let through', () => {
    expect(refusalOf(() => authorise(actor('registrar'), 'grid.manage', area('430502')))).toBe(
      undefined,
    );
  });

  it('whose role may not is told the role, the action, and who may', () => {
    const ask = () => authorise(actor('mediator'), 'grid.manage', area('430502'));
    expect(refusalOf(ask)).toEqual([
      'ROLE_MAY_NOT',
      'Your role (mediator) may not do this: open, rename and close grids. ' +
        'These may: county supervisor, registrar.',
    ]);
  });

  it('is told the same in Chinese', () => {
    const ask = () => authorise(actor('mediator'), 'grid.manage', area('430502'));
    expect(ask).toThrow(
      '您的角色（人民调解员）不能进行此操作：开设、更名、撤并网格。可以进行的角色：县区主管、登记员。',
    );
  });

  it.each<Role>(['supervisor', 'reader'])('a %s elsewhere is told the border', (role) => {
    const ask = () => authorise(actor(role), 'grid.manage', area('430602'));
    const told = '430602 lies outside your area 4305 (open, rename and close grids).';
    expect(refusalOf(ask)).toEqual(['OUT_OF_SCOPE', told]);
  });

  it('whose right does not take in this record is told so', () => {
    const grants = [
      {
        role: 'mediator',
        area: area('4305'),
        source: { kind: 'appointment', post: 'p-1', holder: 'h-1' },
      },
    ] as const;
    const person = { subject: 'a-1', kind: 'person', claims: [], expiresAtMs: 0 } as const;
    const mediator = actorOf(person, grants);
    const target = { area: area('430502'), assignee: 'h-2' };
    const code = (ask: () => void) => (refusalOf(ask) as string[])[0];
    expect(code(() => authorise(mediator, 'dispute.read', target))).toBe('NOT_ASSIGNED');
    const serve = () => authorise(actor('volunteer'), 'shift.serve', { ...target, owner: 'v-1' });
    expect(code(serve)).toBe('NOT_OWN');
    const officer = actor('community-police-officer');
    expect(code(() => authorise(officer, 'dispute.read', target))).toBe('NOT_HANDED_OVER');
    const curious = { ...mediator, purpose: 'inspection' } as const;
    const own = { ...target, assignee: 'h-1' };
    expect(code(() => authorise(curious, 'dispute.read', own))).toBe('PURPOSE_DIFFERS');
  });
});

describe('a code that a client sent', () => {
  it('is normalised', () => {
    expect(areaCodeOf('430502000000')).toBe('430502');
  });

  it('is refused when it is none, and told in part when it is long', () => {
    const [code, told] = refusalOf(() => areaCodeOf('9'.repeat(1000))) as [string, string];
    expect(code).toBe('AREA_CODE_MALFORMED');
    expect(told).toContain(`"${'9'.repeat(40)}"`);
  });
});

describe('a reaction', () => {
  const event = {
    origin: 'grid-registry',
    position: 7,
    recordedAt: '2026-03-01T00:00:00.000Z',
  } as Recorded;

  it('acts in the name of its service, and says what it answers', () => {
    expect(reactionMeta('mediation', event, 'returnDispute', 'd-1')).toMatchObject({
      actor: 'service:mediation',
      cause: 'grid-registry@7',
      request: ['returnDispute', 'd-1'],
    });
  });

  it('sends the same command at every delivery, and another one to another target', () => {
    const first = reactionMeta('mediation', event, 'returnDispute', 'd-1');
    expect(reactionMeta('mediation', { ...event }, 'returnDispute', 'd-1')).toEqual(first);
    const other = reactionMeta('mediation', event, 'returnDispute', 'd-2');
    expect(other.commandId).not.toBe(first.commandId);
  });
});
