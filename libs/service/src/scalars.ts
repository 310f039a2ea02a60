import { GraphQLScalarType, Kind } from 'graphql';

/** 位置: a place in a service's log, `mediation@1234`. */
export const Position = new GraphQLScalarType<string, string>({
  name: 'Position',
  description: 'A place in the log of a service: `mediation@1234`.',
  serialize: String,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

/** 截至: a time, or a place in a service's log; what it says is checked with the whole argument. */
export const AsOf = new GraphQLScalarType<string, string>({
  name: 'AsOf',
  description: 'An RFC 3339 time such as `2026-03-03T09:30:00+08:00`, or a Position.',
  serialize: String,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

/** 时间: RFC 3339, UTC, milliseconds. */
export const Time = new GraphQLScalarType<string, string>({
  name: 'Time',
  description: 'A point in time, RFC 3339, UTC, with milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: String,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

/** 日期: a calendar day in Asia/Shanghai. */
export const Day = new GraphQLScalarType<string, string>({
  name: 'Day',
  description: 'A calendar day in Asia/Shanghai, YYYY-MM-DD.',
  serialize: String,
  parseValue: day,
  parseLiteral: (node) => day(node.kind === Kind.STRING ? node.value : undefined),
});

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('a text is expected');
}

function day(value: unknown): string {
  const written = text(value);
  // Date.parse takes 30 February for a day in March; printing it again shows that.
  const time = Date.parse(`${written}T00:00:00Z`);
  const real = Number.isFinite(time) && new Date(time).toISOString().startsWith(written);
  if (real && /^\d{4}-\d{2}-\d{2}$/.test(written)) return written;
  throw new TypeError('a day is written YYYY-MM-DD');
}
