import type { EventLog } from './event-log.js';
import { EventTooLarge, UnknownEvent } from './faults.js';
import {
  commitOf,
  counted,
  countOn,
  type LogStore,
  noted,
  sampleOptions,
} from './sample-commits.conformance.js';

/** An event that cannot be recorded fails for its own command, and for no other of its turn. */
export function unfitEventConformance({ open }: LogStore): void {
  let log: EventLog;

  beforeEach(() => {
    log = open(sampleOptions);
  });
  afterEach(() => log.close());

  const places = async () =>
    (await log.read(0, 10)).map((e) => `${e.position} ${e.stream}/${e.version}`);
  const writing = (event: { type: string }) =>
    commitOf({ writes: [{ stream: 'a', events: [counted(1), event] }] });

  it.each([
    ['of an unknown type', { type: 'Forgotten', n: 1 }],
    ['of a type that every object has', { type: 'constructor' }],
    ['with a wrong value', { type: 'Counted', n: 'one' }],
    ['with a field too many', { type: 'Counted', n: 1, m: 2 }],
    ['with a field missing', { type: 'Counted' }],
  ])('%s rejects its own commit and no other', async (_, event) => {
    const [before, wrong, after] = await Promise.allSettled([
      log.append(countOn('b', 0, 1)),
      log.append(writing(event)),
      log.append(countOn('b', 1, 2)),
    ]);
    expect(wrong.status).toBe('rejected');
    expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(await places()).toEqual(['0 b/0', '1 b/1']);
  });

  it('too long for an entry rejects its own commit and no other, and says how long', async () => {
    const [before, wrong, after] = await Promise.allSettled([
      log.append(countOn('b', 0, 1)),
      log.append(writing(noted('枫'.repeat(20_000)))),
      log.append(countOn('b', 1, 2)),
    ]);
    expect(wrong.status === 'rejected' && wrong.reason instanceof EventTooLarge).toBe(true);
    expect(wrong).toMatchObject({
      reason: { message: 'Noted would need 60011 bytes, an event may have 60000' },
    });
    expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
  });

  it('that is as long as it may be is kept, under the longest of names', async () => {
    const event = noted('x'.repeat(60_000 - '{"text":""}'.length));
    const [actor, cause, stream] = ['a', 'c', 's'].map((name) => name.repeat(1_000)) as [
      string,
      string,
      string,
    ];
    await log.append(commitOf({ actor, cause, writes: [{ stream, events: [event] }] }));
    expect((await log.readStream(stream))[0]).toMatchObject({ actor, cause, event });
  });

  it.each(['actor', 'cause', 'stream', 'commandId'])(
    'whose %s would not fit beside it rejects its own commit and no other',
    async (field) => {
      const long = '枫'.repeat(30_000);
      const writes = [{ stream: field === 'stream' ? long : 'a', events: [counted(1)] }];
      const wrong = { ...commitOf({ writes }), ...(field === 'stream' ? {} : { [field]: long }) };
      const outcomes = await Promise.allSettled([
        log.append(wrong),
        log.append(countOn('b', 0, 1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      expect(await places()).toEqual(['0 b/0']);
    },
  );

  it('of an unknown type is named', async () => {
    const wrong = log.append(writing({ type: 'Forgotten' }));
    await expect(wrong).rejects.toThrow(UnknownEvent);
    await expect(wrong).rejects.toThrow(/Forgotten/);
  });
}
