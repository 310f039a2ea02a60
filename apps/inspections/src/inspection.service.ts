import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import type { KnownGridRefusal } from '#libs/grid-work';
import { afterNews, Clock, Neighbours, newId } from '#libs/service';
import {
  type InspectionRefusal,
  inspections,
  recordInspection,
  type RecordInspection,
} from './inspection.js';
import type { PlaceRefusal } from './place.js';
import { MAY_BE_OLD_NEWS, placeInGrid } from './place.service.js';

type RecordRefusal = InspectionRefusal | PlaceRefusal | KnownGridRefusal;

@Injectable()
export class InspectionService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
  ) {}

  record(
    meta: CommandMeta,
    ask: Omit<RecordInspection, 'at' | 'inspection'>,
  ): Promise<Done | Refusal<RecordRefusal | 'CommandIdReused'>> {
    const id = newId();
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS, () =>
      this.commands.execute(meta, async (streams) => {
        const at = await placeInGrid(streams, ask.place);
        const loaded = await streams.load(inspections, id);
        const command = { ...ask, inspection: id, at: this.clock.now() };
        return streams.record(loaded, recordInspection(command, loaded.state, at));
      }),
    );
  }
}
