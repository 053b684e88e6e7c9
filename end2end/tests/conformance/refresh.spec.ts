/** The 3 modules of refresh tokens; each test has the name of its module. */
import { expect, test, type App, type Provider } from '../../fixtures/index.js';
import { expectNobody } from '../../pages/failure.js';
import { problem } from '../../pages/index.js';
import { atAccountOf, signedInAs } from '../journeys/session.js';
import { signsIn, stage } from './module.js';
import type { Page } from '@playwright/test';

/** Less is left of the access token than the app wants, so whatever needs it is a refresh first. */
async function asksForTheProfile(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Refresh profile' }).click();
}

/** The grants that the token endpoint was asked for, by the parameter that only one of them has. */
async function refreshes(provider: Provider): Promise<number> {
  const requests = (await provider.requests()).filter(({ leg }) => leg === 'token');
  return requests.filter(({ params }) => params.includes('refresh_token')).length;
}

test('oidcc-client-test-refresh-token', async ({ page, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app: App = await start();
  await provider.arm('token-short-expiry');
  await signsIn({ page, app, canaries, provider });
  await asksForTheProfile(page);
  await expect(page.getByRole('main')).toContainText('Profile updated.');
  await atAccountOf(page, app);
  expect(await refreshes(provider)).toBe(1);
  expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 2 });
  const [refresh] = (await provider.requests()).filter(({ params }) => params.includes('refresh_token'));
  expect(refresh).toMatchObject({ status: 200, headers: { authorization: 'Basic' } });
  await canaries.check(page, app);
});

for (const [module, fault, failure] of [
  ['oidcc-client-test-refresh-token-invalid-issuer', 'refresh-wrong-iss', 'id-untrusted'],
  ['oidcc-client-test-refresh-token-invalid-sub', 'refresh-other-sub', 'subject-mismatch'],
] as const) {
  test(module, async ({ page, startApp, startProvider, canaries, guard }) => {
    guard.allow(502, 401);
    const { provider, start } = await stage({ startApp, startProvider });
    const app = await start();
    await provider.arm('token-short-expiry');
    await provider.arm(fault);
    await signsIn({ page, app, canaries, provider });
    await asksForTheProfile(page);
    await problem(page, failure);
    await expectNobody(page);
    expect(await signedInAs(page.context(), app)).toBeNull();
    expect(await refreshes(provider)).toBe(1);
    expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 1 });
    await canaries.check(page, app);
  });
}
