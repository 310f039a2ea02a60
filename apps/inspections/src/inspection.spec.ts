import { given, refuse } from '#libs/event';
import {
  GRID,
  HAZARD,
  id,
  INSPECTION,
  INSPECTOR,
  inspected,
  items,
  noted,
  openGrid,
  PLACE,
  placeClosed,
  placeMoved,
  registered,
  shutGrid,
  SUCCESSOR,
} from '../test/hazards.js';
import { type CheckedItem, inspections, noteHazard, recordInspection } from './inspection.js';
import { type Place, places } from './place.js';

const shop: Place = given(places, [registered]).state;
const visit = { place: shop, grid: openGrid };
const { type: _, grid: __, ...record } = inspected;
const recordWith = (filled: readonly CheckedItem[]) =>
  given(inspections, []).when(recordInspection, { ...record, items: filled }, visit).then;

describe('recording an inspection', () => {
  it('keeps what was found of each item, where and by whom', () => {
    const inspection = given(inspections, []).when(recordInspection, record, visit);
    expect(inspection.then).toEqual([inspected]);
    expect(inspection.state).toEqual({
      status: 'recorded',
      id: INSPECTION,
      place: PLACE,
      inspector: INSPECTOR,
      failed: ['E1'],
      hazards: [],
    });
  });

  it('takes the items in any order, and counts what does not apply as looked at', () => {
    const any = items.toReversed().map((item) => ({ ...item, result: 'NOT_APPLICABLE' as const }));
    expect(recordWith(any)).toMatchObject([{ type: 'InspectionRecorded', items: any }]);
  });

  it('names the grid in which the place is by then', () => {
    const place = given(places, [registered, placeMoved]).state;
    const inspection = given(inspections, []).when(recordInspection, record, { ...visit, place });
    expect(inspection.then).toEqual([{ ...inspected, grid: SUCCESSOR }]);
  });

  it('is refused while an item of the checklist is missing', () => {
    const first = items.slice(0, -2);
    expect(recordWith(first)).toEqual(refuse('ChecklistIncomplete', { items: 'P2, P3' }));
  });

  it('is refused with an item that the checklist of this kind of place does not have', () => {
    const hotel = recordWith([...items, { code: 'Q4', result: 'PASS' }]);
    expect(hotel).toEqual(refuse('ChecklistItemUnknown', { item: 'Q4' }));
  });

  it('is refused with an item twice, even with the same result', () => {
    expect(recordWith([...items, items[0]!])).toEqual(refuse('ChecklistItemTwice', { item: 'M1' }));
  });

  it('is refused for a place that is not registered or is closed', () => {
    const at = (place: Place) =>
      given(inspections, []).when(recordInspection, record, { ...visit, place }).then;
    expect(at({ status: 'none' })).toEqual(refuse('PlaceNotFound', { place: PLACE }));
    const closed = given(places, [registered, placeClosed]).state;
    expect(at(closed)).toEqual(refuse('PlaceAlreadyClosed', { place: PLACE }));
  });

  it('is refused in a grid that is being closed', () => {
    const shut = { ...visit, grid: shutGrid };
    const inspection = given(inspections, []).when(recordInspection, record, shut);
    expect(inspection.then).toEqual(refuse('GridClosed', { grid: GRID, successor: SUCCESSOR }));
  });

  it('records nothing when it is repeated', () => {
    const inspection = given(inspections, [inspected]).when(recordInspection, record, visit);
    expect(inspection.then).toEqual([]);
  });
});

describe('noting a hazard', () => {
  const { type: _type, ...note } = noted;

  it('names it in the record of the inspection', () => {
    const inspection = given(inspections, [inspected]).when(noteHazard, note);
    expect(inspection.then).toEqual([noted]);
    expect(inspection.state).toMatchObject({ hazards: [HAZARD] });
  });

  it('happens once for each hazard; an item may have several', () => {
    const inspection = given(inspections, [inspected, noted]);
    expect(inspection.when(noteHazard, note).then).toEqual([]);
    const second = inspection.when(noteHazard, { ...note, hazard: id('d2') });
    expect(second.then).toEqual([{ ...noted, hazard: id('d2') }]);
  });

  it('has no effect on an inspection that is not there', () => {
    expect(given(inspections, []).when(noteHazard, note).then).toEqual([]);
  });
});
