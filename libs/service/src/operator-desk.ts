import { NotParked, type ParkedItem, type ParkedWork, type Retried } from '#libs/event-bus';
import type { SkipSaid } from './delivery-skips.js';
import type { ServiceRoom } from './service-room.js';

/** What is parked somewhere in this process. */
export interface ParkedThere extends ParkedItem {
  readonly service: string;
}

/** Which of it is meant; what is not given means any. */
export interface Which {
  readonly id?: string | undefined;
  readonly service?: string | undefined;
  readonly handler?: string | undefined;
  readonly stream?: string | undefined;
}

export interface RetriedThere extends Retried {
  readonly id: string;
}

type Found = ParkedThere & { readonly work: ParkedWork; readonly room: ServiceRoom };

/** 值班台: lists, tries again and passes over what services of this process have parked. */
export class OperatorDesk {
  constructor(private readonly rooms: readonly ServiceRoom[]) {}

  async list(which: Which): Promise<readonly ParkedThere[]> {
    return (await this.find(which)).map(({ work: _, room: __, ...item }) => item);
  }

  /** One after the other: what failed once may fail alike everywhere, and is no reason to hurry. */
  async retry(which: Which): Promise<readonly RetriedThere[]> {
    const outcomes: RetriedThere[] = [];
    for (const { id, work, service } of await this.mustFind(which)) {
      outcomes.push({ id, ...(await work.retry(within(service, id))) });
    }
    return outcomes;
  }

  /** @throws NotParked unless exactly one is meant */
  async passOver(which: Which, said: SkipSaid): Promise<RetriedThere> {
    const [found, ...more] = await this.mustFind(which);
    if (found === undefined || more.length > 0) {
      throw new NotParked(`${more.length + 1} are parked there: say which one is to be skipped`);
    }
    const { id, work, service, room } = found;
    const record = (item: ParkedItem): Promise<void> => room.skips.record(item, said);
    return { id, ...(await work.passOver(within(service, id), record)) };
  }

  private async mustFind(which: Which): Promise<readonly Found[]> {
    const found = await this.find(which);
    if (found.length === 0) throw new NotParked('nothing like that is parked');
    return found;
  }

  private async find(which: Which): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const room of this.rooms) {
      for (const work of room.parkedWork) {
        const service = room.name;
        const items = await work.list();
        found.push(
          ...items.map((item) => ({ ...item, id: `${service}/${item.id}`, service, work, room })),
        );
      }
    }
    return found.filter((each) => isMeant(each, which));
  }
}

function isMeant(item: ParkedThere, which: Which): boolean {
  const fields = ['id', 'service', 'handler', 'stream'] as const;
  return fields.every((field) => which[field] === undefined || which[field] === item[field]);
}

function within(service: string, id: string): string {
  return id.slice(service.length + 1);
}
