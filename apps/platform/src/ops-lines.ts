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

/** The generations of views, for people: a paragraph for each service. */
export function viewsLines({ views = [] }: OpsAnswer): readonly string[] {
  return views.flatMap(({ service, head, position, generation, before, views: kept, rebuild }) => [
    `${service}: generation ${generation ?? 'none'}, ${position} of ${head} events`,
    `  ${before == null ? 'none to go back to' : `generation ${before} to go back to`}`,
    ...(rebuild
      ? [`  makes generation ${rebuild.generation}: ${rebuild.done} of ${rebuild.total}`]
      : []),
    ...(kept ?? []).map(({ name, version, state }) => `  ${name} ${version}: ${state}`),
  ]);
}

export function switchedLines({ switched }: OpsAnswer): readonly string[] {
  if (switched === undefined) return [];
  const { service, generation, comparisons } = switched;
  return [
    `${service}: generation ${generation} answers`,
    ...(comparisons ?? []).map(
      ({ view, rows, missing, extra, different }) =>
        `  ${view}: ${rows} rows compared, ${missing} were missing, ${extra} too many, ` +
        `${different} different`,
    ),
  ];
}
