import { isRefusal, type Refusal } from '#libs/event';

/** How long a command waits for news before it says that something is unknown. */
const NEWS_MS = 2000;

/** 邻服务: the other services, as far as this one must have heard of them. */
export abstract class Neighbours {
  /**
   * Resolves when everything that the others had recorded at the call was handled here: true; or
   * after `timeoutMs`: false.
   */
  abstract caughtUp(timeoutMs: number): Promise<boolean>;

  /**
   * Resolves when the event at `position` of `origin` has had its effect here, or after `timeoutMs`:
   * `handled` is the first position that has had none, `head` where the origin's log ends. At once
   * when that log ends before the event, or when this service takes none of its events. `isParked`
   * says that the event at `handled` waits for an operator.
   */
  abstract reached(
    origin: string,
    position: number,
    timeoutMs: number,
  ): Promise<{ readonly handled: number; readonly head?: number; readonly isParked?: boolean }>;
}

/**
 * Runs a command; when it refuses something as unknown, that may only not have been heard of yet:
 * hears the others out, then asks once more.
 */
export async function afterNews<Outcome extends object>(
  neighbours: Neighbours,
  unknown: readonly string[],
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const outcome: Outcome | Refusal = await run();
  if (!isRefusal(outcome) || !unknown.includes(outcome.refused)) return outcome;
  await neighbours.caughtUp(NEWS_MS);
  return run();
}
