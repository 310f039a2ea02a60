import type { Target } from '#libs/access';
import {
  areaCodeOf,
  type Asker,
  connectionParts,
  deadlineFields,
  each,
  type Guards,
  pageInfoParts,
  parts,
  todays,
  typeGuard,
} from '#libs/service';
import { type HazardRow, hazardsView } from './hazards.view.js';
import type { InspectionRow } from './inspections.view.js';
import { type PlaceRow, placesView } from './places.view.js';

/** Which right each field of this service takes. */
export const inspectionsGuards: Guards = {
  Query: {
    fields: {
      ...each('area.read', 'place(asOf minPosition id)', 'inspection(asOf minPosition id)'),
      'hazard(asOf minPosition id)': 'area.read',
      /** What is looked at in a kind of place is in the regulations. */
      'checklist(kind)': 'signed-in',
    },
  },
  Mutation: {
    fields: {
      ...each('place.manage', 'registerPlace(input)', 'closePlace(input)'),
      ...each('inspection.record', 'recordInspection(input)', 'reportHazard(input)'),
      ...each('hazard.manage', 'gradeHazard(input)', 'rectifyHazard(input)'),
      'recheckHazard(input)': 'hazard.recheck',
    },
  },
  Area: typeGuard<{ readonly code: string }>({
    reference: 'signed-in',
    target: ({ code }) => ({ area: areaCodeOf(code) }),
    fields: {
      code: 'signed-in',
      ...each('area.read', 'places(first after)', 'hazards(first after status)'),
    },
  }),
  Place: typeGuard<PlaceRow>({
    reference: 'area.read',
    target: (row, { views }) => todays(placesView, row, views, ({ grid }) => ({ area: grid })),
    fields: each(
      'area.read',
      ...['id', 'kind', 'name', 'registeredAt', 'closedAt', 'moves', 'grid'],
    ),
  }),
  Inspection: typeGuard<InspectionRow>({
    reference: 'area.read',
    target: ofInspection,
    fields: each('area.read', 'id', 'recordedAt', 'items', 'place', 'hazards'),
  }),
  Hazard: typeGuard<HazardRow>({
    reference: 'area.read',
    target: (row, { views }) => todays(hazardsView, row, views, ({ grid }) => ({ area: grid })),
    fields: {
      ...each('area.read', 'id', 'source', 'status', 'grade', 'dueAt', 'overdue', 'foundAt'),
      ...each('area.read', 'moves', 'grid', 'place', 'inspection', 'item', 'observation'),
      recheckTerm: 'area.read',
      /** Free texts can name somebody by mistake. */
      ...each('hazard.read', 'description', 'evidence'),
    },
  }),
  /** What it says is for volunteers to show. */
  Observation: parts('id'),
  ChecklistItem: parts('code', 'zh', 'en'),
  CheckedItem: parts('code', 'result'),
  PlaceMove: parts('from', 'to', 'at'),
  HazardMove: parts('from', 'to', 'at'),
  RecheckTerm: parts(...deadlineFields, 'passed'),
  PlaceConnection: connectionParts,
  HazardConnection: connectionParts,
  PageInfo: pageInfoParts,
  PlacePayload: parts('place', 'position'),
  InspectionPayload: parts('inspection', 'position'),
  HazardPayload: parts('hazard', 'position'),
};

/** Who may see the place today may see what was found there before. */
async function ofInspection({ place }: InspectionRow, { views }: Asker): Promise<Target> {
  const today = await views.today(placesView, place);
  if (today === undefined) throw new Error(`an inspection names the place ${place}: it is nowhere`);
  return { area: today.grid };
}
