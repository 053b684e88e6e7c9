/** A client with a secret that it sends in the header, coded as RFC 6749, section 2.3.1 wants it. */
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

const SECRET = 'a secret: 100 % + & = ?';

test('client_secret_basic signs in', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: SECRET },
  });
  await signsIn({ page, app, canaries, provider });
  const exchange = await requestTo(provider, 'token');
  expect(exchange.headers).toHaveProperty('authorization', 'Basic');
  expect(exchange.params).not.toContain('client_secret');
  expect(app.log()).not.toContain(SECRET);
});
