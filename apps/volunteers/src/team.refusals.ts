import type { RefusalTexts } from '#libs/service';
import type { TeamRefusal } from './team.js';

/** Refusals about teams, and about grids in which a service takes no work. */
export const teamRefusals: RefusalTexts<TeamRefusal> = {
  GridNotFound: {
    zh: '没有代码为 {grid} 的网格。',
    en: 'There is no grid with the code {grid}.',
  },
  GridClosed: {
    zh: '网格 {grid} 正在撤并或已撤并，承接网格：{successor}。',
    en: 'The grid {grid} is closing or closed; its successor: {successor}.',
  },
  TeamNotFound: {
    zh: '没有编号为 {team} 的志愿队。',
    en: 'There is no team with the id {team}.',
  },
};
