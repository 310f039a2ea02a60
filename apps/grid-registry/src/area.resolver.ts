import { Args, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import type { AreaCode } from '#libs/contracts';
import { refuse } from '#libs/event';
import {
  Acting,
  areaCodeOf,
  authorise,
  PageArgs,
  pageOf,
  Reading,
  ReadFrom,
  refusalError,
} from '#libs/service';
import { pathTo } from './area.js';
import { areaRefusals } from './area.refusals.js';
import { AreaArgs, AreaConnection, AreaNode } from './area.schema.js';
import { type AreaRow, areasView } from './areas.view.js';

@Resolver(() => AreaNode)
export class AreaResolver {
  @Query(() => AreaNode, {
    nullable: true,
    description: '区域: what is going on in an area, and who is responsible there.',
  })
  async area(
    @Args() { code: text }: AreaArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<AreaRow> {
    const code = areaCodeOf(text);
    authorise(actor, 'area.read', code);
    return areaAt(views, code);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { code }: { code: string },
    @ReadFrom() views: Reading,
  ): Promise<AreaRow> {
    return areaAt(views, areaCodeOf(code));
  }

  @ResolveField(() => [AreaNode], {
    description: 'From the loaded root down to the area right above this one.',
  })
  async path(
    @Parent() { code }: AreaNode,
    @ReadFrom() views: Reading,
  ): Promise<readonly AreaRow[]> {
    const above = await Promise.all(pathTo(code).map((each) => views.get(areasView, each)));
    return above.filter((area) => area !== undefined && area.code !== code) as AreaRow[];
  }

  @ResolveField(() => AreaConnection, {
    nullable: true,
    description: 'The areas right under this one, by code.',
  })
  children(
    @Parent() { code }: AreaNode,
    @Args() page: PageArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InstanceType<typeof AreaConnection>> {
    authorise(actor, 'area.read', code);
    const selection = { equals: { parent: code, current: true }, orderBy: ['code'] } as const;
    return pageOf(views, areasView, selection, page);
  }
}

async function areaAt(views: Reading, code: AreaCode): Promise<AreaRow> {
  const area = await views.get(areasView, code);
  if (area === undefined) throw refusalError(refuse('AreaNotFound', { code }), areaRefusals);
  return area;
}
