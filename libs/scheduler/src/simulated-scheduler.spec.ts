import { SimulatedScheduler } from './simulated-scheduler.js';

const START = Date.parse('2026-03-09T08:00:00.000Z');
const inOrder = () => {
  let next = 0;
  return () => (next += 0.001);
};
const backwards = () => {
  let next = 1;
  return () => (next -= 0.001);
};

let scheduler: SimulatedScheduler;
let ran: string[];
const note = (what: string) => () => void ran.push(`${what} ${scheduler.elapsedMs()}`);

beforeEach(() => {
  scheduler = new SimulatedScheduler(START, inOrder());
  ran = [];
});

it('lets nothing run until time passes', async () => {
  scheduler.after(10, note('a'));
  scheduler.soon(note('b'));
  expect(ran).toEqual([]);
  await scheduler.pass(9);
  expect(ran).toEqual(['b 0']);
  await scheduler.pass(1);
  expect(ran).toEqual(['b 0', 'a 10']);
});

it('runs what is put off in the order of its time', async () => {
  scheduler.after(20, note('late'));
  scheduler.after(10, note('early'));
  await scheduler.pass(100);
  expect(ran).toEqual(['early 10', 'late 20']);
  expect(scheduler.now()).toBe('2026-03-09T08:00:00.100Z');
});

it.each([
  [inOrder(), ['a 5', 'b 5']],
  [backwards(), ['b 5', 'a 5']],
])('runs what falls due at once in the order of chance', async (chance, order) => {
  scheduler = new SimulatedScheduler(START, chance);
  scheduler.after(5, note('a'));
  scheduler.after(5, note('b'));
  await scheduler.pass(5);
  expect(ran).toEqual(order);
});

it('runs what a run puts off, within the same time', async () => {
  scheduler.after(1, () => scheduler.after(1, note('second')));
  await scheduler.pass(2);
  expect(ran).toEqual(['second 2']);
});

it('does not run what was taken back', async () => {
  const cancel = scheduler.after(1, note('never'));
  cancel();
  scheduler.after(1, note('forgotten'));
  scheduler.clear();
  await scheduler.pass(10);
  expect(ran).toEqual([]);
});

it('repeats until it is taken back', async () => {
  const cancel = scheduler.every(10, note('tick'));
  await scheduler.pass(25);
  cancel();
  await scheduler.pass(100);
  expect(ran).toEqual(['tick 10', 'tick 20']);
});

it('can be taken back by what repeats', async () => {
  const cancel = scheduler.every(10, () => {
    note('tick')();
    cancel();
  });
  await scheduler.pass(100);
  expect(ran).toEqual(['tick 10']);
});

it('sleeps for a time, or until a signal', async () => {
  const woken = new AbortController();
  void scheduler.sleep(50).then(note('slept'));
  void scheduler.sleep(50, woken.signal).then(note('woken'));
  scheduler.after(20, () => woken.abort());
  await scheduler.pass(60);
  expect(ran).toEqual(['woken 20', 'slept 50']);
  await scheduler.sleep(1000, woken.signal);
  expect(scheduler.elapsedMs()).toBe(60);
});

it('can be set without moving what waits', async () => {
  scheduler.after(10, note('a'));
  scheduler.setClock(-3_600_000);
  await scheduler.pass(10);
  expect(ran).toEqual(['a 10']);
  expect(scheduler.now()).toBe('2026-03-09T07:00:00.010Z');
});

it('goes on with what was promised before it lets more time pass', async () => {
  scheduler.after(1, () => {
    void (async () => {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      note('promised')();
    })();
  });
  scheduler.after(2, note('next'));
  await scheduler.pass(2);
  expect(ran).toEqual(['promised 1', 'next 2']);
});

it('stops early when it is told to', async () => {
  scheduler.after(1, note('a'));
  scheduler.after(2, note('b'));
  await scheduler.pass(10, () => ran.length === 1);
  expect(ran).toEqual(['a 1']);
});
