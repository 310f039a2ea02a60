import { Along, type InTheWay, type Located } from './along.js';
import type { Moment } from './timeline.js';

export interface ExpectedGrid {
  readonly code: string;
  name: string;
  /** What it can be; one of two where work ended while the services were being asked. */
  status: ReadonlySet<string>;
}

export interface ExpectedPost extends Located {
  readonly id: string;
  holder: string | null;
}

export interface ExpectedAttempt {
  readonly closing: string;
  readonly grid: string;
  readonly hasSuccessor: boolean;
}

export interface ExpectedRegistry {
  readonly grids: ReadonlyMap<string, ExpectedGrid>;
  readonly posts: ReadonlyMap<string, ExpectedPost>;
  readonly attempts: readonly ExpectedAttempt[];
  readonly wrong: readonly string[];
}

/** How each grid must have ended up, and who holds which post where. */
export function expectedGrids(
  timeline: readonly Moment[],
  elsewhere: readonly InTheWay[],
): ExpectedRegistry {
  const grids = new Map<string, ExpectedGrid>();
  const posts = new Map<string, ExpectedPost>();
  const held = { [Symbol.iterator]: () => posts.values() };
  const wrong: string[] = [];
  const attempts: ExpectedAttempt[] = [];
  // A vacant post goes along too; only one that is held keeps a grid open.
  const moving = new Along<ExpectedPost>('grid-registry', held, () => true);
  const keeping = new Along<ExpectedPost>(
    'grid-registry',
    { [Symbol.iterator]: () => [...posts.values()].map((post) => ({ ...post })).values() },
    ({ holder }) => holder !== null,
  );
  for (const { told, heard, position } of timeline) {
    if (heard !== undefined) {
      keeping.hears(heard);
      moving.hears(heard);
      continue;
    }
    const { asked, id, persons } = told;
    switch (asked.name) {
      case 'openGrid':
        if (grids.has(id)) wrong.push(`grid-registry@${position}: ${id} was opened twice`);
        grids.set(id, { code: id, name: asked.input.name, status: new Set(['OPEN']) });
        break;
      case 'renameGrid': {
        const grid = grids.get(id);
        if (grid !== undefined) grid.name = asked.input.name;
        break;
      }
      case 'createPost':
        posts.set(id, { id, grids: new Set([asked.input.area]), holder: null });
        break;
      case 'appoint':
      case 'release': {
        const post = posts.get(id);
        const holder = asked.name === 'appoint' ? (persons[0] ?? null) : null;
        const fits = post !== undefined && (post.holder === null) === (asked.name === 'appoint');
        if (!fits) wrong.push(`grid-registry@${position} ${asked.name}: of such a post`);
        if (post !== undefined) post.holder = holder;
        break;
      }
      default:
        break;
    }
  }
  for (const { heard } of timeline) {
    if (heard?.type !== 'GridClosing') continue;
    const { closing, grid, successors } = heard.facts;
    const hasSuccessor = (successors as readonly string[]).length > 0;
    attempts.push({ closing: String(closing), grid: String(grid), hasSuccessor });
  }
  const inTheWay = [...elsewhere, ...keeping.inTheWay];
  for (const attempt of attempts) {
    const grid = grids.get(attempt.grid);
    if (grid !== undefined) grid.status = ends(attempt, inTheWay);
  }
  return { grids, posts, attempts, wrong };
}

/** Into another it is always closed; into none only when nobody has anything open there. */
function ends({ closing, hasSuccessor }: ExpectedAttempt, all: readonly InTheWay[]) {
  if (hasSuccessor) return new Set(['RETIRED']);
  const inTheWay = all.filter((each) => each.closing === closing);
  if (inTheWay.some(({ least }) => least > 0)) return new Set(['OPEN']);
  return inTheWay.every(({ most }) => most === 0)
    ? new Set(['RETIRED'])
    : new Set(['OPEN', 'RETIRED']);
}
