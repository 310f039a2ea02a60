import { graphql, type GraphQLSchema } from 'graphql';
import { claimedIdentity, type Identity, type Role } from '#libs/access';
import { areaCode } from './patrols.js';

/** What most answers show; the rest is compared whole. */
interface Shown {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}
export type Answer = Readonly<Record<string, Shown>>;

export const as = (role: Role, area = '4305', subject: string = role): Identity =>
  claimedIdentity({ subject, role, area: areaCode(area) });

/** What somebody is answered by this service itself, without a gateway. */
export async function asked(
  schema: GraphQLSchema,
  identity: Identity,
  source: string,
  variableValues: object = {},
) {
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue: { identity, language: 'en', headers: {} },
    variableValues: { ...variableValues },
  });
  const codes = errors?.map(({ extensions }) => extensions['code'] ?? extensions);
  return { data: data as Answer | null, codes };
}

/** What somebody is answered who sends a command. */
export async function sent(
  schema: GraphQLSchema,
  identity: Identity,
  { name, input, shown }: { readonly name: string; readonly input: object; readonly shown: string },
) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${shown} position } }`;
  const { data, codes } = await asked(schema, identity, source, { input });
  return { done: (data?.['done'] ?? null) as Answer | null, codes };
}
