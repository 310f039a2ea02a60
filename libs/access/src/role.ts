import type { PostKind } from '#libs/contracts';

interface Names {
  readonly zh: string;
  readonly en: string;
}

/** 角色: what somebody is in the office; one person can have several, each in its own area. */
export type Role = keyof typeof ROLE_NAMES;

/** Every role, and how people call it. */
export const ROLE_NAMES = {
  supervisor: { zh: '县区主管', en: 'county supervisor' },
  'township-desk': { zh: '乡镇综治窗口', en: 'township desk' },
  'committee-chair': { zh: '调委会主任', en: 'committee chair' },
  registrar: { zh: '登记员', en: 'registrar' },
  mediator: { zh: '人民调解员', en: 'mediator' },
  'grid-leader': { zh: '网格长', en: 'grid leader' },
  'grid-worker': { zh: '网格员', en: 'grid worker' },
  'community-police-officer': { zh: '社区民警', en: 'community police officer' },
  'resident-auxiliary': { zh: '驻村辅警', en: 'resident auxiliary' },
  inspector: { zh: '检查员', en: 'inspector' },
  'team-leader': { zh: '志愿队长', en: 'team leader' },
  volunteer: { zh: '志愿者', en: 'volunteer' },
  reader: { zh: '查阅者', en: 'reader' },
  integrator: { zh: '对接系统', en: 'integrator' },
  auditor: { zh: '审计员', en: 'auditor' },
  operator: { zh: '运维员', en: 'operator' },
  'person-concerned': { zh: '本人', en: 'person concerned' },
} as const satisfies Readonly<Record<string, Names>>;

/** Whoever is signed in is this to what tells of themselves: no token claims it, no post gives it. */
export const PERSON_CONCERNED = 'person-concerned';

/** The roles that a token may claim. */
export const ROLES = (Object.keys(ROLE_NAMES) as Role[]).filter(
  (role) => role !== PERSON_CONCERNED,
);

/** What the holder of a post is. Auditors, operators, registrars and systems hold no post. */
export const ROLE_OF_POST: Readonly<Record<PostKind, Role>> = {
  GRID_WORKER: 'grid-worker',
  GRID_LEADER: 'grid-leader',
  MEDIATOR: 'mediator',
  COMMUNITY_POLICE_OFFICER: 'community-police-officer',
  RESIDENT_AUXILIARY: 'resident-auxiliary',
  TEAM_LEADER: 'team-leader',
  COMMITTEE_CHAIR: 'committee-chair',
  INSPECTOR: 'inspector',
  TOWNSHIP_DESK: 'township-desk',
  COUNTY_SUPERVISOR: 'supervisor',
};
