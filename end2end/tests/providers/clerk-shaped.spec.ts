/** A provider that is shaped like Clerk, with OpenID Connect and without; see journeys/clerk-shaped.spec.ts. */
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

const SECRET = 'secret-of-a-clerk-application';

test('a Clerk-shaped provider signs in a confidential client', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  await provider.arm('userinfo-clerk', { times: 'always' });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: SECRET },
  });
  await signsIn({ page, app, canaries, provider });
});

test('user_id alone will do where it is the subject of the ID token', async ({
  page, startApp, startProvider, canaries,
}) => {
  const provider = await startProvider();
  await provider.arm('userinfo-clerk-old', { times: 'always' });
  const app = await startApp({ provider });
  await signsIn({ page, app, canaries, provider });
});

test('without the openid scope there is no ID token, and user_id names the person', async ({
  page, startApp, startProvider, canaries, guard,
}) => {
  guard.allow(401);
  const provider = await startProvider();
  const app = await startApp({ provider, env: { WRENGATE_SCOPES: 'profile email' } });
  await signsIn({ page, app, canaries, provider });
  expect((await requestTo(provider, 'userinfo')).status).toBe(200);
  const begun = (await provider.requests()).find(({ path }) => path === '/auth');
  expect(begun?.params).not.toContain('nonce');
});
