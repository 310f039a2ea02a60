import { type AreaCode, COUNTRY, parseAreaCode } from '#libs/contracts';
import { type Action, may, type Role, ROLES } from './policy.js';

function area(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code === undefined) throw new Error(`${text} should be an area code`);
  return code;
}

/** Who may do what, written out once more, so that no change of the table goes unseen. */
const RIGHTS: Readonly<Record<Action, readonly Role[]>> = {
  'area.read': ROLES.filter((role) => role !== 'operator'),
  'grid.manage': ['supervisor', 'registrar'],
  'post.manage': ['supervisor', 'registrar'],
  'dispute.read': ['supervisor', 'mediator', 'grid-worker'],
  'dispute.report': ['supervisor', 'mediator', 'grid-worker'],
  'dispute.assign': ['supervisor'],
  'dispute.mediate': ['supervisor', 'mediator'],
  'volunteer.manage': ['supervisor'],
  'shift.manage': ['supervisor'],
  'shift.serve': ['supervisor', 'volunteer'],
  'hours.confirm': ['supervisor'],
  'place.manage': ['supervisor', 'registrar', 'grid-worker', 'inspector'],
  'inspection.record': ['supervisor', 'grid-worker', 'inspector'],
  'hazard.manage': ['supervisor', 'inspector'],
  'hazard.recheck': ['supervisor', 'grid-worker', 'inspector'],
  'log.read': ['auditor'],
  'operation.read': ['auditor', 'operator'],
  'delivery.manage': ['operator'],
};

const actions = Object.keys(RIGHTS) as Action[];
const rows = ROLES.flatMap((role) =>
  actions.map(
    (action) => [role, RIGHTS[action].includes(role) ? 'may' : 'may not', action] as const,
  ),
);

const SHAOYANG = area('4305');
const SHUANGQING = area('430502');
const actor = (role: Role, scope: AreaCode) => ({ subject: 'a-1', role, area: scope });

describe('a role has exactly its rights', () => {
  it.each(rows)('a %s %s %s', (role, right, action) => {
    expect(may(actor(role, SHAOYANG), action, SHUANGQING)).toBe(right === 'may');
  });
});

describe('a right ends at the border of the actor’s area', () => {
  it.each([
    ['4305', '4305', true],
    ['4305', '430502', true],
    ['4305', '430502001001001', true],
    ['4305', '430602', false],
    ['4305', '43', false],
    ['4305', '0', false],
    ['430502', '4305', false],
    ['430502', '430503', false],
    ['430502001001', '430502001002', false],
    ['430502001001001', '430502001001001', true],
    ['430502001001001', '430502001001', false],
  ])('who acts in %s may act in %s: %s', (scope, place, allowed) => {
    for (const role of ROLES) {
      const action = role === 'operator' ? 'operation.read' : 'area.read';
      expect(may(actor(role, area(scope)), action, area(place))).toBe(allowed);
    }
  });

  it('whoever acts for the country may act everywhere', () => {
    for (const place of ['0', '11', '4305', '650101001001001']) {
      expect(may(actor('supervisor', COUNTRY), 'dispute.assign', area(place))).toBe(true);
    }
  });

  it('a wide area gives no right that the role has not', () => {
    expect(may(actor('reader', COUNTRY), 'dispute.read', SHUANGQING)).toBe(false);
  });
});
