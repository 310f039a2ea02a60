import { validate, version } from 'uuid';
import type { Recorded } from '#libs/event';
import { reactionId } from './reaction-id.js';

const cause: Recorded = {
  origin: 'grid-registry',
  position: 1234,
  stream: 'post-1',
  version: 0,
  recordedAt: '2026-03-01T02:03:04.005Z',
  actor: 'li-1',
  commandId: 'command-1',
  event: { type: 'HolderReleased' },
};

describe('the command id of a reaction', () => {
  it('is a UUIDv8 with the variant of RFC 9562', () => {
    for (let place = 0; place < 500; place += 1) {
      const id = reactionId({ ...cause, version: place }, 'return-disputes');
      expect([id, validate(id), version(id)]).toEqual([id, true, 8]);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('begins with the time of the event, so that ids grow with it', () => {
    const id = reactionId(cause, 'return-disputes');
    const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(new Date(time).toISOString()).toBe(cause.recordedAt);
  });

  it('never changes: a delivery after an update would have its effect a second time', () => {
    expect(reactionId(cause, 'return-disputes', 'dispute-1')).toBe(
      '019ca722-87c5-8734-95a9-b9d43aa70177',
    );
  });

  it('is the same for every delivery of the event', () => {
    const again = { ...cause, event: { type: 'HolderReleased', more: 1 } };
    expect(reactionId(again, 'return-disputes', 'a')).toBe(
      reactionId(cause, 'return-disputes', 'a'),
    );
  });

  it('is that of the event, wherever the log keeps it', () => {
    const moved = { ...cause, position: 1235, cause: 'volunteers@7' };
    expect(reactionId(moved, 'return-disputes')).toBe(reactionId(cause, 'return-disputes'));
  });

  it('differs for the event that takes the place of a lost one', () => {
    const ids = [
      reactionId(cause, 'return-disputes'),
      reactionId({ ...cause, commandId: 'command-2' }, 'return-disputes'),
      // The same command, sent again by whoever got no answer or got one that was lost.
      reactionId({ ...cause, recordedAt: '2026-03-02T02:03:04.005Z' }, 'return-disputes'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('differs by reaction, target, origin, actor, command, stream, version and time', () => {
    const ids = [
      reactionId(cause, 'return-disputes'),
      reactionId(cause, 'enlist-mediator'),
      reactionId(cause, 'return-disputes', 'dispute-1'),
      reactionId(cause, 'return-disputes', 'dispute-2'),
      reactionId({ ...cause, commandId: 'command-2' }, 'return-disputes'),
      reactionId({ ...cause, actor: 'li-2' }, 'return-disputes'),
      reactionId({ ...cause, stream: 'post-2' }, 'return-disputes'),
      reactionId({ ...cause, version: 1 }, 'return-disputes'),
      reactionId({ ...cause, origin: 'volunteers' }, 'return-disputes'),
      reactionId({ ...cause, recordedAt: '2026-03-01T02:03:04.006Z' }, 'return-disputes'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps its parts apart', () => {
    const split = (actor: string, commandId: string) =>
      reactionId({ ...cause, actor, commandId }, 'return-disputes');
    expect(split('li-1 a', 'b')).not.toBe(split('li-1', 'a b'));
    expect(reactionId(cause, 'a b', 'c')).not.toBe(reactionId(cause, 'a', 'b c'));
  });

  it('spreads over all its free bits', () => {
    const hex = Array.from({ length: 500 }, (_, place) =>
      reactionId({ ...cause, version: place }, 'return-disputes').replaceAll('-', ''),
    );
    for (let place = 13; place < 32; place += 1) {
      const digits = new Set(hex.map((id) => id[place]));
      expect([place, digits.size]).toEqual([place, place === 16 ? 4 : 16]);
    }
  });
});
