import type { Grant, Identity } from '#libs/access';
import { areaCodeField } from '#libs/contracts';
import { Actors } from './actors.js';
import type { RequestContext } from './request-context.js';

const area = areaCodeField.parse('430502001001');
const grant: Grant = {
  role: 'mediator',
  area,
  source: { kind: 'appointment', post: 'post-1', holder: 'holder-1' },
};
const claims: readonly Grant[] = [{ role: 'supervisor', area, source: { kind: 'claim' } }];
const request = (kind: Identity['kind'] = 'person'): RequestContext => ({
  identity: { subject: 'account-1', kind, claims, expiresAtMs: 0 },
  language: 'en',
  headers: {},
});

function service() {
  const state = { head: 3, grants: [grant] as Grant[], uncertain: new Set<string>(), looked: 0 };
  const actors = new Actors({
    head: async () => state.head,
    grantsOf: async () => {
      state.looked += 1;
      return state.grants;
    },
    uncertainPosts: async () => state.uncertain,
  });
  return { state, actors };
}

it('a person may do what their posts give, whatever the token claims', async () => {
  expect((await service().actors.of(request())).grants).toEqual([grant]);
});

it.each(['system', 'first-account'] as const)('a %s may do what the token claims', async (kind) => {
  const { state, actors } = service();
  expect((await actors.of(request(kind))).grants).toEqual(claims);
  expect(state.looked).toBe(0);
});

it('rights are looked up once, until anything more was recorded', async () => {
  const { state, actors } = service();
  await actors.of(request());
  await actors.of(request());
  expect(state.looked).toBe(1);
  state.grants = [];
  state.head += 1;
  expect((await actors.of(request())).grants).toEqual([]);
  expect(state.looked).toBe(2);
});

it('one request is answered by the same rights throughout', async () => {
  const { state, actors } = service();
  const context = request();
  await actors.of(context);
  state.grants = [];
  state.head += 1;
  expect((await actors.of(context)).grants).toEqual([grant]);
});

it('a post gives no right while something that was heard of it was not taken', async () => {
  const { state, actors } = service();
  state.uncertain = new Set(['post-1']);
  expect((await actors.of(request())).grants).toEqual([]);
  state.uncertain = new Set(['post-2']);
  expect((await actors.of(request())).grants).toEqual([grant]);
});
