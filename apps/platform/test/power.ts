import type { Checkpoints } from '#libs/event-bus';
import type { EventLog } from '#libs/event-log';

/** When the power goes: before the step is on disk, or after it, before anybody is told. */
export type When = 'before' | 'after';

/** 电源: goes at one write, and from then on nothing is written any more, as after kill -9. */
export class Power {
  /** Resolves when the power has gone. */
  readonly cut: Promise<void>;
  private steps = 0;
  private gone = false;
  private tellCut: () => void = () => undefined;

  /** Power for `lasting` writes, of which the last is lost or not. */
  constructor(
    private readonly lasting: number,
    private readonly when: When,
  ) {
    this.cut = new Promise((resolve) => (this.tellCut = resolve));
  }

  get isGone(): boolean {
    return this.gone;
  }

  log(log: EventLog): EventLog {
    return {
      origin: log.origin,
      readOnly: log.readOnly,
      entries: (from, limit) => log.entries(from, limit),
      tile: (level, index, width) => log.tile(level, index, width),
      head: () => log.head(),
      read: (from, limit) => log.read(from, limit),
      readStream: (stream, before) => log.readStream(stream, before),
      streamEvents: (stream) => log.streamEvents(stream),
      command: (actor, id) => log.command(actor, id),
      onAppended: (listener) => log.onAppended(listener),
      append: async (commit) => {
        if (!this.reachesDisk()) throw new Error('the power went');
        const outcome = await log.append(commit);
        // Nobody is told of it any more, though it is there.
        if (this.gone) throw new Error('the power went');
        return outcome;
      },
      close: () => log.close(),
    };
  }

  checkpoints(checkpoints: Checkpoints): Checkpoints {
    const { parked } = checkpoints;
    return {
      parked: {
        ...parked,
        keep: (delivery) => {
          if (!this.reachesDisk()) throw new Error('the power went');
          parked.keep(delivery);
        },
        remove: (delivery) => {
          if (!this.reachesDisk()) throw new Error('the power went');
          parked.remove(delivery);
        },
      },
      origins: () => checkpoints.origins(),
      load: (origin) => checkpoints.load(origin),
      save: (origin, position) => {
        if (this.reachesDisk()) checkpoints.save(origin, position);
      },
      close: () => checkpoints.close(),
    };
  }

  /** Counts a write, with the last of which the power goes. */
  private reachesDisk(): boolean {
    if (this.gone) return false;
    this.steps += 1;
    if (this.steps < this.lasting) return true;
    this.gone = true;
    this.tellCut();
    return this.when === 'after';
  }
}
