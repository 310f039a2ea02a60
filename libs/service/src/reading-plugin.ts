import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { refuse } from '#libs/event';
import { type Asked, asOfIn, minPositionIn, type Positions, textOf } from './reading-asked.js';
import { refusalError, refusedWith } from './refusal-error.js';
import type { RequestContext } from './request-context.js';
import { requestRefusals } from './request.refusals.js';

/** An operation that is about to be executed. */
interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The two arguments as one root field has them. */
interface Arguments {
  readonly asOf?: readonly unknown[] | null;
  readonly minPosition?: readonly unknown[] | null;
}

/**
 * Collects `asOf` and `minPosition` from the root fields of an operation, so that all that answers a
 * part of it, here or in another service, answers as of the same moment.
 */
export function readingPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        if (operation == null) return;
        const variables = request.variables ?? {};
        const handedOn = contextValue.asked ?? {};
        try {
          contextValue.asked = askedBy({ schema, document, operation, variables }, handedOn);
        } catch (error) {
          // Nothing was executed: the request itself is refused.
          throw error instanceof GraphQLError ? refusedWith(400, error) : error;
        }
      },
    }),
  };
}

/**
 * What an operation asks for, together with what a gateway has handed on.
 *
 * @throws AS_OF_MALFORMED, MIN_POSITION_MALFORMED, POSITION_UNKNOWN, ARGUMENTS_DIFFER
 */
export function askedBy(executed: Operation, handedOn: Asked = {}): Asked {
  // What a command answers is read after the command.
  if (executed.operation.operation !== OperationTypeNode.QUERY) return {};
  const fields = rootFields(executed);
  const asOf = theOne<string | Positions>('asOf', [
    ...(handedOn.asOf === undefined ? [] : [handedOn.asOf]),
    // A field without it would be answered as of now, beside others as of then.
    ...fields.map((field) => (field.asOf == null ? undefined : asOfIn(field.asOf))),
  ]);
  const minPosition = theOne('minPosition', [
    ...(handedOn.minPosition === undefined ? [] : [handedOn.minPosition]),
    ...fields.flatMap((field) =>
      field.minPosition == null ? [] : [minPositionIn(field.minPosition)],
    ),
  ]);
  return { ...(asOf !== undefined && { asOf }), ...(minPosition !== undefined && { minPosition }) };
}

/** The root fields that take these arguments, with what they are given. */
function rootFields({ schema, document, operation, variables }: Operation): readonly Arguments[] {
  const query = schema.getQueryType();
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  // Variables of the wrong type: execution tells of them, with their place.
  if (query == null || values.coerced === undefined) return [];
  const { coerced } = values;
  const { selectionSet } = operation;
  const collected = collectFields(schema, fragmentsOf(document), coerced, query, selectionSet);
  return [...collected.values()].flat().flatMap((node) => {
    const field = query.getFields()[node.name.value];
    const takes = field?.args.some(({ name }) => name === 'asOf') ?? false;
    return field !== undefined && takes ? [getArgumentValues(field, node, coerced)] : [];
  });
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(
    (fragments as FragmentDefinitionNode[]).map((fragment) => [fragment.name.value, fragment]),
  );
}

function theOne<Value extends string | Positions>(
  argument: keyof Asked,
  values: readonly (Value | undefined)[],
): Value | undefined {
  const [first, ...others] = values;
  const text = first && textOf(first);
  if (others.every((other) => (other && textOf(other)) === text)) return first;
  throw refusalError(refuse('ArgumentsDiffer', { argument }), requestRefusals);
}
