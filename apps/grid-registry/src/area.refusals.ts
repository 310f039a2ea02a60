import type { RefusalTexts } from '#libs/service';
import type { AreaRefusal } from './area.js';

/** Refusals about areas themselves, and about naming one that is not known. */
export const areaRefusals: RefusalTexts<AreaRefusal | 'AreaNotFound'> = {
  AreaNotFound: {
    zh: '没有代码为 {code} 的区域。',
    en: 'There is no area with the code {code}.',
  },
  AreaNotDivision: {
    zh: '{code} 是网格代码，网格须在村（社区）内划设。',
    en: '{code} is the code of a grid: grids are opened in a village.',
  },
  AreaNameDiffers: {
    zh: '{code} 已登记为“{known}”，不能改为“{name}”。',
    en: '{code} is registered as "{known}", not as "{name}".',
  },
  ParentAreaNotFound: {
    zh: '{code} 的上级区域 {parent} 尚未登记。',
    en: 'The area above {code}, {parent}, is not registered.',
  },
};
