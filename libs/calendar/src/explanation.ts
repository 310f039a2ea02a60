import { dayAfter } from './day.js';
import type { Due } from './deadline.js';
import { localDay } from './local-time.js';

/** 说明: one sentence in each language. */
export interface Explanation {
  readonly zh: string;
  readonly en: string;
}

const MONTHS =
  'January February March April May June July August September October November December';

/** Why a term ends when it does, in a sentence that needs nothing but the due date itself. */
export function explain(due: Due): Explanation {
  const parts = [begun(due), ...due.pauses.map(paused), ...due.holidays.map(notCounted)];
  const all = [...parts, ...worked(due), ...shifted(due), ended(due), ...provisional(due)];
  return {
    zh: `${all.map(({ zh }) => zh).join('，')}。`,
    en: `${all.map(({ en }) => en).join(', ')}.`,
  };
}

function begun({ kind, days, from }: Due): Explanation {
  const day = localDay(from);
  const isWorking = kind === 'WORKING_DAYS';
  const unit = `${isWorking ? 'working day' : 'day'}${days === 1 ? '' : 's'}`;
  return {
    zh: `自${day}起${days}${isWorking ? '个工作日' : '日'}，首日不计`,
    en: `${days} ${unit} from ${day}, the first day not counted`,
  };
}

function paused({ from, to }: Due['pauses'][number]): Explanation {
  const since = localDay(from);
  if (to === null) {
    return { zh: `自${since}起中止`, en: `paused from ${since} on` };
  }
  // The instant at which it ends is no part of it: midnight belongs to the day before.
  const until = localDay(new Date(Date.parse(to) - 1).toISOString());
  return span(since, until, (zh, en) => ({
    zh: `${zh}中止期间不计`,
    en: `without the pause ${en}`,
  }));
}

function notCounted({ from, to, zh, en }: Due['holidays'][number]): Explanation {
  return span(from, to, (zhDays, enDays) => ({
    zh: `${zh}假期${zhDays}不计`,
    en: `without ${en} (${enDays})`,
  }));
}

function worked({ workdays }: Due): readonly Explanation[] {
  if (workdays.length === 0) return [];
  const zh = workdays.map(zhDay).join('、');
  const en = workdays.map(enDay).join(' and ');
  return [{ zh: `${zh}调休上班计入`, en: `with ${en} worked in exchange` }];
}

function shifted({ shiftedFrom }: Due): readonly Explanation[] {
  if (shiftedFrom === null) return [];
  return [
    {
      zh: `${shiftedFrom}为休息日，顺延至其后首个工作日`,
      en: `moved on from ${shiftedFrom}, which is not worked, to the next working day`,
    },
  ];
}

function ended({ dueAt }: Due): Explanation {
  if (dueAt === null) return { zh: '恢复后继续计算', en: 'counted on once it is resumed' };
  const day = dayAfter(localDay(dueAt), -1);
  return { zh: `于${day} 24:00届满`, en: `ends on ${day} at 24:00` };
}

function provisional({ isProvisional }: Due): readonly Explanation[] {
  if (!isProvisional) return [];
  return [
    {
      zh: '其中放假安排尚未公布，暂按周末推算，公布后重新计算',
      en: 'provisional: the holidays are not published yet, and it is computed again once they are',
    },
  ];
}

function span(
  from: string,
  to: string,
  words: (zh: string, en: string) => Explanation,
): Explanation {
  if (from === to) return words(zhDay(from), enDay(from));
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  const isOneMonth = from.slice(0, 7) === to.slice(0, 7);
  const zhTo = isOneMonth ? `${dayOfMonth(to)}日` : isOneYear ? zhDay(to).slice(5) : zhDay(to);
  const enFrom = isOneMonth
    ? `${dayOfMonth(from)}`
    : isOneYear
      ? enDay(from).slice(0, -5)
      : enDay(from);
  return words(`${zhDay(from)}至${zhTo}`, `${enFrom} to ${enDay(to)}`);
}

function dayOfMonth(day: string): number {
  return Number(day.slice(8));
}

/** `2026年10月1日` */
function zhDay(day: string): string {
  return `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${dayOfMonth(day)}日`;
}

/** `1 October 2026` */
function enDay(day: string): string {
  const month = MONTHS.split(' ')[Number(day.slice(5, 7)) - 1] ?? '';
  return `${dayOfMonth(day)} ${month} ${day.slice(0, 4)}`;
}
