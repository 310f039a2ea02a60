import type { KnownGridRefusal } from '#libs/grid-work';
import type { RefusalTexts } from '#libs/service';

/** Refusals of every command that brings new work into a grid. */
export const gridRefusals: RefusalTexts<KnownGridRefusal | 'GridCodeMalformed'> = {
  GridCodeMalformed: {
    zh: '“{code}”不是网格代码：应为 12 位村（社区）代码加 001 至 999。',
    en: '"{code}" is not a grid code: 12 digits of the village, then 001 to 999.',
  },
  GridNotFound: {
    zh: '没有代码为 {grid} 的网格。',
    en: 'There is no grid with the code {grid}.',
  },
  GridClosed: {
    zh: '网格 {grid} 已停收新事项，由网格 {successor} 接续。',
    en: 'The grid {grid} takes no new work; the grid that goes on with it: {successor}.',
  },
};
