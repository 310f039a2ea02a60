import type { ApolloServerPlugin } from '@apollo/server';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  getNullableType,
  getVariableValues,
  GraphQLError,
  isListType,
  validate,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { refuse } from '#libs/event';
import { refusalError } from './refusal-error.js';
import type { RequestContext } from './request-context.js';
import { requestRefusals } from './request.refusals.js';

/** The one view needs 6 levels; a client’s own queries seldom more than 8. */
const LEVELS_MAX = 15;
/** The one view costs about 2,000: a field is one, and counts once for each row of its list. */
const COST_MAX = 10_000;
/** Far more than any client writes; what is longer is not worth parsing. */
export const TOKENS_MAX = 5000;
/** What a list without `first` is taken to hold. */
const LIST_LENGTH = 10;
/** What asking for all types counts: a client may learn the whole schema, but not many times over. */
const SCHEMA_TYPES = 20;

const depthRule: ValidationRule = maxDepthRule({
  n: LEVELS_MAX,
  ignoreIntrospection: true,
  // By itself the rule throws, which ends validation as if the server had failed.
  propagateOnRejection: false,
  onReject: [(context, error) => context?.reportError(error)],
});

/**
 * Refuses a query that nests deeper than any screen needs or could ask for too many rows, before
 * any service is asked. Not among the validation rules: those all answer with the same code.
 */
export function queryLimits(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request }) => {
        if (validate(schema, document, [depthRule]).length > 0) throw tooCostly(TOO_DEEP);
        const variables = request.variables ?? {};
        const definitions = operation?.variableDefinitions ?? [];
        // Variables of the wrong type: execution tells of them, with their place.
        if (getVariableValues(schema, definitions, variables).errors !== undefined) return;
        const cost = costOf({
          schema,
          query: document,
          variables,
          ...(request.operationName == null ? {} : { operationName: request.operationName }),
          estimators: [costOfField],
        });
        if (cost > COST_MAX) throw tooCostly(tooMany(cost));
      },
    }),
  };
}

/** Infinite when the query has more fields than the library is willing to count. */
function costOf(options: Parameters<typeof getComplexity>[0]): number {
  try {
    return getComplexity(options);
  } catch (error) {
    if (error instanceof GraphQLError) return Infinity;
    throw error;
  }
}

const costOfField: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  // What a schema tells of itself is bounded by the schema, but not how often it is asked.
  if (type.name === '__Schema' && field.name === 'types')
    return SCHEMA_TYPES * (1 + childComplexity);
  if (type.name.startsWith('__') || field.name.startsWith('__')) return 1 + childComplexity;
  return rowsOf(field, args) * (1 + childComplexity);
};

function rowsOf(
  field: Parameters<ComplexityEstimator>[0]['field'],
  { first, representations }: Readonly<Record<string, unknown>>,
): number {
  if (typeof first === 'number') return first;
  // Whoever asks a service by itself names as many records as fit into a request.
  return Array.isArray(representations) ? representations.length : lengthOf(field);
}

function lengthOf(field: Parameters<ComplexityEstimator>[0]['field']): number {
  // The nodes of a page are counted by the page's `first`.
  return isListType(getNullableType(field.type)) && field.name !== 'nodes' ? LIST_LENGTH : 1;
}

const TOO_DEEP = {
  whyZh: `嵌套超过 ${LEVELS_MAX} 层`,
  why: `it nests more than ${LEVELS_MAX} levels`,
};

const tooMany = (cost: number) => ({
  whyZh: `估算超过上限 ${COST_MAX}（${cost}）`,
  why: `it costs ${cost}, at most ${COST_MAX} is allowed`,
});

function tooCostly(facts: { readonly whyZh: string; readonly why: string }): GraphQLError {
  const { message, extensions } = refusalError(refuse('QueryTooCostly', facts), requestRefusals);
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}
