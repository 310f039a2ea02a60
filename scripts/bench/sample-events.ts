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
  readonly kind: 'NEIGHBOURS';
  readonly summary: string;
  readonly place: string;
  readonly at: string;
  readonly trace: string;
  readonly caller?: Sealed<Caller>;
}

/** Ids in the form of UUIDv7, made without asking for random bytes, which is not what is measured. */
export function idSource(): () => string {
  let count = 0;
  let prefix = '';
  return () => {
    // The time of an id may be a little old, as that of a client's is.
    if (count % 64 === 0) {
      const time = Date.now().toString(16).padStart(12, '0');
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7abc-8abc-`;
    }
    count += 1;
    return prefix + (2 ** 44 + count).toString(16);
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
  // Texts are made before the clock runs, sections while it does: sealing belongs to the append.
  const notes = Array.from({ length: 4_000 }, () => ({
    grid: `430502001001${String(chance(40) + 1).padStart(3, '0')}`,
    kind: 'NEIGHBOURS' as const,
    summary: textOf(46 + chance(24)),
    place: `大祥区城北路街道${chance(90) + 1}号`,
    at: '2026-03-01T08:00:00.000Z',
    trace: chance(2 ** 30).toString(16),
  }));
  type Note = (typeof notes)[number];
  const noteAt = (index: number): Note => notes[index % notes.length] as Note;
  const callers = Array.from({ length: 500 }, () => ({
    name: NAMES[chance(NAMES.length)] ?? '',
    telephone: `1390739${String(chance(10_000)).padStart(4, '0')}`,
  }));
  return (dispute) => {
    made += 1;
    const note = { type: 'DisputeNoted' as const, dispute, ...noteAt(made) };
    const caller = made % 10 === 0 ? callers[made % callers.length] : undefined;
    return caller === undefined ? note : { ...note, caller: sealing.seal(newId(), caller) };
  };
}
