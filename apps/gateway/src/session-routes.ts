import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { refuse } from '#libs/event';
import {
  bodyOf,
  json,
  type Language,
  languageOf,
  malformed,
  type Middleware,
  type PlainAnswer,
  plainRoutes,
  refusalError,
  refusedWith,
  signInFault,
} from '#libs/service';
import { type OpenSignIn, type Session, SignInRefused, type SignInRefusal } from '#libs/sign-in';
import { type GatewayDoor, SESSION_COOKIE } from './gateway-door.js';
import { signInRefusals } from './sign-in.refusals.js';

const DEVICE_COOKIE = 'device';
const FLOW_COOKIE = 'sign-in';
const DEVICE_S = 180 * 24 * 3600;
const FLOW_S = 600;

const STATUS: Readonly<Record<SignInRefusal, number>> = {
  SignInFailed: 401,
  SignInLocked: 429,
  SignInBusy: 503,
  PasswordMustChange: 403,
  PasswordUnfit: 400,
  SessionOver: 401,
  SignInStale: 400,
  ProviderRefused: 403,
  NotOwnPage: 403,
};

const text = z.string().min(1).max(1024);
const signInBody = z.strictObject({
  name: text,
  password: text,
  newPassword: text.optional(),
  /** For a browser: the session stays in a cookie that no script can read. */
  cookie: z.boolean().default(false),
  device: z.string().max(2048).optional(),
});
const renewalBody = z.strictObject({ renewal: text });

/**
 * 会话: `POST /session` signs in with a name and a password, `POST /session/refresh` renews, `GET`
 * tells who is signed in, `DELETE` ends it; `/sign-in` leads to the OpenID provider and back.
 */
export function sessionRoutes(door: GatewayDoor, signIn: OpenSignIn): Middleware {
  const { cookies } = door;
  const { desk, flow } = signIn;
  return plainRoutes((request, path) => {
    const answer = routeOf(request, path);
    return answer?.catch((error: unknown) => {
      throw told(error, languageOf(request.headers['accept-language']));
    });
  });

  function routeOf(request: IncomingMessage, path: string): Promise<PlainAnswer> | undefined {
    switch (`${request.method} ${path}`) {
      case 'POST /session':
        return begin(request);
      case 'POST /session/refresh':
        return renew(request);
      case 'GET /session':
        return show(request);
      case 'DELETE /session':
        return end(request);
      case 'GET /sign-in':
        return flow && leave(flow);
      case 'GET /sign-in/callback':
        return flow && comeBack(flow, request);
      default:
        return undefined;
    }
  }

  async function begin(request: IncomingMessage): Promise<PlainAnswer> {
    const asked = await bodyIn(request, signInBody);
    const device = asked.device ?? cookies.in(request, DEVICE_COOKIE);
    const session = await desk.signIn({ ...asked, device });
    const known = await desk.deviceOf(session);
    if (!asked.cookie) return bearer(session, { device: known });
    const kept = cookies.set(DEVICE_COOKIE, known, { maxAgeS: DEVICE_S, sameSite: 'Strict' });
    const headers = { 'set-cookie': [sessionCookie(session), kept] };
    return { ...json(shown(session)), status: 201, headers };
  }

  async function bearer(session: Session, also: object): Promise<PlainAnswer> {
    const { token, tokenEndsAtMs } = await desk.access(session);
    const renewal = desk.sessions.renewalOf(session.id);
    const tokenEndsAt = new Date(tokenEndsAtMs).toISOString();
    return { ...json({ ...shown(session), token, tokenEndsAt, renewal, ...also }), status: 201 };
  }

  async function renew(request: IncomingMessage): Promise<PlainAnswer> {
    const { renewal } = await bodyIn(request, renewalBody);
    return bearer(desk.sessions.renew(renewal, desk.nowMs()), {});
  }

  async function show(request: IncomingMessage): Promise<PlainAnswer> {
    const { identity } = await door.asking(request);
    const { subject, kind, expiresAtMs } = identity;
    return json({ subject, kind, endsAt: new Date(expiresAtMs).toISOString() });
  }

  async function end(request: IncomingMessage): Promise<PlainAnswer> {
    const { session } = await door.asking(request);
    if (session !== undefined) desk.sessions.end(session);
    const headers = { 'set-cookie': cookies.clear(SESSION_COOKIE) };
    return { type: 'text/plain', body: '', status: 204, headers };
  }

  async function leave(by: NonNullable<typeof flow>): Promise<PlainAnswer> {
    const { location, cookie } = await by.begin();
    const kept = cookies.set(FLOW_COOKIE, cookie, { maxAgeS: FLOW_S, sameSite: 'Lax' });
    return redirect(location, [kept]);
  }

  async function comeBack(
    by: NonNullable<typeof flow>,
    request: IncomingMessage,
  ): Promise<PlainAnswer> {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const session = await by.finish(cookies.in(request, FLOW_COOKIE), searchParams);
    return redirect('/', [sessionCookie(session), cookies.clear(FLOW_COOKIE)]);
  }

  function sessionCookie(session: Session): string {
    const maxAgeS = Math.ceil((session.endsAtMs - desk.nowMs()) / 1000);
    const value = desk.sessions.cookieOf(session.id);
    return cookies.set(SESSION_COOKIE, value, { maxAgeS, sameSite: 'Strict' });
  }

  async function bodyIn<Body>(request: IncomingMessage, body: z.ZodType<Body>): Promise<Body> {
    // A form of another site can send text, never JSON; and a page of another site says where it is.
    const type = request.headers['content-type'] ?? '';
    if (!cookies.isOwnPage(request)) throw new SignInRefused('NotOwnPage');
    if (!/^application\/json\b/i.test(type)) throw malformed('the body must be application/json');
    const parsed = body.safeParse(await bodyOf(request));
    if (parsed.success) return parsed.data;
    // What was sent holds a password: only the names of the fields are told.
    const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    throw malformed(fields.join(', '));
  }
}

function shown({ subject, kind, endsAtMs }: Session): object {
  return { subject, kind, endsAt: new Date(endsAtMs).toISOString() };
}

function redirect(location: string, cookies: readonly string[]): PlainAnswer {
  return {
    type: 'text/plain',
    body: '',
    status: 302,
    headers: { location, 'set-cookie': cookies },
  };
}

function told(error: unknown, language: Language): unknown {
  if (!(error instanceof SignInRefused)) return signInFault(error, language) ?? error;
  const { refused, retryAfterMs } = error;
  const retry = retryAfterMs === undefined ? undefined : { retryAfterMs };
  return refusedWith(
    STATUS[refused],
    refusalError(refuse(refused), signInRefusals, retry),
    language,
  );
}
