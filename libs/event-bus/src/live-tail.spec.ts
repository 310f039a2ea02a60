import type { Recorded } from '#libs/event';
import { LiveTail, type TailMessage } from './live-tail.js';

const event = (position: number, after: number, previous: number): TailMessage => ({
  source: 's',
  position,
  after,
  previous,
  recorded: { position } as Recorded,
});
const progress = (head: number, after: number, previous: number): TailMessage => ({
  source: 's',
  position: head,
  after,
  previous,
});
const positionsOf = (tail: LiveTail, from: number, limit = 100) => {
  const { events, next } = tail.take(from, limit);
  return [events.map(({ position }) => position), next];
};

let tail: LiveTail;
beforeEach(() => (tail = new LiveTail()));

it('puts partitions back into the order of the log', () => {
  tail.accept(1, [event(11, 10, -1), event(14, 13, 11)]);
  tail.accept(0, [event(10, 7, 7), event(13, 11, 10)]);
  expect(positionsOf(tail, 8, 3)).toEqual([[10, 11, 13], 14]);
  expect(positionsOf(tail, 14)).toEqual([[14], 15]);
  expect(tail.size).toBe(0);
});

it('gives nothing out before what comes before it is there', () => {
  tail.accept(1, [event(11, 10, -1)]);
  expect(positionsOf(tail, 10)).toEqual([[], 10]);
  expect(tail.isStuck).toBe(true);
  tail.accept(0, [event(10, 7, 7)]);
  expect(positionsOf(tail, 10)).toEqual([[10, 11], 12]);
  expect(tail.isStuck).toBe(false);
});

it('goes over what is not published only when it was told how far', () => {
  tail.accept(0, [event(5, 2, 2), progress(9, 5, 5)]);
  expect(positionsOf(tail, 3)).toEqual([[5], 9]);
  tail.accept(0, [progress(12, 10, 5)]);
  // Position 10 was published and has not come.
  expect(positionsOf(tail, 9)).toEqual([[], 9]);
  tail.accept(1, [event(10, 5, -1)]);
  expect(positionsOf(tail, 9)).toEqual([[10], 12]);
});

it('leaves out what came before, however often it comes', () => {
  tail.accept(0, [event(1, 0, 0), event(2, 1, 1)]);
  tail.accept(0, [event(1, 0, 0), event(2, 1, 1), event(3, 2, 2)]);
  expect(tail.size).toBe(3);
  expect(positionsOf(tail, 1)).toEqual([[1, 2, 3], 4]);
  tail.accept(0, [event(2, 1, 1), event(3, 2, 2)]);
  expect(positionsOf(tail, 4)).toEqual([[], 4]);
  expect(tail.size).toBe(0);
});

it('leaves out what whoever takes has from elsewhere', () => {
  tail.accept(0, [event(1, 0, 0), event(2, 1, 1), progress(3, 2, 2), event(7, 2, 2)]);
  expect(positionsOf(tail, 5)).toEqual([[7], 8]);
  expect(tail.size).toBe(0);
});

it('says at once when one of a partition was lost', () => {
  expect(tail.accept(0, [event(4, 3, 3)])).toBe(true);
  expect(tail.accept(0, [event(9, 8, 4)])).toBe(true);
  expect(tail.accept(0, [event(12, 11, 10)])).toBe(false);
  expect(tail.accept(1, [event(13, 12, 5)])).toBe(true);
  expect(tail.accept(1, [progress(15, 14, 14)])).toBe(false);
});

it('keeps one progress, however many come', () => {
  for (let head = 1; head < 5000; head += 1) tail.accept(0, [progress(head, -1, -1)]);
  expect(tail.size).toBe(1);
  expect(positionsOf(tail, 0)).toEqual([[], 4999]);
});

it('keeps the order over many more than it cuts off at once', () => {
  for (let from = 0; from < 6000; from += 500) {
    const batch = Array.from({ length: 500 }, (_, index) => from + index);
    tail.accept(
      0,
      batch.map((position) => event(position, position - 1, position - 1)),
    );
  }
  const all = positionsOf(tail, 0, 10_000);
  expect(all).toEqual([Array.from({ length: 6000 }, (_, index) => index), 6000]);
});
