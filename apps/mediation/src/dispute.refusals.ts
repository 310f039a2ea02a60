import type { RefusalTexts } from '#libs/service';
import type { DisputeRefusal } from './dispute.js';

export const disputeRefusals: RefusalTexts<DisputeRefusal> = {
  GridCodeMalformed: {
    zh: '“{code}”不是网格代码：应为 12 位村（社区）代码加 001 至 999。',
    en: '"{code}" is not a grid code: 12 digits of the village, then 001 to 999.',
  },
  GridNotFound: {
    zh: '没有代码为 {grid} 的网格。',
    en: 'There is no grid with the code {grid}.',
  },
  GridClosed: {
    zh: '网格 {grid} 已停收（承接网格：{successor}）。',
    en: 'The grid {grid} takes nothing new: it is closed or closing; its successor: {successor}.',
  },
  DisputeNotFound: {
    zh: '没有编号为 {dispute} 的纠纷。',
    en: 'There is no dispute with the id {dispute}.',
  },
  DisputeClosed: {
    zh: '该纠纷不予受理或调解已终止。',
    en: 'The dispute was not accepted, or its mediation has ended.',
  },
  DisputeAlreadySettled: {
    zh: '该纠纷已达成协议，不能再次处理。',
    en: 'The dispute is settled: its agreement stands.',
  },
  DisputeNotAccepted: {
    zh: '当事人尚未全部同意调解。',
    en: 'Not every party has agreed to mediation yet.',
    source: '人民调解法 第十七条',
  },
  DisputeAlreadyAssigned: {
    zh: '该纠纷已指派给其他调解员。',
    en: 'The dispute is assigned to another mediator.',
  },
  DisputeNotAssigned: {
    zh: '该纠纷尚未指派调解员。',
    en: 'No mediator is assigned to the dispute.',
  },
  DisputeNotYetMediated: {
    zh: '现任调解员尚无调解记录，请先记录调解。',
    en: 'This mediator has recorded no session yet: record it before the agreement.',
    source: '人民调解法 第二十七条',
  },
  PartyNotFound: {
    zh: '{party} 不是该纠纷的当事人。',
    en: '{party} is not a party to the dispute.',
  },
  MediatorNotFound: {
    zh: '没有编号为 {mediator} 的在任调解员。',
    en: 'Nobody with the id {mediator} holds a mediator’s post.',
  },
  MediatorReleased: {
    zh: '调解员 {mediator} 已离任。',
    en: 'The mediator {mediator} has left the post.',
  },
  MediatorOutsideArea: {
    zh: '该调解员的岗位区域 {area} 不包括网格 {grid}。',
    en: 'The mediator’s area {area} does not cover the grid {grid}.',
  },
  AgreementNotSigned: {
    zh: '协议书须经全体当事人签名。',
    en: 'Every party must have signed the agreement.',
    source: '人民调解法 第二十九条',
  },
  TermNotAgreed: {
    zh: '延长或中止调解期限，须经全体当事人同意。',
    en: 'Every party must agree before the time to mediate in is extended or paused.',
    source: '深圳经济特区矛盾纠纷多元化解条例',
  },
  TermNotLonger: {
    zh: '调解期限现为 {days} 日，延长后的期限不能更短。',
    en: 'The time to mediate in is {days} days now: an extension cannot make it shorter.',
  },
  TermPassed: {
    zh: '按此计算，调解期限已届满。',
    en: 'Counted so, the time to mediate in has passed already.',
  },
  SessionInFuture: {
    zh: '调解时间不能晚于现在。',
    en: 'A session cannot have been held later than now.',
  },
};
