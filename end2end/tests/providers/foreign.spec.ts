/** A provider in another language, by other people: see foreign-provider/README.md. */
import type { Page } from '@playwright/test';
import {
  expect, test, type App, type ForeignProvider,
} from '../../fixtures/index.js';
import { begin, problem } from '../../pages/index.js';
import { atAccountOf, signedInAs, signOut } from '../journeys/session.js';

// Python and the library take their time to start, on a busy machine.
test.describe.configure({ timeout: 120_000 });

async function logIn(page: Page, { person }: ForeignProvider): Promise<void> {
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Its own pages ask for a password, then whether the app may know. */
async function agreeThere(page: Page, provider: ForeignProvider): Promise<void> {
  await logIn(page, provider);
  await page.getByRole('button', { name: 'Authorize' }).click();
}

async function startAppAt(
  provider: ForeignProvider, origin: string, start: (options: object) => Promise<App>, env: Record<string, string>,
): Promise<App> {
  return start({
    origin,
    issuer: provider.issuer,
    env: { WRENGATE_PROVIDER: 'custom', WRENGATE_PROVIDER_NAME: 'the development provider', ...env },
  });
}

test('a confidential client signs in and out at a provider that none of us wrote', async ({
  page, provider: own, startApp, startForeignProvider, canaries, guard,
}) => {
  guard.allow(401);
  const origin = own.lease();
  const provider = await startForeignProvider(origin);
  const app = await startAppAt(provider, origin, startApp, {
    WRENGATE_CLIENT_ID: provider.clientId, WRENGATE_CLIENT_SECRET: provider.secret,
  });
  await begin(page, app);
  await agreeThere(page, provider);
  await atAccountOf(page, app);
  await expect(page.getByRole('main').getByText('ada@example.org').first()).toBeVisible();
  await expect.poll(() => ['/token/', '/userinfo/'].map((path) => provider.requests(path))).toEqual([1, 1]);
  await canaries.check(page, app);
  expect(app.log()).not.toContain(provider.secret);
  await signOut(page);
  await page.waitForURL((url) => url.pathname !== '/account');
  expect(await signedInAs(page.context(), app)).toBeNull();
  own.release(origin);
});

test('a public client signs in there', async ({ page, provider: own, startApp, startForeignProvider, canaries }) => {
  const origin = own.lease();
  const provider = await startForeignProvider(origin);
  const app = await startAppAt(provider, origin, startApp, { WRENGATE_CLIENT_ID: provider.publicClientId });
  await begin(page, app);
  await agreeThere(page, provider);
  await atAccountOf(page, app);
  await canaries.check(page, app);
  own.release(origin);
});

for (const [iss, code, status] of [['unmentioned', 'cancelled', 200], ['promised', 'wrong-issuer', 400]] as const) {
  test(`Cancel there, with iss ${iss}, ends at ${code}`, async ({
    page, provider: own, startApp, startForeignProvider, guard,
  }) => {
    guard.allow(status);
    const origin = own.lease();
    // It forgets the iss that it promises when it answers an error, and then it can't be believed.
    const provider = await startForeignProvider(origin, iss);
    const app = await startAppAt(provider, origin, startApp, { WRENGATE_CLIENT_ID: provider.publicClientId });
    await begin(page, app);
    await logIn(page, provider);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await problem(page, code);
    expect(provider.requests('/token/')).toBe(0);
    expect(await signedInAs(page.context(), app)).toBeNull();
    own.release(origin);
  });
}
