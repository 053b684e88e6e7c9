/** Without script, without WebAssembly, or with it late: no page is blank and none is a dead end. */
import type { Locator, Page } from '@playwright/test';
import { expect } from '../../fixtures/index.js';
import { agree, allowButton, continueButton, heldBack, ready, signIn, statusOf } from '../../pages/index.js';
import { answerFor } from './callback.js';
import { bringSession, test } from './scriptless.js';
import { atAccountOf, signedInAs, signOut } from './session.js';

const MODULE = '**/pkg/*.wasm';

/** Whatever a problem page offers to start again with. */
function startAgain(page: Page): Locator {
  const main = page.getByRole('main');
  const name = 'Start again';
  return main.getByRole('button', { name }).or(main.getByRole('link', { name })).filter({ visible: true });
}

test('R1: with scripts off the sign-in page says what it needs and shows no dead button', async ({ plain }) => {
  await plain.goto('/');
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await expect(plain.getByRole('main')).toContainText(
    "Signing in needs JavaScript and WebAssembly. Turn on JavaScript for this site, then reload this page. If you're already signed in, your account pages work without it.",
    { useInnerText: true },
  );
  await expect(plain.getByRole('main').getByRole('button')).toHaveCount(0);
});

test('R1: with scripts off the callback says what it needs and leads on', async ({ plain }) => {
  const answer = await plain.goto(`/callback?code=abc&state=${'s'.repeat(43)}`);
  expect(answer?.status()).toBe(200);
  await expect(plain.getByRole('main')).toContainText(
    "This page needs JavaScript and WebAssembly to finish your sign-in. Turn on JavaScript, then start again. You're not signed in yet.",
    { useInnerText: true },
  );
  await plain.getByRole('main').getByRole('link', { name: 'Start again' }).click();
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
});

test('R1: with scripts off the account is shown and its forms post', async ({ page, plain, app, provider }) => {
  await signIn(page, app);
  await bringSession(plain, page);
  await plain.goto('/account');
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  await expect(plain.getByRole('definition')).toHaveText([
    'Ada Lovelace', 'Ada', 'Lovelace', 'ada', 'ada@example.org',
  ]);
  await expect(plain.getByRole('region', { name: 'Access token' })).toContainText(
    /Expires at \u2066\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC\u2069/,
  );

  await plain.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(plain.getByRole('main')).toContainText('Profile updated.');
  expect((await provider.counts()).userinfo).toBe(2);

  await signOut(plain);
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  expect(await signedInAs(page.context(), app)).toBeNull();
});

test('with scripts off the account leads a signed-out person to the sign-in page', async ({ plain, app }) => {
  await plain.goto('/account');
  expect(plain.url()).toBe(`${app.origin}/?return_to=/account`);
  await expect(plain.getByRole('main')).toContainText('Sign in to continue to your account.');
});

test('R1: with scripts off a problem page is whole and leads on', async ({ plain, guard }) => {
  guard.allow(400);
  const answer = await plain.goto('/problem/too-long');
  expect(answer?.status()).toBe(400);
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('That took a little too long');
  await expect(plain.getByRole('main')).toContainText('For your safety a sign-in has to finish within 10 minutes.');
  await plain.getByRole('main').getByRole('link').filter({ visible: true }).first().click();
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
});

test('with scripts off the way to start again leads to the sign-in page', async ({ plain, guard, app }) => {
  guard.allow(400);
  await plain.goto('/problem/too-long');
  await startAgain(plain).click();
  await plain.waitForURL(`${app.origin}/`);
});

test('without the module the way to start again leads to the sign-in page', async ({ page, guard, app }) => {
  guard.allow(400, 'network');
  await page.route(MODULE, (route) => route.abort());
  await page.goto('/problem/too-long');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await startAgain(page).click();
  await page.waitForURL(`${app.origin}/`);
});

test('with scripts off an address that does not exist says so', async ({ plain, guard }) => {
  guard.allow(404);
  const answer = await plain.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText("There's nothing here");
});

test('R2: without the module the sign-in page says why nothing starts', async ({ page, guard }) => {
  guard.allow('network');
  await page.route(MODULE, (route) => route.abort());
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
  await expect(page.getByRole('main')).toContainText("The part of this site that keeps sign-in safe didn't load.");
  await expect(continueButton(page)).toBeHidden();

  await page.unroute(MODULE);
  await page.getByRole('main').getByRole('link', { name: 'Reload' }).click();
  await ready(page);
  await expect(continueButton(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 })).toBeHidden();
});

test('R2: a missing script is told like a missing module', async ({ page, guard }) => {
  guard.allow(404);
  await page.route('**/pkg/*.js', (route) => route.fulfill({ status: 404 }));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
});

test('R2: a browser without WebAssembly is told so', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
});

test('R6: a callback without the module can be finished by Reload', async ({ page, app, guard, provider }) => {
  guard.allow('network');
  const answer = await answerFor(page, app);
  await page.route(MODULE, (route) => route.abort());
  await page.goto(answer.href);
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("We couldn't finish your sign-in");
  await expect(page.getByRole('main')).toContainText("You're not signed in yet.");
  // Nothing has read the answer, so it is still there to be read.
  expect(page.url()).toBe(answer.href);
  expect((await provider.counts()).token).toBe(0);

  await page.unroute(MODULE);
  await page.getByRole('main').getByRole('link', { name: 'Reload' }).click();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('R2: without the module the account works and says what does not', async ({ page, context, app, guard }) => {
  guard.allow('network');
  await signIn(page, app);
  await page.route(MODULE, (route) => route.abort());
  await page.goto('/account');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByText('Live updates are off. Everything else on this page still works.')).toBeVisible();
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(page.getByRole('main')).toContainText('Profile updated.');
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(context, app)).toBeNull();
});

test('R4: a button pressed too early says so and starts once', async ({ page, app, provider }) => {
  const release = await heldBack(page, MODULE);
  // The page gives up after ten seconds of its clock, which three presses may take on a slow machine.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.goto('/');
  const button = continueButton(page);
  await button.click();
  await expect(page.getByRole('main').getByText('Getting ready…').filter({ visible: true })).toHaveCount(1);
  const waiting = page.getByRole('main').getByRole('button').first();
  await waiting.click();
  await waiting.click();
  const begun: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/begin_sign_in')) begun.push(request.url());
  });
  expect((await provider.counts()).authorize).toBe(0);

  await page.clock.resume();
  release();

  await agree(page);
  await atAccountOf(page, app);
  expect(begun.length).toBe(1);
  expect((await provider.counts()).authorize).toBe(1);
});

test('nothing starts by itself when the module comes late', async ({ page, provider }) => {
  const release = await heldBack(page, MODULE);
  await page.goto('/');
  release();
  await ready(page);
  await expect(continueButton(page)).toBeVisible();
  expect(await statusOf(page)).toBe(200);
  expect((await provider.counts()).authorize).toBe(0);
});

test('R5: a form posted before the module is there does the same', async ({ page, context, app }) => {
  await signIn(page, app);
  const release = await heldBack(page, MODULE);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(page.getByRole('main')).toContainText('Profile updated.');
  await signOut(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  expect(await signedInAs(context, app)).toBeNull();
  release();
});

test('the consent page of the provider is reached with a slow module too', async ({ page, app }) => {
  const release = await heldBack(page, MODULE);
  await page.goto('/');
  await page.getByRole('button', { name: 'Use a different account' }).click();
  release();
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await allowButton(page).click();
  await atAccountOf(page, app);
});
