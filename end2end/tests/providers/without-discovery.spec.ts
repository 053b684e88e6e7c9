/** A provider that describes itself nowhere: its endpoints and its keys are given by hand. */
import { expect, test } from '../../fixtures/index.js';
import { signsIn } from './signs-in.js';

test('a provider without discovery signs in by its endpoints', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_DISCOVERY: 'off' } });
  const app = await startApp({
    provider,
    env: {
      WRENGATE_AUTHORIZATION_ENDPOINT: `${provider.base}/auth`,
      WRENGATE_TOKEN_ENDPOINT: `${provider.base}/token`,
      WRENGATE_USERINFO_ENDPOINT: `${provider.base}/me`,
      WRENGATE_JWKS_URI: `${provider.base}/jwks`,
    },
  });
  await signsIn({ page, app, canaries, provider });
  const { discovery, jwks } = await provider.counts();
  expect(discovery).toBe(0);
  expect(jwks).toBeGreaterThan(0);
});
