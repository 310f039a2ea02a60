import { Module } from '@nestjs/common';
import { type GridWorkService, gridWorkServiceField } from '#libs/contracts';
import { type ServiceHost, type ServiceRoom, serviceRoom } from '#libs/service';
import { AreaResolver } from './area.resolver.js';
import { GridRegistryTypes } from './area.schema.js';
import { AreaService } from './area.service.js';
import { gridRegistryEvents } from './grid-registry.events.js';
import { gridRegistryGuards } from './grid-registry.guards.js';
import { gridRegistryViews } from './grid-registry.views.js';
import { AreaGridResolver, GridResolver } from './grid.resolver.js';
import { GridService, GridWorkServices } from './grid.service.js';
import { AreaPostsResolver, HolderResolver, PostResolver } from './post.resolver.js';
import { MovePostsReaction } from './move-posts.reaction.js';
import { HolderNode } from './post.schema.js';
import { RecordGridWorkReaction } from './record-grid-work.reaction.js';
import { grantsByPost } from './post-grants.service.js';
import { PostService } from './post.service.js';

/** Every service that has work in grids. */
const ASKED: readonly GridWorkService[] = gridWorkServiceField.options;

@Module({})
export class GridRegistryModule {}

/** 网格登记: areas down to the grid, posts and who holds them. */
export function gridRegistry(host: ServiceHost): ServiceRoom {
  return serviceRoom(host, {
    name: 'grid-registry',
    module: GridRegistryModule,
    events: gridRegistryEvents,
    views: gridRegistryViews,
    guards: gridRegistryGuards,
    grantsOf: grantsByPost,
    types: { include: [GridRegistryTypes], orphanedTypes: [HolderNode] },
    reactions: [MovePostsReaction, RecordGridWorkReaction],
    providers: [
      AreaService,
      GridService,
      PostService,
      { provide: GridWorkServices, useValue: { asked: ASKED } },
      AreaResolver,
      AreaGridResolver,
      GridResolver,
      PostResolver,
      AreaPostsResolver,
      HolderResolver,
    ],
  });
}
