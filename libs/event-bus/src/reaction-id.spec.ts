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
    for (let position = 0; position < 500; position += 1) {
      const id = reactionId({ ...cause, position }, 'return-disputes');
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
      '019ca722-87c5-885d-b510-c6e5a916e746',
    );
  });

  it('is the same for every delivery of the event', () => {
    const again = { ...cause, event: { type: 'HolderReleased', more: 1 } };
    expect(reactionId(again, 'return-disputes', 'a')).toBe(
      reactionId(cause, 'return-disputes', 'a'),
    );
  });

  it('differs by reaction, by target, by position, by origin and by time', () => {
    const ids = [
      reactionId(cause, 'return-disputes'),
      reactionId(cause, 'enlist-mediator'),
      reactionId(cause, 'return-disputes', 'dispute-1'),
      reactionId(cause, 'return-disputes', 'dispute-2'),
      reactionId({ ...cause, position: 1235 }, 'return-disputes'),
      reactionId({ ...cause, origin: 'volunteers' }, 'return-disputes'),
      reactionId({ ...cause, recordedAt: '2026-03-01T02:03:04.006Z' }, 'return-disputes'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('spreads over all its free bits', () => {
    const hex = Array.from({ length: 500 }, (_, position) =>
      reactionId({ ...cause, position }, 'return-disputes').replaceAll('-', ''),
    );
    for (let place = 13; place < 32; place += 1) {
      const digits = new Set(hex.map((id) => id[place]));
      expect([place, digits.size]).toEqual([place, place === 16 ? 4 : 16]);
    }
  });
});
