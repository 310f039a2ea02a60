import { refusalError, requestRefusals } from '#libs/service';
import type { AreaCode } from '#libs/contracts';
import { areaRefusals } from '../src/area.refusals.js';
import type { AreaService, EntryOutcome } from '../src/area.service.js';
import type { AreaOutcome, AreasDoor } from './load-areas.js';

const texts = { ...areaRefusals, AreaCodeMalformed: requestRefusals.AreaCodeMalformed };

/** The registry as the loader sees it: areas under `root`, refusals in words. */
export function registryDoor(areas: AreaService, root: AreaCode): AreasDoor {
  return {
    registerAreas: async (batch) => {
      const entries = batch.map(({ code, name }) => ({ code, name }));
      return (await areas.registerAreas(entries, root)).map(inWords);
    },
  };
}

function inWords(outcome: EntryOutcome): AreaOutcome {
  if (typeof outcome === 'string') return outcome;
  const { extensions } = refusalError(outcome, texts);
  return { refused: (extensions['messages'] as { readonly en: string }).en };
}
