import { NotGoneBack, type StoreStatus, type ViewComparison } from '#libs/views';
import type { ServiceRoom } from './service-room.js';

/** The views of one service of this process, for its operator. */
export interface ViewsThere extends Partial<StoreStatus> {
  readonly service: string;
  /** Events in its log, and how many of them its views have read. */
  readonly head: number;
  readonly position: number;
}

/** How many rows of a view were not as they should have been; which ones is for an auditor. */
export type Compared = Omit<ViewComparison, 'first'>;

/** What a rebuild or the way back has led to. */
export interface SwitchedThere {
  readonly service: string;
  /** The generation that answers now. */
  readonly generation: number;
  /** Null where there is nothing to compare: the rows before were of another definition. */
  readonly comparisons?: readonly Compared[] | null;
}

/** No service of this name runs in this process. */
export class NotThere extends Error {
  readonly code = 'NOT_THERE';
}

/** 视图台: shows the generations of views, has them made anew, and goes back to those before. */
export class ViewsDesk {
  constructor(private readonly rooms: readonly ServiceRoom[]) {}

  async list(service?: string): Promise<readonly ViewsThere[]> {
    const rooms = service === undefined ? this.rooms : [this.roomOf(service)];
    return Promise.all(
      rooms.map(async ({ name, stores }) => {
        const {
          head,
          frontier: position,
          generation,
          before,
          views,
          rebuild,
        } = await stores.views.status();
        return {
          service: name,
          head,
          position,
          ...(generation !== undefined && { generation, before, views, rebuild }),
        };
      }),
    );
  }

  /** Resolves when the new generation answers. One that is being made is waited for. */
  async rebuild(service: string): Promise<SwitchedThere> {
    const { generation, comparisons } = await this.roomOf(service).stores.views.rebuild();
    const counted = comparisons?.map(({ first: _, ...compared }) => compared) ?? null;
    return { service, generation, comparisons: counted };
  }

  /** @throws NotGoneBack when no generation before is kept, or one is being made */
  async back(service: string): Promise<SwitchedThere> {
    return { service, generation: await this.roomOf(service).stores.views.back() };
  }

  private roomOf(service: string): ServiceRoom {
    const room = this.rooms.find(({ name }) => name === service);
    if (room !== undefined) return room;
    throw new NotThere(`no service ${service} runs here`);
  }
}

export const isRefusedThere = (error: unknown): error is Error =>
  error instanceof NotThere || error instanceof NotGoneBack;
