import type { IncomingMessage, ServerResponse } from 'node:http';

const FIRST_QUERY = `# Put a token into "Headers" below: {"Authorization": "Bearer TOKEN"}
# npm run --silent token -- --role supervisor --area 4305 prints one.
query Area($code: ID! = "4305") {
  area(code: $code) {
    code name level
    path { code name }
    children(first: 50) { totalCount nodes { code name } }
    posts { id kind holder { id name } }
    disputes(status: OPEN, first: 20) { totalCount nodes { id type status reportedAt dueAt } }
    patrols(first: 20) { totalCount nodes { id startsAt status } }
    hazards(status: OPEN, first: 20) { totalCount nodes { id grade status dueAt overdue } }
  }
}
`;

/** Who opens the address of the platform itself is shown the graph. */
export function redirectToGraph(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  if (request.method !== 'GET' || request.url !== '/') return next();
  response.writeHead(302, { location: '/graphql' }).end();
}

let page: Promise<string> | undefined;

/** Answers a browser with GraphiQL; its scripts come with the page, none from elsewhere. */
export async function graphiql(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  const wantsPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
  if (!wantsPage || /[?&]query=/.test(request.url ?? '')) return next();
  page ??= renderPage();
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(await page);
}

/** The page is large: it is loaded when somebody first asks for it. */
async function renderPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL({
    title: '枫桥 GraphiQL',
    endpoint: '/graphql',
    defaultQuery: FIRST_QUERY,
    headers: JSON.stringify({ Authorization: 'Bearer TOKEN' }),
  });
}
