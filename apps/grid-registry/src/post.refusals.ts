import type { RefusalTexts } from '#libs/service';
import { areaRefusals } from './area.refusals.js';
import { gridRefusals } from './grid.refusals.js';
import type { PostRefusal } from './post.js';

export const postRefusals: RefusalTexts<PostRefusal> = {
  AreaNotFound: areaRefusals.AreaNotFound,
  GridClosed: gridRefusals.GridClosed,
  PostLevelWrong: {
    zh: '{area} 不设此类岗位，可设层级：{levels}。',
    en: 'There is no such post in {area}: it belongs to {levels}.',
  },
  AppointmentOwn: {
    zh: '不能任命或免去本人。',
    en: 'Nobody appoints or releases themselves.',
  },
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
