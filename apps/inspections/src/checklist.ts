import type { PlaceKind } from './place.events.js';

/**
 * 检查项: what is looked at, in our own wording: management (M), the place itself (S), escape (E),
 * equipment (Q), power and fire (P). Merged from the Fire Protection Law and the lists for small
 * places that fire services publish (reference list, section 4.2). A code keeps its meaning.
 */
export const checklistCodes = {
  M1: { zh: '明确消防安全责任人', en: 'A responsible person is named' },
  M2: { zh: '有消防安全制度', en: 'There are written rules' },
  M3: { zh: '有每日巡查、每月检查记录', en: 'Daily patrols and monthly checks are recorded' },
  M4: { zh: '员工会报警、会灭火、会疏散', en: 'Staff can call, extinguish and lead out' },
  M5: { zh: '上岗前经过培训', en: 'Staff are trained before they work' },
  M6: { zh: '有预案并演练', en: 'There is a plan, and it was drilled' },
  S1: { zh: '不违规存放易燃物品', en: 'No flammables are stored' },
  S2: { zh: '防火门完好', en: 'Fire doors are whole' },
  S3: { zh: '厨房与其他区域分隔', en: 'The kitchen is separated' },
  S4: { zh: '场所内不违规住宿', en: 'Nobody sleeps there against the rules' },
  S5: { zh: '不使用易燃夹芯彩钢板', en: 'No flammable sandwich panels' },
  S6: { zh: '通过开业前消防检查', en: 'The legal check before opening was passed' },
  E1: { zh: '安全出口畅通、未上锁', en: 'Exits are open and unlocked' },
  E2: { zh: '疏散通道、楼梯不堵塞', en: 'Escape routes and stairs are free' },
  E3: { zh: '疏散指示标志完好', en: 'Escape signs are in place' },
  E4: { zh: '应急照明完好', en: 'Emergency lights work' },
  E5: { zh: '外窗无影响逃生的障碍', en: 'No bars on windows stop an escape' },
  E6: { zh: '消防车通道、消火栓不被占用', en: 'The fire lane and the hydrant are free' },
  Q1: { zh: '灭火器配备并在有效期内', en: 'Extinguishers are present and in date' },
  Q2: { zh: '消火栓有水', en: 'The hydrant has water' },
  Q3: { zh: '火灾探测器完好', en: 'Fire detectors work' },
  Q4: { zh: '报警、喷淋系统正常', en: 'Alarm and sprinklers work' },
  Q5: { zh: '消防控制室有人值守', en: 'The fire control room is staffed' },
  P1: { zh: '电气线路敷设规范', en: 'Wiring is tidy' },
  P2: { zh: '无超负荷用电', en: 'No overload' },
  P3: {
    zh: '室内、走道、楼梯间不停放或充电电动自行车',
    en: 'No e-bike is parked or charged inside, in halls or on stairs',
  },
  P4: { zh: '燃气报警器、软管完好', en: 'Gas alarm and hose are in order' },
  P5: { zh: '禁火处无明火、不吸烟', en: 'No open fire or smoking where forbidden' },
  P6: { zh: '动火作业经审批', en: 'Hot work was approved' },
} as const;

/** 检查项代码: one item of a checklist. */
export type ItemCode = keyof typeof checklistCodes;

/** Which items apply is our own choice, a short form until local rules are loaded. */
const CHECKLISTS: Readonly<Record<PlaceKind, readonly ItemCode[]>> = {
  SHOP: ['M1', 'M4', 'S1', 'S4', 'E1', 'E2', 'Q1', 'P1', 'P2', 'P3'],
  RESTAURANT: ['M1', 'M4', 'S3', 'E1', 'E2', 'E4', 'Q1', 'P1', 'P4', 'P5'],
  HOTEL: ['M1', 'M4', 'M6', 'S2', 'E1', 'E2', 'E3', 'E4', 'E5', 'Q1', 'Q3', 'Q4', 'P1', 'P3'],
  SCHOOL: ['M1', 'M3', 'M6', 'S5', 'E1', 'E2', 'E3', 'E4', 'E6', 'Q1', 'Q2', 'P1', 'P2'],
  WORKSHOP: ['M1', 'M5', 'S1', 'S4', 'S5', 'E1', 'E2', 'Q1', 'P1', 'P2', 'P6'],
  CLINIC: ['M1', 'M4', 'E1', 'E2', 'E4', 'Q1', 'P1', 'P2'],
  OTHER: ['M1', 'E1', 'E2', 'Q1', 'P1', 'P3'],
};

/** 检查表: the items for a kind of place, in the order in which they are looked at. */
export function checklistOf(kind: PlaceKind): readonly ItemCode[] {
  return CHECKLISTS[kind];
}
