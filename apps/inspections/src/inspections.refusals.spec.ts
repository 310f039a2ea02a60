import { claimedActor } from '#libs/access';
import { chinaCalendar } from '#libs/calendar';
import { given, isRefusal, type Refusal } from '#libs/event';
import type { KnownGridRefusal } from '#libs/grid-work';
import { refusalError, type RefusalText } from '#libs/service';
import {
  areaCode,
  COLLEAGUE,
  found,
  GRID,
  HAZARD,
  INSPECTION,
  INSPECTOR,
  inspected,
  items,
  lives,
  NOW,
  openGrid,
  placeClosed,
  RECTIFIER,
  rectified as rectification,
  registered,
  shutGrid,
} from '../test/hazards.js';
import { openInspections } from '../test/room.js';
import { gridRefusals } from './grid.refusals.js';
import { gradeHazard, reportHazard } from './hazard.finding.js';
import { type HazardRefusal, hazards } from './hazard.js';
import { recheckHazard, rectifyHazard } from './hazard.rectification.js';
import { hazardRefusals } from './hazard.refusals.js';
import { type InspectionRefusal, inspections, recordInspection } from './inspection.js';
import { inspectionRefusals } from './inspection.refusals.js';
import { closePlace, type PlaceRefusal, places, registerPlace } from './place.js';
import { placeRefusals } from './place.refusals.js';
import { PlaceResolver } from './place.resolver.js';

const none = { status: 'none' } as const;
const place = given(places, [registered]).state;
const inspection = given(inspections, [inspected]).state;

const recorded = (filled: typeof items, at = place) =>
  recordInspection({ ...inspected, items: filled }, none, { place: at, grid: openGrid });
const reported = (more: object, seen: object = {}) => {
  const ask = { item: 'E1', grade: 'ORDINARY', fixedOnSpot: false, dueInDays: 7, ...more } as const;
  const visit = { inspection, place, grid: openGrid, ...seen };
  return reportHazard({ ...found, inspection: INSPECTION, ...ask }, none, visit);
};
const graded = (status: keyof typeof lives) =>
  given(hazards, lives[status]).when(gradeHazard, {
    hazard: HAZARD,
    grade: 'MAJOR',
    dueInDays: 1,
    at: NOW,
  }).then;
const rectified = (status: keyof typeof lives) =>
  given(hazards, lives[status]).when(
    rectifyHazard,
    {
      hazard: HAZARD,
      sealed: rectification.sealed,
      rectifier: RECTIFIER,
      recheckDays: 3,
      at: NOW,
    },
    chinaCalendar,
  ).then;
const rechecked = (status: keyof typeof lives, rechecker = COLLEAGUE) =>
  given(hazards, lives[status]).when(recheckHazard, {
    hazard: HAZARD,
    rechecker,
    passed: true,
    dueInDays: null,
    at: NOW,
  }).then;

/** Each refusal from a rule that gives it; whether a code is a grid's is seen before any rule. */
const byGrid: Readonly<Record<KnownGridRefusal, object>> = {
  GridNotFound: registerPlace(registered, none, none),
  GridClosed: registerPlace(registered, none, shutGrid),
};
const byPlace: Readonly<Record<PlaceRefusal, object>> = {
  PlaceNotFound: closePlace(placeClosed, none),
  PlaceAlreadyClosed: recorded(items, given(places, [registered, placeClosed]).state),
};
const byInspection: Readonly<Record<InspectionRefusal, object>> = {
  InspectionNotFound: reported({}, { inspection: none }),
  ChecklistIncomplete: recorded(items.slice(1)),
  ChecklistItemUnknown: recorded([...items, { code: 'S3', result: 'PASS' }]),
  ChecklistItemTwice: recorded([...items, ...items]),
};
const byHazard: Readonly<Record<HazardRefusal, object>> = {
  ItemNotFailed: reported({ item: 'M1' }),
  MajorNotOnSpot: reported({ grade: 'MAJOR', fixedOnSpot: true, dueInDays: null }),
  TimeLimitMissing: reported({ dueInDays: null }),
  TimeLimitNotNeeded: reported({ fixedOnSpot: true }),
  HazardNotFound: graded('none'),
  HazardNotGraded: rectified('found'),
  HazardAlreadyGraded: graded('noticed'),
  HazardNotRectified: rechecked('noticed'),
  HazardAlreadyRectified: rectified('rectified'),
  HazardAlreadyClosed: rechecked('closed'),
  RecheckByFinder: rechecked('rectified', INSPECTOR),
  RecheckByRectifier: rechecked('rectified', RECTIFIER),
};

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

const cases = [
  ...Object.entries(byGrid).map((each) => [...each, gridRefusals] as const),
  ...Object.entries(byPlace).map((each) => [...each, placeRefusals] as const),
  ...Object.entries(byInspection).map((each) => [...each, inspectionRefusals] as const),
  ...Object.entries(byHazard).map((each) => [...each, hazardRefusals] as const),
];

describe('what people are told when a rule says no', () => {
  it.each(cases)(
    '%s: in Chinese and in English with facts that the rule gives',
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
    const { places: service, views } = openInspections();
    const resolver = new PlaceResolver(service, views);
    const actor = claimedActor({ subject: 'spec', role: 'supervisor', area: areaCode('0') });
    for (const grid of ['4305', `${GRID}1`, '第一网格']) {
      const input = { grid, kind: 'SHOP' as const, name: '甲' };
      await expect(resolver.registerPlace(input, actor)).rejects.toMatchObject({
        message: gridRefusals.GridCodeMalformed.zh.replace('{code}', grid),
        extensions: { code: 'GRID_CODE_MALFORMED' },
      });
    }
  });

  it('is there for each refusal and for no other', () => {
    const sorted = (...objects: readonly object[]) => objects.flatMap(Object.keys).toSorted();
    expect(sorted(gridRefusals)).toEqual(sorted(byGrid, { GridCodeMalformed: 0 }));
    expect(sorted(placeRefusals)).toEqual(sorted(byPlace));
    expect(sorted(inspectionRefusals)).toEqual(sorted(byInspection));
    expect(sorted(hazardRefusals)).toEqual(sorted(byHazard));
  });
});
