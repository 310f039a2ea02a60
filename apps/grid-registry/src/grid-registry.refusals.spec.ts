import { claimedActor } from '#libs/access';
import { given, isRefusal, type Refusal } from '#libs/event';
import { refusalError, type RefusalText } from '#libs/service';
import {
  appointed,
  areaCode,
  closing,
  created,
  EAST,
  GRID,
  named,
  opened,
  registered,
  released,
  retired,
  VIRTUAL,
} from '../test/registry.js';
import { openRegistry } from '../test/room.js';
import { areas, type AreaRefusal, registerArea } from './area.js';
import { areaRefusals } from './area.refusals.js';
import { type OtherGrid, retireGrid } from './grid.closing.js';
import type { GridEvent } from './grid.events.js';
import { type GridRefusal, grids, openGrid, renameGrid } from './grid.js';
import { gridRefusals } from './grid.refusals.js';
import { GridResolver } from './grid.resolver.js';
import {
  appointHolder,
  createPost,
  ownAppointment,
  posts,
  type PostRefusal,
  releaseHolder,
} from './post.js';
import { postRefusals } from './post.refusals.js';

const none = { status: 'none' } as const;
const area = (code: string) => given(areas, [registered(code)]).state;
const register = (code: string, name: string) => ({
  code: areaCode(code),
  name,
  root: false,
  at: opened.at,
});

const grid = (events: readonly GridEvent[]) => given(grids, events).state;
const retire = (events: readonly GridEvent[], ...successors: readonly OtherGrid[]) =>
  retireGrid({ ...closing, successors: [] }, grid(events), successors);

/** Each refusal from a rule that gives it; whether a code is a grid's is seen before any rule. */
const byArea: Readonly<Record<AreaRefusal, object>> = {
  AreaNotDivision: registerArea(register(GRID, '甲'), none, none),
  AreaNameDiffers: registerArea(register('4305', '甲'), area('4305'), none),
  ParentAreaNotFound: registerArea(register('4305', '甲'), none, none),
};
const byGrid: Readonly<Record<Exclude<GridRefusal, 'GridCodeMalformed'>, object>> = {
  VillageNotFound: openGrid(opened, none, none),
  VillageTakesNoGrids: openGrid(opened, none, area(VIRTUAL)),
  GridAlreadyOpen: openGrid(opened, grid([opened]), none),
  GridNotFound: renameGrid(opened, none),
  GridClosed: renameGrid(opened, grid([opened, closing, retired])),
  GridAlreadyClosing: retire([opened, closing]),
  GridReceivesWork: retire([opened, named]),
  SuccessorIsItself: retire([opened], { code: GRID, grid: grid([opened]) }),
  SuccessorInAnotherVillage: retire([opened], {
    code: areaCode('430502001002001'),
    grid: grid([opened]),
  }),
  SuccessorNotOpen: retire([opened], { code: EAST, grid: none }),
};
const byPost: Readonly<Record<PostRefusal, object>> = {
  AreaNotFound: createPost(created, none, none),
  PostNotFound: releaseHolder(released, none),
  PostAlreadyHeld: given(posts, [created, appointed]).when(
    appointHolder,
    { ...appointed, holder: 'another' },
    none,
  ).then,
  GridClosed: createPost(created, none, grid([opened, closing])),
  PostVacant: given(posts, [created]).when(releaseHolder, released).then,
  PostLevelWrong: createPost({ ...created, kind: 'TOWNSHIP_DESK' }, none, {
    status: 'registered',
    code: created.area,
    name: '甲村',
  }),
  AppointmentOwn: ownAppointment('account-1', 'account-1') ?? {},
};

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

const cases = [
  ...Object.entries(byArea).map((each) => [...each, areaRefusals] as const),
  ...Object.entries(byGrid).map((each) => [...each, gridRefusals] as const),
  ...Object.entries(byPost).map((each) => [...each, postRefusals] as const),
];

describe('what people are told when a rule says no', () => {
  it.each(cases)(
    '%s: in Chinese and in English with the same facts, which the rule gives',
    (code, decision, refusals) => {
      const texts = refusals as Readonly<Record<string, RefusalText>>;
      const refusal = decision as Refusal;
      expect(isRefusal(refusal) && refusal.refused).toBe(code);
      const { zh, en } = texts[code]!;
      expect(placeholders(zh)).toEqual(placeholders(en));
      expect(placeholders(zh)).toEqual(Object.keys(refusal.facts ?? {}).toSorted());
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      expect(refusalError(refusal, texts).message).not.toMatch(/[{}]|undefined/);
    },
  );

  it('names the code that is no grid’s, before any rule is asked', async () => {
    const { grids, views } = openRegistry();
    const resolver = new GridResolver(grids, views);
    const actor = claimedActor({ subject: 'spec', role: 'supervisor', area: areaCode('0') });
    for (const code of ['4305', '430502001001000', '第一网格']) {
      await expect(resolver.openGrid({ code, name: '甲' }, actor)).rejects.toMatchObject({
        message: gridRefusals.GridCodeMalformed.zh.replace('{code}', code),
        extensions: { code: 'GRID_CODE_MALFORMED' },
      });
    }
  });

  it('is there for each refusal and for no other', () => {
    const sorted = (...objects: readonly object[]) => objects.flatMap(Object.keys).toSorted();
    expect(sorted(areaRefusals)).toEqual(sorted(byArea, { AreaNotFound: 0 }));
    expect(sorted(gridRefusals)).toEqual(sorted(byGrid, { GridCodeMalformed: 0 }));
    expect(sorted(postRefusals)).toEqual(sorted(byPost));
  });
});
