import { type Type } from '@nestjs/common';
import { ArgsType, Directive, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type AreaCode, levelOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import type { LiveViews, Query, Scalar, View, ViewRow, Where } from '#libs/views';
import type { Reading } from './reading.js';
import { refusalError } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

@Directive('@shareable')
@ObjectType({ description: 'Whether the list goes on, and from where.' })
export class PageInfo {
  @Field({ description: 'Whether there are more after this page.' })
  hasNextPage: boolean;

  @Field(() => String, { nullable: true, description: 'Pass it as `after` for the next page.' })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: '1 to 200.' })
  @IsInt()
  @Min(1)
  @Max(200)
  first: number;

  @Field(() => String, { nullable: true, description: 'endCursor of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  after?: string | null;
}

/** 分页: one page of a list, and how many rows there are in all. */
export interface Page<Node> {
  readonly totalCount: number;
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
}

/** Declares the GraphQL type `NAMEConnection` over a node type. */
export function connectionType<Node>(
  name: string,
  node: () => Type<Node>,
  registerIn: () => Type<unknown>,
): Type<Page<Node>> {
  @ObjectType(`${name}Connection`, { description: 'One page of a list.', registerIn })
  class Connection implements Page<Node> {
    @Field(() => Int, { description: 'How many there are in all.' })
    totalCount: number;

    @Field(() => [node()])
    nodes: readonly Node[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }
  return Connection;
}

/**
 * One page of the rows that `selection` has, in its order. A cursor is a place in that order, and
 * so the same whenever it is read: which moment a page shows is said by the request alone.
 */
export async function pageOf<Row extends ViewRow>(
  views: LiveViews | Reading,
  view: View<Row>,
  selection: Omit<Where<Row>, 'asOf'> & Pick<Query<Row>, 'orderBy'>,
  { first, after }: PageArgs,
): Promise<Page<Row>> {
  const { orderBy, ...where } = selection;
  const start = after == null ? {} : { after: decodeCursor(after, orderBy.length) };
  // One more than asked for tells whether there is a next page.
  const rows = await views.find(view, { ...where, ...start, orderBy, limit: first + 1 });
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    totalCount: await views.count(view, where),
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: last === undefined ? null : encodeCursor(orderBy.map((field) => last[field])),
    },
  };
}

/** No grid has had more of anything. */
const GRID_PAGES_MAX = 50;
const PAGE = 200;

/**
 * Throws unless the actor may read what a list as of an earlier moment is made of, as it is today:
 * also what no page shows, since its length is told. Work leaves its village with no grid that
 * closes: only in the list of a grid can there be any that is elsewhere today.
 */
export async function authoriseListed<Row extends ViewRow & { readonly id: string }>(
  views: Reading,
  view: View<Row>,
  listed: {
    readonly area: AreaCode;
    readonly selection: Omit<Where<Row>, 'asOf'> & Pick<Query<Row>, 'orderBy'>;
    readonly nodes: readonly Row[];
  },
  authorise: (today: Row) => void,
): Promise<void> {
  await views.authoriseEach(view, listed.nodes, authorise);
  if (views.asOf === undefined || levelOf(listed.area) !== 'GRID') return;
  const { orderBy } = listed.selection;
  let last: Row | undefined;
  for (let pages = 0; pages < GRID_PAGES_MAX; pages += 1) {
    const after = last === undefined ? {} : { after: orderBy.map((field) => last?.[field]) };
    const query = { ...listed.selection, ...(after as { after?: readonly Scalar[] }), limit: PAGE };
    const rows = await views.find(view, query);
    await views.authoriseEach(view, rows, authorise);
    if (rows.length < PAGE) return;
    last = rows.at(-1);
  }
  const facts = { why: 'the list of then is too long', whyZh: '当时的列表过长' };
  throw refusalError(refuse('QueryTooCostly', facts), requestRefusals);
}

function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

function decodeCursor(cursor: string, length: number): readonly Scalar[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === length && values.every(isKey)) return values;
  } catch {
    // Not JSON: answered below like any other cursor that no page returned.
  }
  throw refusalError(refuse('CursorInvalid'), requestRefusals);
}

function isKey(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number';
}
