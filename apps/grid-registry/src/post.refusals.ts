import type { RefusalTexts } from '#libs/service';
import { areaRefusals } from './area.refusals.js';
import { gridRefusals } from './grid.refusals.js';
import type { PostRefusal } from './post.js';

export const postRefusals: RefusalTexts<PostRefusal> = {
  AreaNotFound: areaRefusals.AreaNotFound,
  GridClosed: gridRefusals.GridClosed,
  PostNotFound: {
    zh: '没有编号为 {post} 的岗位。',
    en: 'There is no post with the id {post}.',
  },
  PostAlreadyHeld: {
    zh: '岗位 {post} 已有人担任，请先免去现任。',
    en: 'The post {post} is held: release its holder first.',
  },
  PostVacant: {
    zh: '岗位 {post} 现无人担任。',
    en: 'Nobody holds the post {post}.',
  },
};
