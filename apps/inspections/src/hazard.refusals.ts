import type { RefusalTexts } from '#libs/service';
import type { HazardRefusal } from './hazard.js';

export const hazardRefusals: RefusalTexts<HazardRefusal> = {
  ItemNotFailed: {
    zh: '该次检查中 {item} 项并非不合格。',
    en: 'The item {item} did not fail in this inspection.',
  },
  MajorNotOnSpot: {
    zh: '重大隐患不能按当场整改处理，须限期整改。',
    en: 'A major hazard is not fixed on the spot: it gets a time limit.',
    source: '安全生产事故隐患排查治理暂行规定（国家安全生产监督管理总局令第16号）第三条',
  },
  TimeLimitMissing: {
    zh: '请给出整改期限（天数）。',
    en: 'Give the time limit in days.',
    source: '安全生产法 第六十五条',
  },
  TimeLimitNotNeeded: {
    zh: '已整改到位，不需要整改期限。',
    en: 'It is put right already: leave the time limit out.',
  },
  HazardNotFound: {
    zh: '没有编号为 {hazard} 的隐患。',
    en: 'There is no hazard with the id {hazard}.',
  },
  HazardNotGraded: {
    zh: '该隐患尚未定级。',
    en: 'The hazard is not graded yet.',
  },
  HazardAlreadyGraded: {
    zh: '该隐患已定级并限期。',
    en: 'The hazard is graded and has its time limit.',
  },
  HazardNotRectified: {
    zh: '该隐患尚未整改，不能复查。',
    en: 'The hazard is not rectified yet: there is nothing to recheck.',
  },
  HazardAlreadyRectified: {
    zh: '该隐患已整改，待复查。',
    en: 'The hazard is rectified and waits for its recheck.',
  },
  HazardAlreadyClosed: {
    zh: '该隐患已销号。',
    en: 'The hazard is closed.',
  },
  RecheckByRectifier: {
    zh: '隐患须由登记整改者以外的人复查。',
    en: 'Somebody other than who recorded the rectification must recheck it.',
  },
  RecheckByFinder: {
    zh: '发现人不能复查本人发现的隐患，请由他人复查。',
    en: 'Who found a hazard does not recheck it: somebody else does.',
  },
};
