import { type Action, ACTION_LIST, ACTIONS, PURPOSE_NAMES } from './action.js';
import { POLICY, type Rule, SCOPE_NAMES } from './policy.js';
import { PERSON_CONCERNED, type Role, ROLE_NAMES, ROLE_OF_POST } from './role.js';

type Row = readonly string[];

/** 授权表: the whole table in Markdown, for people who read no program. */
export function policyPage(): string {
  return [
    '## 谁能做什么 Who may do what',
    '',
    'Always within the area of the role and everything under it. What is not here is refused.',
    '',
    table(['操作 Action', '内容 What it covers', '角色 Who may', '目的 What for'], byAction()),
    '',
    '## 各角色 Each role',
    '',
    table(['角色 Role', '由何而来 How one gets it', '操作 Actions'], byRole()),
    '',
    '## 职责分离 Duties that are apart',
    '',
    ...APART.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

const APART = [
  '审计员不作任何更改 An auditor changes nothing, and looks for the sake of the audit alone.',
  '运维员看不到任何案件、人员、区域 An operator sees no case, no person and no area.',
  '办理业务者不读取完整日志 Nobody who acts in the office reads its log or runs it.',
  '发现隐患者不复查该隐患 Nobody rechecks a hazard that they found.',
  '任何人不确认本人的服务时长 Nobody confirms hours that they served.',
  '任何人不任命、不免去本人 Nobody appoints or releases themselves.',
];

function byAction(): readonly Row[] {
  return ACTION_LIST.map((action) => {
    const { zh, en, purposes } = ACTIONS[action];
    const rules = POLICY.filter((rule) => rule.action === action);
    const names = purposes.map((purpose) => both(PURPOSE_NAMES[purpose]));
    return [`\`${action}\``, `${zh} ${en}`, rules.map(roleIn).join('; '), names.join('; ')];
  });
}

function roleIn({ role, scope }: Rule): string {
  const name = both(ROLE_NAMES[role]);
  return scope === 'area' ? name : `${name} (${both(SCOPE_NAMES[scope])})`;
}

function byRole(): readonly Row[] {
  return (Object.keys(ROLE_NAMES) as Role[]).map((role) => {
    const actions = POLICY.filter((rule) => rule.role === role).map(({ action }) => code(action));
    return [`\`${role}\` ${both(ROLE_NAMES[role])}`, originOf(role), actions.join(', ')];
  });
}

function originOf(role: Role): string {
  if (role === PERSON_CONCERNED) return '凡登录者对本人 whoever signs in, towards themselves';
  if (role === 'volunteer') return '登记为志愿者 enrolment as a volunteer; 系统 a system’s token';
  const kinds = Object.entries(ROLE_OF_POST).filter(([, given]) => given === role);
  const posts = kinds.map(([kind]) => `任命到岗位 a post \`${kind}\``);
  return [...posts, '系统 a system’s token, 首个账号 the first account'].join('; ');
}

const code = (action: Action): string => `\`${action}\``;

function both({ zh, en }: { readonly zh: string; readonly en: string }): string {
  return `${zh} ${en}`;
}

function table(header: Row, rows: readonly Row[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
