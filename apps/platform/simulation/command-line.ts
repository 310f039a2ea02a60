import { parseArgs } from 'node:util';
import { SOUND, type Plant } from './plant.js';
import { plants } from './plants.js';
import { STEPS } from './run-seed.js';

export const USAGE = `simulate [--seed N] [--seeds K] [--steps N] [--plant NAME] [--files] [--verbose]
  --seed N     the first seed (default 1)
  --seeds K    so many seeds from there on (default 1)
  --steps N    how long people work before everything comes to rest (default ${STEPS})
  --plant NAME lets the services be wrong: ${Object.keys(plants).join(', ')}
  --files      keeps everything in files, and sends the auditor to them
  --verbose    tells everything that happens`;

export interface Plan {
  readonly seed: number;
  readonly seeds: number;
  readonly steps: number;
  readonly planted: string | undefined;
  readonly plant: Plant;
  readonly hasFiles: boolean;
  readonly isVerbose: boolean;
}

const SEED_MAX = 1_000_000_000;
const SEEDS_MAX = 1_000_000;
const STEPS_MAX = 100_000;

/** @throws RangeError when what is asked for is none of it */
export function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      steps: { type: 'string', default: String(STEPS) },
      plant: { type: 'string' },
      files: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seed' | 'seeds' | 'steps', most: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value > 0 && value <= most) return value;
    throw new RangeError(`--${name} must be 1 to ${most}`);
  };
  const plant = values.plant === undefined ? SOUND : plants[values.plant];
  if (plant === undefined) throw new RangeError(`${String(values.plant)} is none of the plants`);
  return {
    seed: whole('seed', SEED_MAX),
    seeds: whole('seeds', SEEDS_MAX),
    steps: whole('steps', STEPS_MAX),
    planted: values.plant,
    plant,
    hasFiles: values.files,
    isVerbose: values.verbose,
  };
}

/** The command that does the same again. */
export function sameAgain({ steps, planted, hasFiles }: Plan, seed: number): string {
  const rest = [
    steps === STEPS ? '' : ` --steps ${steps}`,
    planted === undefined ? '' : ` --plant ${planted}`,
    hasFiles ? ' --files' : '',
  ];
  return `npm run simulate -- --seed ${seed}${rest.join('')} --verbose`;
}
