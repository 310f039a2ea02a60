import type { RefusalTexts } from '#libs/service';
import type { GridRefusal } from './grid.js';

export const gridRefusals: RefusalTexts<GridRefusal> = {
  GridCodeMalformed: {
    zh: '“{code}”不是网格代码：应为 12 位村（社区）代码加 001 至 999。',
    en: '"{code}" is not a grid code: 12 digits of the village, then 001 to 999.',
  },
  VillageNotFound: {
    zh: '没有代码为 {village} 的村（社区）。',
    en: 'There is no village or community with the code {village}.',
  },
  VillageTakesNoGrids: {
    zh: '{village} 是虚拟社区或生活区，没有居民，不划设网格。',
    en: '{village} is virtual: it has no residents and takes no grids.',
    source: 'Statistical code rules: numbers 498 and 598',
  },
  GridAlreadyOpen: {
    zh: '网格 {grid} 已开设，请换用其他编号。',
    en: 'The grid {grid} is already open: take another number.',
  },
  GridNotFound: {
    zh: '没有代码为 {grid} 的网格。',
    en: 'There is no grid with the code {grid}.',
  },
  GridClosed: {
    zh: '网格 {grid} 已撤并（承接网格：{successor}）。',
    en: 'The grid {grid} is closed or closing; its successor: {successor}.',
  },
  GridAlreadyClosing: {
    zh: '网格 {grid} 正在撤并，请等待各服务答复。',
    en: 'The grid {grid} is closing already: wait for the services’ answers.',
  },
  GridReceivesWork: {
    zh: '网格 {grid} 正在承接其他网格的工作，暂不能撤并。',
    en: 'Work of another grid is on its way to {grid}: it cannot be closed before that has ended.',
  },
  SuccessorIsItself: {
    zh: '网格 {grid} 不能由自己承接。',
    en: 'The grid {grid} cannot be its own successor.',
  },
  SuccessorInAnotherVillage: {
    zh: '承接网格 {successor} 与 {grid} 不在同一村（社区）。',
    en: 'The successor {successor} lies in another village than {grid}.',
  },
  SuccessorNotOpen: {
    zh: '承接网格 {successor} 未开设或已撤并。',
    en: 'The successor {successor} is not an open grid.',
  },
};
