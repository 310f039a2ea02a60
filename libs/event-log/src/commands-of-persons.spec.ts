import { z } from 'zod';
import { type Sealed, sealedField } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import { openMemoryKeys, requestFingerprints, Sealing, type SubjectKeys } from '#libs/privacy';
import { Commands, type Streams } from './commands.js';
import { decodeEntry } from './entry.js';
import type { EventLog } from './event-log.js';
import { openMemoryLog } from './memory-log.js';
import { TIME } from './sample-commits.conformance.js';

interface Content {
  readonly name: string;
}
interface Met {
  readonly type: 'Met';
  readonly host: Sealed<Content>;
  readonly guest: Sealed<Content>;
}

const meetings: Aggregate<number, Met> = { category: 'meeting', initial: 0, evolve: (n) => n + 1 };
const [HOST, GUEST] = [
  '019570c0-0000-7000-8000-00000000000b',
  '019570c0-0000-7000-8000-00000000000a',
];

let log: EventLog;
let keys: SubjectKeys;
let sealing: Sealing;
let commands: Commands;

beforeEach(() => {
  const person = sealedField<Content>();
  const events = { Met: z.strictObject({ guest: person, host: person }) };
  log = openMemoryLog({ origin: 'visits', events, now: () => TIME });
  keys = openMemoryKeys();
  sealing = new Sealing(keys);
  commands = new Commands(log, requestFingerprints(keys));
});

/** Two persons meet; what their schema lists first is recorded last here. */
const meet = (id: string) => async (streams: Streams) => {
  const meeting = await streams.load(meetings, id);
  const met: Met = {
    type: 'Met',
    host: sealing.seal(HOST, { name: '示例甲' }),
    guest: sealing.seal(GUEST, { name: '示例乙' }),
  };
  return streams.record(meeting, [met]);
};

const ask = (request: unknown, commandId = '1') =>
  commands.execute({ commandId, actor: 'li-1', request }, meet('a'));

const fingerprintAt = async (position: number) => {
  const [bytes] = await log.entries(position, 1);
  return decodeEntry(position, bytes!).fingerprint;
};

describe('a command that tells of persons', () => {
  it('is answered again as the first time, in whatever order it tells of them', async () => {
    const first = await ask({ host: '示例甲', guest: '示例乙' });
    expect(await ask({ host: '示例甲', guest: '示例乙' })).toEqual(first);
    expect(await log.head()).toBe(1);
  });

  it('is refused with other content under the same id', async () => {
    await ask({ host: '示例甲', guest: '示例乙' });
    expect(await ask({ host: '示例甲', guest: '示例丙' })).toEqual({ refused: 'CommandIdReused' });
  });

  it.each([
    ['the one', HOST],
    ['the other', GUEST],
  ])('is answered as done, whatever is asked, once %s was erased', async (_, subject) => {
    const first = await ask({ host: '示例甲', guest: '示例乙' });
    await sealing.erase(subject);
    expect(await ask({ host: '示例甲', guest: '示例乙' })).toEqual(first);
    expect(await ask({ host: 'somebody else' })).toEqual(first);
    expect(await log.head()).toBe(1);
  });

  it('leaves a fingerprint that is guessed with neither the log’s key nor one of theirs', async () => {
    const request = { host: '示例甲', guest: '示例乙' };
    await ask(request);
    const found = await fingerprintAt(0);
    const { of } = requestFingerprints(keys);
    const text = JSON.stringify(request);
    expect([of(text, [GUEST, HOST])]).toEqual([found]);
    expect([of(text, []), of(text, [HOST]), of(text, [GUEST])]).not.toContain(found);
  });

  it('is not recorded when one of them was erased while it was carried out', async () => {
    const asked = commands.execute(
      { commandId: '1', actor: 'li-1', request: [] },
      async (streams) => {
        const refusal = await meet('a')(streams);
        await sealing.erase(GUEST);
        return refusal;
      },
    );
    await expect(asked).rejects.toThrow(/was destroyed while it was carried out/);
    expect(await log.head()).toBe(0);
  });
});
