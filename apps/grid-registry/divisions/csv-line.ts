/** What is wrong with a line that cannot be split, in words for the person who has to mend it. */
export type CsvFault = { readonly fault: string };

type Field = { readonly value: string; readonly end: number };

/**
 * Splits one line into its fields by RFC 4180, except that a field never goes on in the next line:
 * names of places hold no line breaks, and so a forgotten quote costs its own row only, where a
 * general CSV parser swallows the rows after it and reports the wrong line.
 */
export function splitCsvLine(line: string): readonly string[] | CsvFault {
  const fields: string[] = [];
  let start = 0;
  for (;;) {
    const field = line[start] === '"' ? quotedField(line, start) : plainField(line, start);
    if ('fault' in field) return field;
    fields.push(field.value);
    if (field.end === line.length) return fields;
    start = field.end + 1;
  }
}

/** Writes a field as CSV, quoted only where reading it back needs the quotes. */
export function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function plainField(line: string, start: number): Field | CsvFault {
  const comma = line.indexOf(',', start);
  const end = comma === -1 ? line.length : comma;
  const value = line.slice(start, end);
  return value.includes('"') ? { fault: 'quote inside an unquoted field' } : { value, end };
}

function quotedField(line: string, start: number): Field | CsvFault {
  let from = start + 1;
  for (;;) {
    const quote = line.indexOf('"', from);
    if (quote === -1) return { fault: 'unbalanced quote' };
    if (line[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = quote + 1;
    if (end < line.length && line[end] !== ',') return { fault: 'text after a closing quote' };
    return { value: line.slice(start + 1, quote).replaceAll('""', '"'), end };
  }
}
