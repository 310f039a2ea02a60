import type { RefusalTexts } from '#libs/service';
import type { InspectionRefusal } from './inspection.js';

export const inspectionRefusals: RefusalTexts<InspectionRefusal> = {
  InspectionNotFound: {
    zh: '没有编号为 {inspection} 的检查记录。',
    en: 'There is no inspection with the id {inspection}.',
  },
  ChecklistIncomplete: {
    zh: '检查表未填完，缺：{items}。',
    en: 'The checklist is not complete, these are missing: {items}.',
    source: '安全生产法 第六十八条',
  },
  ChecklistItemUnknown: {
    zh: '此类场所的检查表没有 {item} 项。',
    en: 'The checklist for this kind of place has no item {item}.',
  },
  ChecklistItemTwice: {
    zh: '{item} 项填写了两次。',
    en: 'The item {item} is there twice.',
  },
};
