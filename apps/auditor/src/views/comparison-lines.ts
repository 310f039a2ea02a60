import type { RowDifference, ViewComparison } from '#libs/views';
import { counted } from '../answer.js';
import { withSealedClosed } from '../records/shown-event.js';

/** How the live views of one service stand to those that were rebuilt. */
export interface ServiceComparison {
  readonly service: string;
  /** Up to where the live views are. */
  readonly position: number;
  readonly head: number;
  readonly views: readonly ViewComparison[];
}

const VALUE_CHARS = 120;

export function comparisonLines(compared: ServiceComparison): readonly string[] {
  const { service, position, head, views } = compared;
  const behind = head - position;
  const told = behind === 0 ? '' : `, ${counted(behind, 'event')} behind the log`;
  return [`${service}: views at position ${position}${told}`, ...views.flatMap(viewLines)];
}

function viewLines(compared: ViewComparison): readonly string[] {
  const { view, rows, missing, extra, different, first } = compared;
  const wrong = missing + extra + different;
  if (wrong === 0) return [`  ${view}  ${counted(rows, 'row')}, identical`];
  const left = wrong - first.length;
  return [
    `  ${view}  ${counted(rows, 'row')}: ${missing} missing, ${extra} extra, ${different} different`,
    ...first.flatMap(rowLines),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ];
}

function rowLines({ key, is, fields }: RowDifference): readonly string[] {
  return [
    `    ${key} is ${is}`,
    ...fields.map(
      ({ path, live, rebuilt }) =>
        `      ${path || 'row'}: live ${shown(live)}, rebuilt ${shown(rebuilt)}`,
    ),
  ];
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(withSealedClosed(value));
  return text.length <= VALUE_CHARS ? text : `${text.slice(0, VALUE_CHARS)}...`;
}
