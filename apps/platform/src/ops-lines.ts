import type { OpsAnswer } from './ops-client.js';

/** What is parked, for people: a paragraph each, to be copied from. */
export function parkedLines({ parked = [] }: OpsAnswer): readonly string[] {
  if (parked.length === 0) return ['nothing is parked'];
  return parked.flatMap((item) => [
    item.id,
    `  ${item.handler} failed at ${item.origin}@${item.position} ${item.type}: ${item.reason}`,
    `  since ${item.since}, ${item.attempts} attempts, ${item.queued} events queue behind it`,
  ]);
}

export function retriedLines({ retried, skipped }: OpsAnswer): readonly string[] {
  const outcomes = retried ?? (skipped === undefined ? [] : [skipped]);
  const verb = skipped === undefined ? '' : 'skipped, then ';
  return outcomes.map(({ id, done, failure }) => {
    const went = `${verb}${done} events went on`;
    return failure === undefined
      ? `${id}: ${went}, it is parked no more`
      : `${id}: ${went}, the next one failed: ${failure}`;
  });
}
