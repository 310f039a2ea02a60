interface Names {
  readonly zh: string;
  readonly en: string;
}

/** 目的: what for somebody looks or acts (PIPL art. 5 and 6: a clear purpose, and no more). */
export type Purpose = keyof typeof PURPOSE_NAMES;

export const PURPOSE_NAMES = {
  registry: { zh: '网格登记', en: 'registry' },
  mediation: { zh: '人民调解', en: 'mediation' },
  volunteering: { zh: '群防群治', en: 'volunteering' },
  inspection: { zh: '安全检查', en: 'inspection' },
  audit: { zh: '审计', en: 'audit' },
  operation: { zh: '运维', en: 'operation' },
} as const satisfies Readonly<Record<string, Names>>;

export const PURPOSES = Object.keys(PURPOSE_NAMES) as Purpose[];

/** 操作: what can be done, as the policy table names it. */
export type Action = keyof typeof ACTIONS;

interface ActionText extends Names {
  /** What it may be done for; the first is meant when a request names none. */
  readonly purposes: readonly [Purpose, ...Purpose[]];
}

/** Every action, what it covers, and what it may be done for. */
export const ACTIONS = {
  'area.read': {
    zh: '查看区域、岗位与任职人、班次、场所、检查、隐患，以及纠纷进展',
    en: 'see areas, posts and holders, teams, patrols, places, inspections, hazards, and where each dispute stands',
    purposes: ['registry', 'mediation', 'volunteering', 'inspection', 'audit'],
  },
  'grid.manage': {
    zh: '开设、更名、撤并网格',
    en: 'open, rename and close grids',
    purposes: ['registry'],
  },
  'post.manage': {
    zh: '设岗、任命、免去：网格、村居岗位',
    en: 'create, fill and vacate posts of grids and villages',
    purposes: ['registry'],
  },
  'office.manage': {
    zh: '设岗、任命、免去：调委会主任、检查员、乡镇综治窗口',
    en: 'the same for committee chairs, inspectors and township desks',
    purposes: ['registry'],
  },
  'county.manage': {
    zh: '设岗、任命、免去：县区主管',
    en: 'the same for county supervisors',
    purposes: ['registry'],
  },
  'dispute.read': {
    zh: '查看纠纷事实、当事人、调解记录与协议',
    en: 'read the facts, parties, sessions and agreement of a dispute',
    purposes: ['mediation'],
  },
  'dispute.report': {
    zh: '登记纠纷、同意或拒绝调解',
    en: 'report a dispute; record consent and refusal',
    purposes: ['mediation'],
  },
  'dispute.assign': { zh: '指派调解员', en: 'assign a mediator', purposes: ['mediation'] },
  'dispute.mediate': {
    zh: '记录调解、达成协议、终止，延长、中止、恢复期限',
    en: 'record sessions; settle, end; extend, pause and resume the term',
    purposes: ['mediation'],
  },
  'volunteer.manage': {
    zh: '组建志愿队、登记志愿者',
    en: 'found teams, enrol volunteers',
    purposes: ['volunteering'],
  },
  'volunteer.read': {
    zh: '查看志愿者姓名、是否未成年',
    en: 'read who a volunteer is',
    purposes: ['volunteering'],
  },
  'shift.manage': {
    zh: '发布、取消班次，代志愿者操作',
    en: 'publish and cancel shifts; act for any volunteer',
    purposes: ['volunteering'],
  },
  'shift.serve': {
    zh: '认领班次、签到、签退、记录发现',
    en: 'claim a shift, check in and out, note an observation',
    purposes: ['volunteering'],
  },
  'served.read': {
    zh: '查看何人值班、发现了什么',
    en: 'see who serves a shift and what was noted on it',
    purposes: ['volunteering', 'inspection'],
  },
  'hours.confirm': { zh: '确认服务时长', en: 'confirm hours', purposes: ['volunteering'] },
  'place.manage': {
    zh: '登记、注销场所',
    en: 'register and close places',
    purposes: ['inspection', 'registry'],
  },
  'inspection.record': {
    zh: '记录检查、上报隐患',
    en: 'record inspections, report hazards',
    purposes: ['inspection'],
  },
  'hazard.read': {
    zh: '查看隐患说明与整改证据，及其所来自的发现',
    en: 'read the description and the evidence of a hazard, and the observation it came from',
    purposes: ['inspection', 'volunteering'],
  },
  'hazard.manage': {
    zh: '隐患定级、记录整改',
    en: 'grade a hazard, record that it was put right',
    purposes: ['inspection'],
  },
  'hazard.recheck': { zh: '复查隐患', en: 'recheck a hazard', purposes: ['inspection'] },
  'log.read': { zh: '读取完整日志', en: 'read whole logs', purposes: ['audit'] },
  'operation.read': {
    zh: '查看各服务进度与搁置情况',
    en: 'see how far the services are and what is parked',
    purposes: ['operation', 'audit'],
  },
  'delivery.manage': {
    zh: '重试或跳过搁置的事件',
    en: 'retry or pass over what is parked',
    purposes: ['operation'],
  },
} as const satisfies Readonly<Record<string, ActionText>>;

export const ACTION_LIST = Object.keys(ACTIONS) as Action[];

/** The actions that change something. */
export function changes(action: Action): boolean {
  return !action.endsWith('.read');
}
