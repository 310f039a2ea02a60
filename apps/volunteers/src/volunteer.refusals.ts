import type { RefusalTexts } from '#libs/service';
import type { VolunteerRefusal } from './volunteer.js';

export const volunteerRefusals: RefusalTexts<VolunteerRefusal> = {
  VolunteerNotFound: {
    zh: '没有编号为 {volunteer} 的志愿者。',
    en: 'There is no volunteer with the id {volunteer}.',
  },
  VolunteerTooYoung: {
    zh: '未满十四周岁的，不能登记为志愿者。',
    en: 'Somebody under 14 cannot be enrolled as a volunteer.',
    source: '浙江省志愿服务条例；山东省志愿服务条例',
  },
  GuardianConsentMissing: {
    zh: '未满十八周岁的，须经法定代理人同意。',
    en: 'A minor needs the consent of the legal representative.',
    source: '浙江省志愿服务条例；山东省志愿服务条例',
  },
  ShiftOverlaps: {
    zh: '该志愿者在 {from} 至 {to} 已有其他班次。',
    en: 'The volunteer has another shift from {from} to {to}.',
  },
};
