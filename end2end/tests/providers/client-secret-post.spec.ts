/** A client with a secret that it sends in the body, where the provider wants it there. */
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

const SECRET = 'a secret: 100 % + & = ?';

test('client_secret_post signs in', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  const app = await startApp({
    provider,
    env: {
      WRENGATE_CLIENT_ID: 'wrengate-dev-post',
      WRENGATE_CLIENT_AUTH: 'client_secret_post',
      WRENGATE_CLIENT_SECRET: SECRET,
    },
  });
  await signsIn({ page, app, canaries, provider });
  const exchange = await requestTo(provider, 'token');
  expect(exchange.headers).not.toHaveProperty('authorization');
  expect(exchange.params).toContain('client_secret');
  expect(app.log()).not.toContain(SECRET);
});
