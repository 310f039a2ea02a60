import type { RefusalTexts } from '#libs/service';
import type { ShiftRefusal } from './shift.js';

export const shiftRefusals: RefusalTexts<ShiftRefusal> = {
  GridCodeMalformed: {
    zh: '“{code}”不是网格代码：应为 12 位村（社区）代码加 001 至 999。',
    en: '"{code}" is not a grid code: 12 digits of the village, then 001 to 999.',
  },
  TeamOfAnotherArea: {
    zh: '该志愿队的区域 {area} 不包括网格 {grid}。',
    en: 'The team’s area {area} does not cover the grid {grid}.',
  },
  ShiftNotFound: {
    zh: '没有编号为 {shift} 的班次。',
    en: 'There is no shift with the id {shift}.',
  },
  ShiftEndsBeforeStart: {
    zh: '班次的结束时间应晚于开始时间。',
    en: 'A shift ends after it starts.',
  },
  ShiftTooLong: {
    zh: '班次最长十二小时。',
    en: 'A shift lasts 12 hours at most.',
  },
  ShiftInPast: {
    zh: '班次的开始时间不能早于现在。',
    en: 'A shift cannot start earlier than now.',
  },
  ShiftAlreadyStarted: {
    zh: '该班次已开始，不能再认领。',
    en: 'The shift has started: it can no longer be claimed.',
  },
  ShiftAlreadyClaimed: {
    zh: '该班次已由其他志愿者认领。',
    en: 'Another volunteer has claimed the shift.',
  },
  ShiftNotClaimed: {
    zh: '该班次尚无人认领。',
    en: 'Nobody has claimed the shift.',
  },
  ShiftCancelled: {
    zh: '该班次已取消。',
    en: 'The shift is cancelled.',
  },
  ShiftAlreadyServed: {
    zh: '该班次已完成，不能取消。',
    en: 'The shift has been served: it can no longer be cancelled.',
  },
  ShiftNotCheckedIn: {
    zh: '该班次不在值勤中：尚未签到，或已签退。',
    en: 'The volunteer is not checked in on the shift.',
  },
  ShiftNotCheckedOut: {
    zh: '志愿者尚未签退。',
    en: 'The volunteer has not checked out yet.',
  },
  ClaimForAnother: {
    zh: '志愿者只能为自己认领班次。',
    en: 'A volunteer claims shifts for nobody else.',
  },
  VolunteerOfAnotherTeam: {
    zh: '该班次属于其他志愿队。',
    en: 'The shift is one of another team.',
  },
  MinorNotAllowed: {
    zh: '未满十八周岁的，不能参加夜间（22:00 至 06:00）或有危险的班次。',
    en: 'A minor may take neither a night shift (22:00 to 06:00) nor a risky one.',
    source: '浙江省志愿服务条例；山东省志愿服务条例',
  },
  NotYourShift: {
    zh: '该班次由其他志愿者承担。',
    en: 'The shift is another volunteer’s.',
  },
  CheckInTooEarly: {
    zh: '尚不能签到：{opensAt} 起可以签到。',
    en: 'It is too early: check-in opens at {opensAt} (Shanghai).',
  },
  CheckInTooLate: {
    zh: '班次已结束，不能再签到。',
    en: 'The shift has ended: it is too late to check in.',
  },
  CheckOutTooLate: {
    zh: '班次结束已超过两小时，不能再签退。',
    en: 'The shift ended more than two hours ago: it is too late to check out.',
  },
  HoursOwn: {
    zh: '不能确认自己的服务时长。',
    en: 'Nobody confirms their own hours.',
  },
  ObservationNotFound: {
    zh: '没有编号为 {observation} 的巡防发现。',
    en: 'There is no observation with the id {observation}.',
  },
};
