import { GraphQLError } from 'graphql';
import type { Actor, Role } from '#libs/access';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { areaCodeOf, authorise } from './authorise.js';
import { reactionMeta } from './reaction-meta.js';

const area = (text: string) => parseAreaCode(text) as AreaCode;
const actor = (role: Role): Actor => ({ subject: 'li-1', role, area: area('4305') });

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

  it('whose role may not is told the role and the action', () => {
    const ask = () => authorise(actor('mediator'), 'grid.manage', area('430502'));
    expect(refusalOf(ask)).toEqual([
      'ROLE_MAY_NOT',
      'The role mediator may not do this (grid.manage).',
    ]);
  });

  it.each<Role>(['supervisor', 'reader'])('a %s elsewhere is told the border', (role) => {
    const ask = () => authorise(actor(role), 'grid.manage', area('430602'));
    expect(refusalOf(ask)).toEqual(['OUT_OF_SCOPE', '430602 lies outside your area 4305.']);
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
