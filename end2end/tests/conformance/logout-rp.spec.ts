/** The modules of the two logout plans for relying parties; each test has the name of its module. */
import type { Page } from '@playwright/test';
import { expect, test, type App, type Provider } from '../../fixtures/index.js';
import type { LogoutKind } from '../../fixtures/provider.js';
import { signedInAs, signOutAtProviderToo } from '../journeys/session.js';
import { signsIn, stage } from './module.js';

const MODULE = 'oidcc-client-test-rp';
const AT_BOTH = "You're signed out of Wrengate and the development provider.";

/** Signs out through the provider, as far as its page; answers with the way it leads back. */
async function atProvider(page: Page): Promise<URL> {
  await signOutAtProviderToo(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign out of the development provider?');
  return new URL(page.url());
}

test(`${MODULE}-init-logout`, async ({ page, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app = await start();
  await signsIn({ page, app, canaries, provider });
  const { searchParams } = await atProvider(page);
  expect([...searchParams.keys()]).toEqual(['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state']);
  expect(searchParams.get('post_logout_redirect_uri')).toBe(`${app.origin}/signed-out`);
  // The provider checks the hint: one that it did not sign it refuses with an error page.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(`${app.origin}/signed-out?state=${searchParams.get('state')}`);
  await expect(page.getByRole('main')).toContainText(AT_BOTH);
});

for (const [module, query] of [
  ['init-logout-no-state', ''],
  ['init-logout-other-state', '?state=another-state'],
] as const) {
  test(`${MODULE}-${module}`, async ({ page, context, startApp, startProvider, canaries }) => {
    const { provider, start } = await stage({ startApp, startProvider });
    const app = await start();
    await signsIn({ page, app, canaries, provider });
    await atProvider(page);
    await page.goto(`${app.origin}/signed-out${query}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
    await expect(page.getByRole('main')).not.toContainText(AT_BOTH);
    expect(await signedInAs(context, app)).toBeNull();
  });
}

async function told(provider: Provider, app: App, kind: LogoutKind): Promise<number> {
  const { status, cacheControl } = await provider.signsOut(app, kind);
  expect(cacheControl).toBe('no-store');
  return status;
}

test(`${MODULE}-backchannel-rpinitlogout`, async ({ page, context, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app = await start();
  await signsIn({ page, app, canaries, provider });
  expect(await told(provider, app, 'valid')).toBe(200);
  expect(await signedInAs(context, app)).toBeNull();
});

for (const kind of [
  'alg-none', 'wrong-alg', 'wrong-iss', 'wrong-aud', 'no-event', 'wrong-event', 'with-nonce',
] as const) {
  test(`${MODULE}-backchannel-rpinitlogout-${kind}`, async ({ page, context, startApp, startProvider, canaries }) => {
    const { provider, start } = await stage({ startApp, startProvider });
    const app = await start();
    await signsIn({ page, app, canaries, provider });
    expect(await told(provider, app, kind)).toBe(400);
    expect(await signedInAs(context, app)).toBe('Ada Lovelace');
  });
}
