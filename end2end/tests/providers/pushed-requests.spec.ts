/** Pushed authorization requests (RFC 9126): the address in the browser holds a reference and no more. */
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

const SECRET = 'secret-of-the-pushing-client';

test('a provider that wants requests pushed gets them pushed', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_PAR: 'required' } });
  const app = await startApp({ provider });
  await signsIn({ page, app, canaries, provider }, { par: 1 });
  const begun = (await provider.requests()).find(({ path }) => path === '/auth');
  expect(begun?.params.sort()).toEqual(['client_id', 'request_uri']);
  const pushed = await requestTo(provider, 'par');
  expect(pushed.status).toBe(201);
  expect(pushed.params).toEqual(expect.arrayContaining(['code_challenge', 'nonce', 'redirect_uri', 'state']));
});

test('WRENGATE_PAR=always pushes where it is only allowed, with the client authenticated', async ({
  page, startApp, startProvider, canaries, guard,
}) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  const app = await startApp({
    provider,
    env: {
      WRENGATE_PAR: 'always', WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: SECRET,
    },
  });
  await signsIn({ page, app, canaries, provider }, { par: 1 });
  expect((await requestTo(provider, 'par')).headers).toHaveProperty('authorization', 'Basic');
});
