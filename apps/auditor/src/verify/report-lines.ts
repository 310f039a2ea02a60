import { counted } from '../answer.js';
import type { Checked } from './checked.js';
import type { Findings } from './findings.js';
import type { LogReport } from './log-report.js';

const VERDICT = ['clean', 'MANIPULATION', 'GAP'] as const;
const KIND = { store: 'folder', export: 'export', address: 'address' } as const;

/** What was checked, how much of it, and what was found, for people. */
export function reportLines(report: LogReport): readonly string[] {
  const { service, exit, kind, place, unsealed, found, workers, seconds } = report;
  const threads = workers > 0 ? ` on ${counted(workers + 1, 'thread')}` : '';
  return [
    `${service}: ${VERDICT[exit] ?? 'unknown'}`,
    `  ${KIND[kind].padEnd(12)}${place}`,
    ...(report.checked === null ? [] : checkedLines(report, report.checked)),
    `  unsealed: ${unsealed.count}${unsealed.since === null ? '' : `, the oldest since ${unsealed.since}`}`,
    ...againstLines(report),
    `  in          ${seconds.toFixed(1)} s${threads}`,
    ...findingLines(found),
  ];
}

function checkedLines(report: LogReport, checked: Checked): readonly string[] {
  const { origin, vkey, keyFrom, sealed, size, root } = report;
  const { entries, bytes, tiles, checkpoints, streams, commands, indexRows, indexed } = checked;
  const signer = origin === null ? 'by nobody' : `by ${origin}`;
  return [
    `  entries     ${number(entries)} hashed and read (${megabytes(bytes)}), ${size === 0 ? 'no positions' : `positions 0 to ${number(size - 1)}`}`,
    `  streams     ${number(streams)}, each followed from its first version to its newest`,
    `  commands    ${number(commands)}, each committed once and whole`,
    `  tiles       ${number(tiles)} compared with the tree that was computed; root ${root ?? ''}`,
    `  checkpoints ${number(checkpoints)} signed ${signer}; the newest that fits: ${sealed === null ? 'none' : `${number(sealed.size)} entries, root ${sealed.root}`}`,
    ...(vkey === null
      ? []
      : [
          `  key         ${vkey} (${keyFrom === 'auditor' ? 'as named with --vkey' : 'taken from the data'})`,
        ]),
    `  index       ${indexRows === null ? 'none' : `${number(indexRows)} rows for ${number(indexed)} entries${laterText(size - indexed)}`}`,
  ];
}

/** A log that is being written is indexed in runs, and once it is closed: that is no fault. */
function laterText(entries: number): string {
  return entries <= 0 ? '' : `; ${number(entries)} newer ones are indexed later`;
}

function findingLines({ kept, totals }: ReturnType<Findings['found']>): readonly string[] {
  const all = totals.manipulation + totals.gap + totals.notice;
  const lines = kept.map(({ severity, where, what }) => `  ${severity}: ${where} ${what}`);
  return all === kept.length
    ? lines
    : [...lines, `  and ${counted(all - kept.length, 'finding')} more`];
}

/** What was signed last and is gone with all that it covered has left no trace here. */
function againstLines({ against }: LogReport): readonly string[] {
  if (against.length === 0) {
    return [
      '  against     no note: whether newer entries were taken away with what was signed of them ' +
        'cannot be told',
    ];
  }
  return against.map(
    ({ against: place, size, status }) =>
      `  against     ${place}: ${number(size)} entries, ${status}`,
  );
}

/** Without the language data that `toLocaleString` would load. */
function number(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${number(bytes)} bytes` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
