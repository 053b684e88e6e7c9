/** A public client: PKCE is its only proof. */
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

test('a public client signs in at the development provider', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider();
  const app = await startApp({ provider });
  await signsIn({ page, app, canaries, provider });
  const exchange = await requestTo(provider, 'token');
  expect(exchange.headers).not.toHaveProperty('authorization');
  expect(exchange.params).toEqual(expect.arrayContaining(['client_id', 'code_verifier']));
  expect(exchange.params).not.toContain('client_secret');
});
