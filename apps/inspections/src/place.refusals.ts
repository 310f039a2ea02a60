import type { RefusalTexts } from '#libs/service';
import type { PlaceRefusal } from './place.js';

export const placeRefusals: RefusalTexts<PlaceRefusal> = {
  PlaceNotFound: {
    zh: '没有编号为 {place} 的场所。',
    en: 'There is no place with the id {place}.',
  },
  PlaceAlreadyClosed: {
    zh: '场所 {place} 已注销。',
    en: 'The place {place} is closed.',
  },
};
