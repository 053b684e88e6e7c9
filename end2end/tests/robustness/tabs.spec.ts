/** What other tabs do reaches this one: rows R12 and R13 of the robustness table. */
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';
import { isOver, nameField, overlay } from '../../pages/session-end.js';
import { showsNobody, signOut } from '../journeys/session.js';

const TITLE = 'You signed out in another tab';

/** Another tab of this browser, with one of our pages. */
async function tabAt(context: BrowserContext, app: App, path: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(app.origin + path);
  await ready(tab);
  return tab;
}

test('R12: a sign-out in another tab puts this page away, and Back shows nobody', async ({ page, app, context, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  const other = await tabAt(context, app, '/account');
  await signOut(other);
  await other.waitForURL('**/signed-out');
  await isOver(page, TITLE);
  await expect(overlay(page)).toContainText('This tab is signed out too.');
  await other.goBack();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await showsNobody(other);

  await overlay(page).getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await showsNobody(page);
});

test('R12: the page that lists every code is put away as well', async ({ page, app, context, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  const other = await tabAt(context, app, '/help');
  await signOut(page);
  await page.waitForURL('**/signed-out');
  await isOver(other, TITLE);
  await other.keyboard.press('Escape');
  await expect(overlay(other)).toBeVisible();
});

test('R12: a sign-out reaches the sign-in page behind which the account is, and Back shows nobody', async ({
  page, app, context, guard,
}) => {
  guard.allow(401);
  await signIn(page, app);
  const other = await tabAt(context, app, '/account');
  await page.getByRole('banner').getByRole('link', { name: 'Wrengate' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await signOut(other);
  await other.waitForURL('**/signed-out');
  await expect(page.getByRole('button', { name: 'Your account menu' })).toHaveCount(0);
  await ready(page);
  expect(await page.content()).not.toContain('ada@example.org');
  await page.goBack();
  await page.waitForURL((url) => url.pathname === '/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await showsNobody(page);
});

test('two tabs that renew a session leave each other alone', async ({ page, app, context }) => {
  await signIn(page, app);
  await page.goto('/?renew=1');
  await ready(page);
  await page.evaluate(() => { document.body.dataset['mark'] = 'drawn once'; });
  const asked = page.waitForResponse('**/api/session');
  const other = await tabAt(context, app, '/?renew=1');
  expect((await asked).status()).toBe(200);
  await expect(page.locator('body')).toHaveAttribute('data-mark', 'drawn once');
});

test('R12: a sign-in in another tab brings the page back', async ({ page, app, context, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  const other = await tabAt(context, app, '/account');
  await signOut(other);
  await isOver(page, TITLE);
  await signIn(other, app);
  await expect(overlay(page)).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
});

test('R13: a sign-out that told no tab is noticed at the next request, and when the tab is looked at', async ({
  page, app, context, guard,
}) => {
  guard.allow(401);
  await signIn(page, app);
  const other = await tabAt(context, app, '/account');
  const signedOut = await context.request.post(`${app.origin}/sign-out`, { headers: { Origin: app.origin } });
  expect(signedOut.ok()).toBe(true);
  await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await isOver(other, TITLE);

  // It heard of it from the other one, and has something to come back from.
  await expect(overlay(page)).toBeVisible();
  const third = await context.newPage();
  await signIn(third, app);
  await expect(overlay(page)).toBeHidden();
  await third.close();
  await context.request.post(`${app.origin}/sign-out`, { headers: { Origin: app.origin } });
  await nameField(page).fill('Countess');
  await page.getByRole('button', { name: 'Save' }).click();
  await isOver(page, TITLE);
  await expect(overlay(page).getByRole('button', { name: 'Discard my work and leave' })).toBeVisible();
});

test('R13: a browser without channels notices when the tab is looked at', async ({ page, app, context, guard }) => {
  guard.allow(401);
  await context.addInitScript(() => { Reflect.deleteProperty(globalThis, 'BroadcastChannel'); });
  await signIn(page, app);
  const other = await context.newPage();
  await other.goto(`${app.origin}/account`);
  await signOut(other);
  await other.waitForURL('**/signed-out');
  await ready(other);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await isOver(page, TITLE);
});
