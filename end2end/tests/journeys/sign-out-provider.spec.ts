/** Signing out, and what the provider has to do with it: its own session, and the tokens it gave. */
import type { Page } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';
import { signedInAs, signOut, signOutAtProviderToo } from './session.js';

const NOT_REVOKED = "didn't confirm that it cancelled the access token";
const STILL = 'You may still be signed in to the development provider in this browser.';
const AT_BOTH = "You're signed out of Wrengate and the development provider.";

async function agreeToSignOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}

/** The next sign-in asks for a name, so the provider knows nobody. */
async function isAskedForAName(page: Page, app: App): Promise<void> {
  await page.goto(`${app.origin}/`);
  await page.getByRole('button', { name: 'Continue with the development provider' }).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
}

test('the ticked box leads through the provider and back, and both are left', async ({ page, context, app }) => {
  await signIn(page, app);
  await signOutAtProviderToo(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign out of the development provider?');
  expect(new URL(page.url()).searchParams.get('id_token_hint')).not.toBeNull();
  expect(await signedInAs(context, app)).toBeNull();
  await agreeToSignOut(page);
  await page.waitForURL(`${app.origin}/signed-out?state=*`);
  const main = page.getByRole('main');
  await expect(main).toContainText(AT_BOTH);
  await expect(main).not.toContainText(STILL);
  await expect(main).not.toContainText(NOT_REVOKED);
  await isAskedForAName(page, app);
});

test('without the box the page says what is left, and has the way on', async ({ page, provider, app }) => {
  await signIn(page, app);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  const main = page.getByRole('main');
  await expect(main).toContainText(STILL);
  await expect(main).not.toContainText(NOT_REVOKED);
  expect((await provider.counts()).revocation).toBe(1);
  await main.getByRole('link', { name: 'Sign out of the development provider too' }).click();
  await agreeToSignOut(page);
  await page.waitForURL(`${app.origin}/signed-out?state=*`);
  await expect(main).toContainText(AT_BOTH);
  await isAskedForAName(page, app);
});

test('the way on works once', async ({ page, app }) => {
  await signIn(page, app);
  await signOut(page);
  const link = page.getByRole('link', { name: 'Sign out of the development provider too' });
  const address = await link.getAttribute('href');
  await link.click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign out of the development provider?');
  await page.goto(`${app.origin}${address}`);
  await page.waitForURL(`${app.origin}/signed-out`);
  await expect(page.getByRole('main')).not.toContainText(AT_BOTH);
});

test('a provider without a place to sign out gets neither box nor link', async ({ page, startApp, startProvider }) => {
  const provider = await startProvider();
  await provider.arm('discovery-no-end-session', { times: 'always' });
  const app = await startApp({ provider });
  await signIn(page, app);
  await expect(page.getByLabel('Also sign out of')).toHaveCount(0);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  const main = page.getByRole('main');
  await expect(main).toContainText(STILL);
  await expect(main.getByRole('link', { name: /^Sign out of/ })).toHaveCount(0);
});

test('a provider without revocation: the page says when the token stops', async ({ page, startApp, startProvider }) => {
  const provider = await startProvider();
  await provider.arm('discovery-no-revocation', { times: 'always' });
  const app = await startApp({ provider });
  await signIn(page, app);
  await signOut(page);
  const main = page.getByRole('main');
  await expect(main).toContainText(NOT_REVOKED);
  await expect(main).toContainText(/It stops working by \u2066\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC\u2069\./);
  expect((await provider.counts()).revocation).toBe(0);
});

/** What the provider answers with; null while it is silent. */
const REVOCATIONS: [fault: string, status: number | null][] = [
  ['revocation-400', 400], ['revocation-503', 503], ['revocation-slow', null],
];

/** Less than the provider is silent for. */
const SOON = { timeout: 10_000 };

for (const [fault, status] of REVOCATIONS) {
  test(`${fault}: signed out here all the same, soon, and told`, async ({ page, context, provider, app }) => {
    await signIn(page, app);
    await provider.arm(fault);
    await signOut(page);
    await page.waitForURL(`${app.origin}/signed-out`, SOON);
    const asked = (await provider.requests()).filter(({ leg }) => leg === 'revocation');
    expect(asked).toEqual([expect.objectContaining({ status })]);
    await expect(page.getByRole('main')).toContainText(NOT_REVOKED);
    expect(await signedInAs(context, app)).toBeNull();
  });
}

test('a provider that is down holds nobody up', async ({ page, context, startApp, startProvider }) => {
  const provider = await startProvider();
  const app = await startApp({ provider });
  await signIn(page, app);
  await provider.kill();
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`, SOON);
  await expect(page.getByRole('main')).toContainText(NOT_REVOKED);
  expect(await signedInAs(context, app)).toBeNull();
});

test('no secret is left of it in page, storage or log', async ({ page, app }) => {
  await signIn(page, app);
  await signOutAtProviderToo(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign out of the development provider?');
  const hint = new URL(page.url()).searchParams.get('id_token_hint') ?? '';
  expect(hint.split('.')).toHaveLength(3);
  await agreeToSignOut(page);
  await page.waitForURL(`${app.origin}/signed-out?state=*`);
  const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  for (const place of [app.log(), await page.content(), stored]) expect(place).not.toContain(hint);
});
