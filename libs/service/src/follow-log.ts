import type { Cancel, Scheduler } from '#libs/scheduler';
import type { Stores } from './stores.js';

/** Long enough that events which come together are read together; half of what "soon" promises. */
const PAUSE_MS = 500;

/** What is followed, and by what. */
interface Followed {
  readonly log: Pick<Stores['log'], 'onAppended'>;
  readonly views: Pick<Stores['views'], 'catchUp'>;
}

/**
 * Whoever asks a view has it brought up to the log first. Who looks from outside does not: without
 * this, the lag of a service that nobody asks would grow, and its files would tell of old rights.
 */
export function followLog({ log, views }: Followed, scheduler: Scheduler): Cancel {
  let cancel: Cancel | undefined;
  const catchUp = (): void => {
    cancel = undefined;
    // Whoever asks next meets the same fault and is told of it.
    views.catchUp().catch(() => undefined);
  };
  const unsubscribe = log.onAppended(() => {
    cancel ??= scheduler.inBackground(PAUSE_MS, catchUp);
  });
  return () => {
    unsubscribe();
    cancel?.();
  };
}
