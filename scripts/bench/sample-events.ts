import { z } from 'zod';
import { type Sealed, sealedField } from '#libs/contracts';
import type { Sealing } from '#libs/privacy';

const NAMES = ['张三丰', '李四', '王小明', '欧阳修远', '赵一曼', '陈国强', '刘洋', '周敏'];
const WORDS =
  '邻里纠纷因相邻通风采光排水噪声停车问题引发双方多次争执经村委会劝说未果现申请人民调解楼上漏水致墙面受损' +
  '要求赔偿损失网格员到场了解情况后已告知权利义务并约定时间地点再次协商';

interface Caller {
  readonly name: string;
  readonly telephone: string;
}

/** What an event of the benchmark carries: about 400 bytes of Chinese JSON. */
export const benchEvents = {
  DisputeNoted: z.strictObject({
    dispute: z.uuid(),
    grid: z.string().regex(/^\d{15}$/),
    kind: z.enum(['NEIGHBOURS', 'CONTRACT', 'DAMAGES']),
    summary: z.string().min(1).max(2000),
    place: z.string(),
    at: z.iso.datetime(),
    trace: z.string(),
    caller: sealedField<Caller>().optional(),
  }),
};

export interface BenchEvent {
  readonly type: 'DisputeNoted';
  readonly dispute: string;
  readonly grid: string;
  readonly kind: 'NEIGHBOURS' | 'CONTRACT' | 'DAMAGES';
  readonly summary: string;
  readonly place: string;
  readonly at: string;
  readonly trace: string;
  readonly caller?: Sealed<Caller>;
}

/** Ids in the form of UUIDv7, made without asking for random bytes, which is not what is measured. */
export function idSource(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const time = Date.now().toString(16).padStart(12, '0');
    const low = count.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${low.slice(-3)}-8${low.slice(-6, -3)}-${low}`;
  };
}

/** Events from a seed; of ten, one has a section that is sealed for a subject of its own. */
export function eventSource(
  sealing: Sealing,
  newId: () => string,
  seed = 1,
): (dispute: string) => BenchEvent {
  let state = seed;
  let made = 0;
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
  const textOf = (length: number): string =>
    Array.from({ length }, () => WORDS[chance(WORDS.length)]).join('');
  // Texts are made before the clock runs, ids and sections while it does.
  const texts = Array.from({ length: 2_000 }, () => textOf(34 + chance(24)));
  return (dispute) => {
    made += 1;
    const name = NAMES[chance(NAMES.length)] ?? '';
    const telephone = `1390739${String(chance(10_000)).padStart(4, '0')}`;
    return {
      type: 'DisputeNoted',
      dispute,
      grid: `430502001001${String(chance(40) + 1).padStart(3, '0')}`,
      kind: 'NEIGHBOURS',
      summary: texts[chance(texts.length)] ?? '',
      place: `大祥区城北路街道${chance(90) + 1}号`,
      at: '2026-03-01T08:00:00.000Z',
      trace: `${chance(2 ** 30).toString(16)}`,
      ...(made % 10 === 0 && { caller: sealing.seal(newId(), { name, telephone }) }),
    };
  };
}
