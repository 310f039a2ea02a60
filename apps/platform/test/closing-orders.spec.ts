import { gridsView } from '../../grid-registry/src/grids.view.js';
import { postsView } from '../../grid-registry/src/posts.view.js';
import { type DisputeRow, disputesView } from '../../mediation/src/disputes.view.js';
import { type AreaCode as Code, areaCodeField } from '#libs/contracts';
import { type DomainEvent, isRefusal, type Refusal } from '#libs/event';
import type { CommandMeta, Done } from '#libs/event-log';
import { newId, SteppedClock } from '#libs/service';
import {
  keptInMemory,
  mediationKeeps,
  mediationOver,
  registryKeeps,
  registryOver,
} from './conversation.js';
import { type Choose, inEveryOrder, Messenger } from './orders.js';

const areaCode = (text: string) => areaCodeField.parse(text);
const VILLAGE = areaCode('430502001001');
const A = areaCode(`${VILLAGE}001`);
const B = areaCode(`${VILLAGE}002`);
const C = areaCode(`${VILLAGE}003`);

const LIMIT_MS = 60_000;
const clock = new SteppedClock(Date.parse('2026-03-09T08:00:00.000Z'));
const meta = (): CommandMeta => ({ commandId: newId(), actor: 'spec', request: 'spec' });

/** Something that somebody does: whether it is done, or was refused and is tried later. */
type Step = (scene: Scene) => Promise<boolean>;

/** Registry and mediation with three grids, of which mediation has not heard yet. */
class Scene {
  readonly registry = registryOver(keptInMemory(registryKeeps, clock), clock);
  readonly mediation = mediationOver(keptInMemory(mediationKeeps, clock), clock, {
    caughtUp: async () => true,
    reached: async (_, position) => ({ handled: position + 1 }),
  });
  readonly messenger = new Messenger({
    'grid-registry': this.registry,
    mediation: this.mediation,
  });
  /** Where each dispute was reported, by its id. */
  readonly reported = new Map<string, Code>();
  readonly names = new Map<string, string>();
  private post = '';

  async open(post: Play['post']): Promise<void> {
    await this.registry.areas.registerAreas([{ code: VILLAGE, name: '甲村' }], VILLAGE);
    for (const grid of [A, B, C]) {
      await this.registry.grids.open(meta(), { grid, name: `网格${grid.slice(-1)}` });
    }
    if (post !== undefined) await this.createPost();
    if (post === 'held') await this.appoint();
  }

  private async createPost(): Promise<void> {
    const created = await this.registry.posts.create(meta(), { kind: 'MEDIATOR', area: A });
    this.post = this.idOf(created, 'post-');
  }

  async appoint(): Promise<Refusal | Done> {
    return this.registry.posts.appoint(meta(), { post: this.post, name: '李丙' });
  }

  /** The id of what was made, which gets a name of its own. */
  idOf(outcome: Done | Refusal, category: string): string {
    if (isRefusal(outcome)) throw new Error(outcome.refused);
    const id = outcome.events[0]?.stream.slice(category.length) ?? '';
    this.names.set(id, `${category}${this.names.size}`);
    return id;
  }

  async statusOf(grid: Code): Promise<string | undefined> {
    return (await this.registry.views.get(gridsView, grid))?.status;
  }

  async types(type: string, grid: Code): Promise<readonly DomainEvent[]> {
    const logs = [this.registry.log, this.mediation.log];
    const events = (await Promise.all(logs.map((log) => log.read(0, 1000)))).flat();
    return events
      .map(({ event }) => event)
      .filter((event) => event.type === type && 'grid' in event && event.grid === grid);
  }

  openDisputes(): Promise<readonly DisputeRow[]> {
    return this.mediation.views.findAll(disputesView, {
      equals: { open: true },
      orderBy: ['reportedAt', 'id'],
    });
  }
}

/** Reports a dispute, in the successor when the grid is closed; later when it is not known yet. */
const report =
  (grid: Code): Step =>
  async (scene) => {
    const ask = { grid, kind: 'NEIGHBOURS', facts: '漏水', parties: ['甲', '乙'] } as const;
    const outcome = await scene.mediation.disputes.report(meta(), ask);
    if (!isRefusal(outcome)) {
      scene.reported.set(scene.idOf(outcome, 'dispute-'), grid);
      return true;
    }
    expect(['GridNotFound', 'GridClosed']).toContain(outcome.refused);
    const successor = outcome.facts?.['successor'];
    if (successor === undefined || successor === '—') return false;
    return report(areaCode(String(successor)))(scene);
  };

/** Closes a grid, later while work of another is on its way there. */
const retire =
  (grid: Code, ...successors: readonly Code[]): Step =>
  async (scene) => {
    const outcome = await scene.registry.grids.retire(meta(), { grid, successors, reason: '合并' });
    if (!isRefusal(outcome)) return true;
    expect(outcome.refused).toBe('GridReceivesWork');
    return false;
  };

/** Fills the post in the first grid, later while its grid is closed or closing. */
const appoint: Step = async (scene) => {
  const outcome = await scene.appoint();
  if (isRefusal(outcome)) expect(outcome.refused).toBe('GridClosed');
  return !isRefusal(outcome);
};

interface Play {
  readonly steps: readonly Step[];
  /** A mediator's post in the first grid. */
  readonly post?: 'vacant' | 'held';
  /** Events that mediation has heard before the play begins. */
  readonly known?: boolean;
  /** Whether the last step may be refused for good. */
  readonly mayBeRefused?: boolean;
  /** How many events may be delivered a second time along the way. */
  readonly repeats?: number;
  readonly ends: (scene: Scene) => Promise<void>;
}

/** Plays once, as `choose` says; checks the end, and that nothing follows from telling all again. */
async function perform(play: Play, choose: Choose): Promise<void> {
  const scene = new Scene();
  const { messenger } = scene;
  await scene.open(play.post);
  if (play.known) for (const each of await messenger.next()) await messenger.deliver(each);
  let step = 0;
  let repeats = play.repeats ?? 0;
  for (;;) {
    const next = await messenger.next();
    const again = repeats > 0 ? messenger.again() : [];
    const mayStep = step < play.steps.length ? 1 : 0;
    const ways = mayStep + next.length + again.length;
    if (mayStep + next.length === 0) break;
    const way = await choose(
      async () => `${step} ${repeats}\n${await messenger.state(scene.names)}`,
      ways,
    );
    if (way === undefined) return;
    const delivery = [...next, ...again][way - mayStep];
    if (way >= mayStep + next.length) repeats -= 1;
    if (delivery !== undefined) await messenger.deliver(delivery);
    else if (await play.steps[step]?.(scene)) step += 1;
    // Refused, and no news is on its way that could change that.
    else if (next.length === 0) break;
  }
  if (!play.mayBeRefused) expect(step).toBe(play.steps.length);
  await play.ends(scene);
  const before = await messenger.state(new Map());
  for (const each of await messenger.all()) await messenger.deliver(each);
  expect(await messenger.state(new Map())).toBe(before);
}

/** Every dispute is open in `grid`, and its history shows each grid that it came through. */
async function allWorkIsIn(scene: Scene, grid: Code, way: readonly Code[]): Promise<void> {
  const rows = await scene.openDisputes();
  expect(rows.map(({ id }) => id).toSorted()).toEqual([...scene.reported.keys()].toSorted());
  for (const row of rows) {
    const from = scene.reported.get(row.id);
    const through = way.slice(way.indexOf(from ?? grid));
    const moves = row.moves.map((move) => [move.from, move.to]);
    expect([row.grid, moves]).toEqual([grid, through.slice(1).map((to, i) => [through[i], to])]);
  }
  const posts = await scene.registry.views.findAll(postsView, { orderBy: ['area', 'id'] });
  for (const { area, holder } of posts) {
    expect(area).toBe(grid);
    // The mediator of the post may be given what is in its grid now.
    const [row] = rows;
    if (row === undefined) continue;
    for (const { id } of row.parties) {
      await scene.mediation.disputes.consent(meta(), { dispute: row.id, party: id });
    }
    const ask = { dispute: row.id, mediator: holder?.id ?? '' };
    expect(isRefusal(await scene.mediation.disputes.assign(meta(), ask))).toBe(false);
  }
}

async function isRetired(scene: Scene, grid: Code, ...successors: readonly Code[]): Promise<void> {
  expect(await scene.types('GridRetired', grid)).toHaveLength(1);
  expect(await scene.types('GridWorkAnswered', grid)).toHaveLength(2);
  const row = await scene.registry.views.get(gridsView, grid);
  expect(row).toMatchObject({
    status: 'RETIRED',
    successors: successors.map((code) => ({ code })),
  });
  expect((await scene.openDisputes()).filter((dispute) => dispute.grid === grid)).toEqual([]);
}

/** Plays every order, and tells how many states there were: a scene that does nothing has few. */
const inAll = (play: Play): Promise<number> => inEveryOrder((choose) => perform(play, choose));

describe('a grid that closes, in every order in which the services hear of each other', () => {
  const intoB = async (scene: Scene): Promise<void> => {
    await isRetired(scene, A, B);
    await allWorkIsIn(scene, B, [A, B]);
  };

  it(
    'into another: posts and disputes go along, also those reported meanwhile',
    async () => {
      const steps = [report(A), retire(A, B), report(A)];
      expect(await inAll({ post: 'held', steps, ends: intoB })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'into another, while any event may come twice',
    async () => {
      const steps = [report(A), retire(A, B), report(A)];
      expect(await inAll({ repeats: 1, steps, ends: intoB })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'and then that one into a third: the work goes all the way',
    async () => {
      const steps = [report(A), retire(A, B), report(A), retire(B, C)];
      const ends = async (scene: Scene): Promise<void> => {
        await isRetired(scene, A, B);
        await isRetired(scene, B, C);
        await allWorkIsIn(scene, C, [A, B, C]);
      };
      expect(await inAll({ post: 'held', steps, ends })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'with another one into the same: the third takes the work of both',
    async () => {
      const steps = [report(A), retire(A, C), report(B), retire(B, C), report(A)];
      const ends = async (scene: Scene): Promise<void> => {
        await isRetired(scene, A, C);
        await isRetired(scene, B, C);
        const through = (await scene.openDisputes()).map(({ grid, moves }) => [
          grid,
          ...moves.map(({ from }) => from),
        ]);
        expect(through).toHaveLength(3);
        for (const way of through) expect([[C, A], [C, B], [C]]).toContainEqual(way);
        const row = await scene.registry.views.get(gridsView, C);
        expect(row?.predecessors.map(({ code }) => code).toSorted()).toEqual([A, B]);
      };
      expect(await inAll({ steps, ends })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'into two: the first takes the work, both know where they come from',
    async () => {
      const steps = [report(A), retire(A, B, C), report(A)];
      const ends = async (scene: Scene): Promise<void> => {
        await isRetired(scene, A, B, C);
        await allWorkIsIn(scene, B, [A, B]);
        for (const grid of [B, C]) {
          const row = await scene.registry.views.get(gridsView, grid);
          expect(row?.predecessors).toMatchObject([{ code: A }]);
        }
      };
      expect(await inAll({ post: 'held', steps, ends })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );
});

describe('a grid that closes into no other, in every order', () => {
  /** It stays exactly when work was left in it; the work is where it was. */
  const staysWithItsWork = async (scene: Scene): Promise<void> => {
    const open = await scene.openDisputes();
    expect(open.map(({ grid, moves }) => [grid, moves])).toEqual(open.map(() => [A, []]));
    const status = await scene.statusOf(A);
    expect(status).toBe(open.length > 0 ? 'OPEN' : 'RETIRED');
    expect(await scene.types('GridRetired', A)).toHaveLength(open.length > 0 ? 0 : 1);
  };

  it(
    'stays open while a dispute is open there, and takes disputes again',
    async () => {
      const steps = [report(A), retire(A), report(A)];
      const ends = async (scene: Scene): Promise<void> => {
        await staysWithItsWork(scene);
        expect(await scene.openDisputes()).toHaveLength(2);
        const [refused, ...more] = await scene.types('GridRetirementRefused', A);
        expect(more).toEqual([]);
        // What was reported before mediation heard of the closing counts; what came after does not.
        const counts = [1, 2].map((count) => ({ open: [{ service: 'mediation', count }] }));
        expect(counts).toContainEqual(expect.objectContaining({ open: openIn(refused) }));
      };
      expect(await inAll({ steps, repeats: 1, ends })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'is closed when nothing is open, unless a dispute comes before it is heard',
    async () => {
      const ways = new Set<string | undefined>();
      const ends = async (scene: Scene): Promise<void> => {
        await staysWithItsWork(scene);
        ways.add(await scene.statusOf(A));
      };
      const steps = [retire(A), report(A)];
      const play = { steps, known: true, mayBeRefused: true, repeats: 1, ends };
      expect(await inAll(play)).toBeGreaterThan(20);
      expect(ways).toEqual(new Set(['OPEN', 'RETIRED']));
    },
    LIMIT_MS,
  );

  it(
    'can be closed into another after that, with all that was left',
    async () => {
      const steps = [report(A), retire(A), retireOnceOpen(A, B), report(A)];
      const ends = async (scene: Scene): Promise<void> => {
        await isRetiredAtLast(scene);
        await allWorkIsIn(scene, B, [A, B]);
      };
      expect(await inAll({ steps, ends })).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  it(
    'stays open while somebody holds a post there',
    async () => {
      const ends = async (scene: Scene): Promise<void> => {
        expect(await scene.statusOf(A)).toBe('OPEN');
        const [refused] = await scene.types('GridRetirementRefused', A);
        expect(openIn(refused)).toEqual([{ service: 'grid-registry', count: 1 }]);
      };
      expect(await inAll({ steps: [retire(A)], post: 'held', ends })).toBeGreaterThan(10);
    },
    LIMIT_MS,
  );

  it(
    'is never closed with somebody in a post: nobody is appointed there meanwhile',
    async () => {
      const ways = new Set<string | undefined>();
      const ends = async (scene: Scene): Promise<void> => {
        const [post] = await scene.registry.views.findAll(postsView, { orderBy: ['area', 'id'] });
        const status = await scene.statusOf(A);
        expect(status).toBe(post?.holder === null ? 'RETIRED' : 'OPEN');
        ways.add(status);
      };
      for (const steps of [
        [retire(A), appoint],
        [appoint, retire(A)],
      ]) {
        await inAll({ steps, post: 'vacant', mayBeRefused: true, ends });
      }
      expect(ways).toEqual(new Set(['OPEN', 'RETIRED']));
    },
    LIMIT_MS,
  );
});

const openIn = (event: DomainEvent | undefined): unknown =>
  event !== undefined && 'open' in event ? event.open : undefined;

/** A second attempt, once the first was refused. */
const retireOnceOpen =
  (grid: Code, ...successors: readonly Code[]): Step =>
  async (scene) =>
    (await scene.statusOf(grid)) === 'OPEN' ? retire(grid, ...successors)(scene) : false;

async function isRetiredAtLast(scene: Scene): Promise<void> {
  expect(await scene.types('GridRetirementRefused', A)).toHaveLength(1);
  expect(await scene.types('GridRetired', A)).toHaveLength(1);
  expect(await scene.types('GridWorkAnswered', A)).toHaveLength(4);
}
