/** The part of the module that only signed-in people need: it is late, or does not come. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { continueButton, heldBack, ready, signIn } from '../../pages/index.js';
import { hearsNews, isOver, nameField } from '../../pages/session-end.js';
import { atAccountOf, everywhere, signedInAs, signOut } from '../journeys/session.js';

const PART = '**/pkg/split_signed_in.*.wasm';

/** What the script that fetches parts writes to the console when one does not come. */
const COMPLAINT = /fetch|wasm|TypeError|CompileError/i;

/** Not there yet, however long it takes: a page that waits for long says so. */
const NOT_YET = /^(wait|slow|failed)$/;

/** The parts that were asked for since. */
function partsOf(page: Page): string[] {
  const parts: string[] = [];
  page.on('request', (request) => { if (request.url().includes('/split_')) parts.push(request.url()); });
  return parts;
}

test('nobody who is not signed in fetches it', async ({ page, guard }) => {
  guard.allow(401, 404);
  const parts = partsOf(page);
  for (const path of ['/', '/signed-out', '/problem/cancelled', '/callback', '/no-such-page']) {
    await page.goto(path);
    await ready(page);
  }
  expect(parts).toEqual([]);
});

test('an answer in place of the words leaves the page as the server drew it', async ({ page }) => {
  await page.route('**/words/**', (route) => route.fulfill({ contentType: 'text/html', body: '<p>\nPay for the network first.' }));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
});

test('it is asked for once, before the module is there, and serves all pages of the document', async ({ page, app }) => {
  await signIn(page, app);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/pkg/wrengate.*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  const parts = partsOf(page);
  const asked = page.waitForRequest(PART);
  await page.goto('/account');
  await asked;
  await expect(page.locator('html')).toHaveAttribute('data-boot', NOT_YET);
  release();
  await ready(page);
  await page.getByRole('banner').getByRole('link', { name: 'Wrengate' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  expect(new Set(parts).size).toBe(1);
});

test('a page that waits for it is hydrated in place, and what was typed stays', async ({ page, app }) => {
  // Somebody of their own, because what they are called is kept.
  await signIn(page, app, { name: 'Augusta King' });
  const release = await heldBack(page, PART);
  await page.goto('/account');
  const heading = await page.getByRole('heading', { level: 1 }).elementHandle();
  await nameField(page).fill('Countess');
  await expect(page.locator('html')).toHaveAttribute('data-boot', NOT_YET);
  release();
  await ready(page);
  expect(await heading?.evaluate((element) => element.isConnected)).toBe(true);
  await expect(nameField(page)).toHaveValue('Countess');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
});

test('a slow part is told of after ten seconds, and still starts the page', async ({ page, app }) => {
  await signIn(page, app);
  await page.clock.install();
  const release = await heldBack(page, PART);
  await page.goto('/account');
  await page.clock.fastForward(10_000);
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByText('Live updates are off. Everything else on this page still works.')).toBeVisible();
  release();
  await ready(page);
  await expect(page.getByText('Live updates are off.')).toBeHidden();
});

for (const [what, status] of [['does not come', undefined], ['is gone from the server', 404], ['is something else', 200]] as const) {
  test(`where it ${what} the page stands, its forms post, and Reload mends it`, async ({ page, app, guard }) => {
    guard.allow('network', 404);
    guard.allowConsole(COMPLAINT);
    await signIn(page, app);
    await page.route(PART, async (route) => {
      if (status === undefined) await route.abort();
      else await route.fulfill({ status, contentType: 'text/html', body: '<h1>Gone</h1>' });
    });
    await page.goto('/account');
    await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
    await expect(page.getByText('Live updates are off. Everything else on this page still works.')).toBeVisible();

    await page.unroute(PART);
    await page.getByRole('link', { name: 'Reload' }).filter({ visible: true }).click();
    await atAccountOf(page, app);
    await everywhere(page).click();
    await expect(page.getByText('Live updates are off.')).toBeHidden();
  });
}

test('without it somebody can sign out, and in again', async ({ page, context, app, guard }) => {
  guard.allow('network');
  guard.allowConsole(COMPLAINT);
  await signIn(page, app);
  await page.route(PART, (route) => route.abort());
  await page.goto('/account');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await signOut(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  expect(await signedInAs(context, app)).toBeNull();
  await page.goto('/');
  await ready(page);
  await expect(continueButton(page)).toBeVisible();
});

test('leaving before it came leaves nothing behind', async ({ page, app, guard }) => {
  guard.allow('network');
  guard.allowConsole(COMPLAINT);
  await signIn(page, app);
  const release = await heldBack(page, PART);
  await page.goto('/account');
  await expect(page.locator('html')).toHaveAttribute('data-boot', NOT_YET);
  await page.goto('/help');
  release();
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Help with signing in');
});

test('a session that ends while it is on its way is told of once it is there', async ({ page, context, app, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  const release = await heldBack(page, PART);
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  await context.clearCookies();
  release();
  await ready(page);
  await hearsNews(page);
  await isOver(page, 'You signed out in another tab');
});
