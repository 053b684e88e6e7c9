/** The 14 modules of the Basic RP plan; each test has the name of its module. */
import { expect, test } from '../../fixtures/index.js';
import { allowButton, begin, giveName } from '../../pages/index.js';
import { atAccountOf } from '../journeys/session.js';
import { accepts, refuses, signsIn, stage } from './module.js';

accepts('oidcc-client-test');

test('oidcc-client-test-scope-userinfo-claims', async ({ page, startApp, startProvider }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app = await start();
  await begin(page, app);
  await giveName(page);
  await expect(page.getByRole('listitem').locator('code')).toHaveText(['openid', 'profile', 'email']);
  await allowButton(page).click();
  await atAccountOf(page, app);
  await expect(page.getByRole('region', { name: 'Profile' }).getByRole('definition')).toHaveText([
    'Ada Lovelace', 'Ada', 'Lovelace', 'ada', 'ada@example.org',
  ]);
  expect((await provider.counts()).userinfo).toBe(1);
});

test('oidcc-client-test-client-secret-basic', async ({ page, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  await signsIn({ page, app: await start(), canaries, provider });
  const [exchange, ...more] = (await provider.requests()).filter(({ leg }) => leg === 'token');
  expect(more).toEqual([]);
  expect(exchange).toMatchObject({ status: 200, headers: { authorization: 'Basic' } });
  expect(exchange?.params).not.toContain('client_secret');
});

test('oidcc-client-test-idtoken-sig-rs256', async ({ page, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider }, { PROVIDER_ID_TOKEN_ALG: 'RS256' });
  await signsIn({ page, app: await start(), canaries, provider });
  // Without the keys nothing was checked.
  expect((await provider.counts()).jwks).toBeGreaterThan(0);
});

accepts('oidcc-client-test-kid-absent-single-jwks', ['id-token-no-kid']);
accepts('oidcc-client-test-kid-absent-multiple-jwks', ['id-token-no-kid', 'jwks-several']);
refuses('oidcc-client-test-invalid-iss', 'id-token-wrong-iss', 'id-untrusted');
refuses('oidcc-client-test-invalid-aud', 'id-token-wrong-aud', 'id-untrusted');
refuses('oidcc-client-test-missing-sub', 'id-token-no-sub', 'id-untrusted');
refuses('oidcc-client-test-missing-iat', 'id-token-no-iat', 'clock-skew');
refuses('oidcc-client-test-nonce-invalid', 'id-token-wrong-nonce', 'id-untrusted');
refuses('oidcc-client-test-invalid-sig-rs256', 'id-token-broken-signature', 'id-untrusted');
refuses('oidcc-client-test-idtoken-sig-none', 'id-token-alg-none', 'id-untrusted');
refuses('oidcc-client-test-userinfo-invalid-sub', 'userinfo-other-sub', 'subject-mismatch', 1);
