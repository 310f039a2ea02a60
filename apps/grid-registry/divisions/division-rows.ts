import { splitCsvLine } from './csv-line.js';
import { MAX_LINE_CHARS, readLines } from './read-lines.js';

/** 区划: one row of a list of divisions as its source has it; `line` is 1-based in `source`. */
export type DivisionRow = {
  readonly source: string;
  readonly line: number;
  readonly code: string;
  readonly name: string;
};

/** A row that cannot be read, with the start of its text and the reason. */
export type BadRow = {
  readonly source: string;
  readonly line: number;
  readonly text: string;
  readonly reason: string;
};

/** `source` stands in the rows instead of the path; `keep` leaves out rows by their code. */
export type ReadDivisionOptions = {
  readonly source?: string;
  readonly keep?: (code: string) => boolean;
};

/** The whole file is not a list of divisions, so that no row of it can be trusted. */
export class DivisionFileInvalid extends Error {
  override readonly name = 'DivisionFileInvalid';
  readonly code = 'DIVISION_FILE_INVALID';
}

type Header = { readonly columns: number; readonly code: number; readonly name: number };

const MAX_NAME_CHARS = 100;
const SHOWN_CHARS = 200;

/**
 * Reads a CSV file whose header names the columns `code` and `name`, in bounded memory. Each row
 * is passed on as it is: whether its code is one is judged by the registry. A row that cannot be
 * read comes as a {@link BadRow} and the rest goes on. Throws {@link DivisionFileInvalid}.
 */
export async function* readDivisionFile(
  path: string,
  { source = path, keep = () => true }: ReadDivisionOptions = {},
): AsyncGenerator<DivisionRow | BadRow> {
  let header: Header | undefined;
  for await (const { first, lines } of readLines(path)) {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue;
      if (header === undefined) {
        header = readHeader(text, source);
        continue;
      }
      const row = readRow(text, header);
      const at = { source, line: first + index };
      if ('reason' in row) yield { ...at, text: text.slice(0, SHOWN_CHARS), reason: row.reason };
      else if (keep(row.code)) yield { ...at, code: row.code, name: row.name };
    }
  }
  if (header === undefined) throw new DivisionFileInvalid(`${source}: the file is empty`);
}

/** Tells the two kinds of row apart. */
export function isBadRow(row: DivisionRow | BadRow): row is BadRow {
  return 'reason' in row;
}

function readHeader(text: string, source: string): Header {
  const names = splitCsvLine(text);
  const columns = 'fault' in names ? [] : names;
  const header = {
    columns: columns.length,
    code: columns.indexOf('code'),
    name: columns.indexOf('name'),
  };
  if (header.code === -1 || header.name === -1) {
    throw new DivisionFileInvalid(`${source}: its first line must name the columns code and name`);
  }
  return header;
}

type Parsed = { readonly code: string; readonly name: string } | { readonly reason: string };

function readRow(text: string, header: Header): Parsed {
  if (text.length > MAX_LINE_CHARS)
    return { reason: `line longer than ${MAX_LINE_CHARS} characters` };
  const fields = splitCsvLine(text);
  if ('fault' in fields) return { reason: fields.fault };
  if (fields.length !== header.columns) {
    return { reason: `${fields.length} columns where the header has ${header.columns}` };
  }
  const code = fields[header.code] ?? '';
  const name = fields[header.name] ?? '';
  if (code.trim() === '') return { reason: 'code missing' };
  const reason = nameFault(name);
  return reason === undefined ? { code, name } : { reason };
}

function nameFault(name: string): string | undefined {
  if (name.trim() === '') return 'name empty';
  // Code points are counted, because a rare character of a village's name takes two code units.
  if (name.length > MAX_NAME_CHARS && [...name].length > MAX_NAME_CHARS) {
    return `name longer than ${MAX_NAME_CHARS} characters`;
  }
  // The decoder puts this character where the bytes are not UTF-8, as in a file saved as GBK.
  return name.includes('\uFFFD') ? 'name is not UTF-8' : undefined;
}
