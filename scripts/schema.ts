import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { builtTree, type Tree } from './docs/tree.ts';

/** One file of the gateway's schema folder. */
interface SchemaFile {
  readonly name: string;
  readonly text: string;
}

export const SCHEMA_FOLDER = 'apps/gateway/schema';

/**
 * What the services' code says their subgraphs are, and the supergraph that they compose to.
 * Throws composition's reasons when they do not fit together.
 */
export async function composeSchemas(tree: Tree): Promise<readonly SchemaFile[]> {
  const subgraphs = await printSubgraphs(tree);
  const services = subgraphs.map(({ name, text }) => ({
    name,
    typeDefs: parse(text),
    url: `http://${name}/graphql`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new Error(`the subgraphs do not compose: ${errors?.map(String).join('; ')}`);
  }
  return [
    ...subgraphs.map(({ name, text }) => ({ name: `${name}.graphql`, text })),
    { name: 'supergraph.graphql', text: `${supergraphSdl}\n` },
  ];
}

/** Opens every service of the platform once, on stores that are thrown away. */
async function printSubgraphs(tree: Tree): Promise<readonly SchemaFile[]> {
  const platform = await load<typeof import('../apps/platform/src/rooms.ts')>(
    tree,
    'apps/platform/src/rooms.ts',
  );
  const service = await load<typeof import('../libs/service/src/index.ts')>(
    tree,
    'libs/service/src/index.ts',
  );
  const access = await load<typeof import('../libs/access/src/index.ts')>(
    tree,
    'libs/access/src/index.ts',
  );
  const { EventBus } = await load<typeof import('../libs/event-bus/src/index.ts')>(
    tree,
    'libs/event-bus/src/index.ts',
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-schema-'));
  const settings = service.readSettings('platform', { DATA_DIR: dataDir });
  const tokenKey = access.openTokenKey(dataDir);
  const host = {
    dataDir,
    tokenKey,
    clock: new service.SystemClock(),
    installation: 'sample',
    bus: new EventBus(),
  };
  try {
    const rooms = platform.serviceRooms(host, settings);
    const open = await Promise.all(rooms.map((room) => service.openRoom(room)));
    const printed = open.map(({ schema }, index) => ({
      name: rooms[index]?.name ?? '',
      text: `${printSubgraphSchema(schema)}\n`,
    }));
    await service.closeRooms(open);
    return printed;
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

async function load<Module>(tree: Tree, path: string): Promise<Module> {
  return (await tree.load(path)) as Module;
}

async function writeSchemas(root: string): Promise<void> {
  mkdirSync(join(root, SCHEMA_FOLDER), { recursive: true });
  for (const { name, text } of await composeSchemas(builtTree(root))) {
    const path = join(root, SCHEMA_FOLDER, name);
    const changed = !existsSync(path) || readFileSync(path, 'utf8') !== text;
    if (changed) writeFileSync(path, text);
    process.stdout.write(`${SCHEMA_FOLDER}/${name} ${changed ? 'written' : 'unchanged'}\n`);
  }
}

if (import.meta.main) await writeSchemas(join(import.meta.dirname, '..'));
