import { Logger } from '@nestjs/common';
import { planOf, sameAgain } from './command-line.js';
import { runSeed } from './run-seed.js';

const SEEDS = 200;
const AT_ONCE = 25;
const LIMIT_MS = 120_000;

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['error']));

const firsts = Array.from({ length: SEEDS / AT_ONCE }, (_, index) => 1 + index * AT_ONCE);

describe('whatever the weather, the services come to what their rules say', () => {
  it.each(firsts)(
    `${AT_ONCE} seeds from %i`,
    async (first) => {
      const told: string[] = [];
      for (let seed = first; seed < first + AT_ONCE; seed += 1) {
        const { findings, step } = await runSeed({ seed });
        const again = sameAgain(planOf([]), seed);
        told.push(
          ...findings.map((finding) => `seed ${seed}, step ${step}: ${finding} (${again})`),
        );
      }
      expect(told).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('a seed', () => {
  it('comes to the same each time, line by line', async () => {
    const lines: readonly string[][] = [[], []];
    for (const each of lines) await runSeed({ seed: 11, hear: (line) => each.push(line) });
    expect(lines[1]).toEqual(lines[0]);
  });

  it('is another story than the next one', async () => {
    const [one, other] = [await runSeed({ seed: 11 }), await runSeed({ seed: 12 })];
    expect(one.digest).not.toBe(other.digest);
  });

  it('has people at work, refusals, and more of both with more steps', async () => {
    const [short, long] = [
      await runSeed({ seed: 5, steps: 30 }),
      await runSeed({ seed: 5, steps: 150 }),
    ];
    expect(short.findings.concat(long.findings)).toEqual([]);
    expect(short.acknowledged).toBeGreaterThan(10);
    expect(long.acknowledged).toBeGreaterThan(2 * short.acknowledged);
    expect(long.refused).toBeGreaterThan(short.refused);
  });
});

describe('the command line', () => {
  it.each([
    [['--seed', '0'], '--seed must be 1 to 1000000000'],
    [['--seeds', 'many'], '--seeds must be 1 to 1000000'],
    [['--steps', '1.5'], '--steps must be 1 to 100000'],
    [['--plant', 'nothing'], 'nothing is none of the plants'],
    [['--sed', '1'], /sed/],
  ])('refuses %j', (args, reason) => {
    expect(() => planOf(args)).toThrow(reason);
  });

  it('says how to have the same again', () => {
    const plan = planOf(['--seeds', '9', '--steps', '40', '--plant', 'out-of-order']);
    const again = 'npm run simulate -- --seed 5 --steps 40 --plant out-of-order --verbose';
    expect(sameAgain(plan, 5)).toBe(again);
    expect(sameAgain(planOf([]), 5)).toBe('npm run simulate -- --seed 5 --verbose');
  });
});
