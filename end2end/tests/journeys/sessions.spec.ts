/** Where somebody is signed in: the list, and signing other browsers out from it. */
import type { Locator, Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { expect, type App } from '../../fixtures/index.js';
import { lockStore } from '../../fixtures/store.js';
import {
  accessible, menu, problem, ready, signIn, signOutByMenu,
} from '../../pages/index.js';
import { bringSession, test } from './scriptless.js';
import { signedInAs } from './session.js';

const FIREFOX = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
};
const IPHONE = {
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
};

/** Somebody whom no other test signs in: the app is shared, and so would be the list. */
function somebody(): string {
  return `Grace ${randomUUID().slice(0, 8)}`;
}

function rows(page: Page): Locator {
  return page.getByRole('main').getByRole('listitem');
}

/** The row of the browser with this name. */
function row(page: Page, name: string): Locator {
  return rows(page).filter({ hasText: name });
}

async function openSessions(page: Page, app: App): Promise<void> {
  await page.goto(`${app.origin}/sessions`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("Where you're signed in");
}

/** Resolves when the server has told this tab who is signed in. */
async function isTold(tab: Page): Promise<void> {
  await tab.waitForEvent('requestfinished', (request) => new URL(request.url()).pathname === '/api/session');
}

/** Opens the question of a row and agrees. */
async function signOutOf(place: Locator): Promise<void> {
  await place.getByText('Sign out', { exact: true }).first().click();
  await expect(place.getByText('Sign out this browser? It takes effect on its next request.')).toBeVisible();
  await place.getByRole('button', { name: /^Sign out/ }).click();
}

test('the header leads to the sessions, which lead back to the account', async ({ page, app }) => {
  await signIn(page, app, { name: somebody() });
  const navigation = page.getByRole('navigation', { name: 'Account' });
  await navigation.getByRole('link', { name: 'Sessions' }).click();
  await page.waitForURL(`${app.origin}/sessions`);
  await ready(page);
  await expect(page).toHaveTitle("Where you're signed in — Wrengate");
  await expect(navigation.getByRole('link', { name: 'Sessions' })).toHaveAttribute('aria-current', 'page');
  await expect(navigation.getByRole('link', { name: 'Account' })).not.toHaveAttribute('aria-current', 'page');
  await expect(page.getByText('This is the only browser signed in.')).toBeVisible();

  await navigation.getByRole('link', { name: 'Account' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await page.getByRole('main').getByRole('link', { name: "See where you're signed in" }).click();
  await page.waitForURL(`${app.origin}/sessions`);
  await ready(page);
  await page.getByRole('main').getByRole('link', { name: 'Your account' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  await page.goBack();
  await page.waitForURL(`${app.origin}/sessions`);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText("Where you're signed in");
  await expect(rows(page)).toHaveCount(1);
});

test('R21: offline no form is sent, the page says so, and once online it works', async ({
  page, app, context, anotherBrowser, guard,
}) => {
  guard.allow(401);
  const name = somebody();
  await signIn(await (await anotherBrowser(FIREFOX)).newPage(), app, { name });
  await signIn(page, app, { name });
  const beside = await context.newPage();
  await beside.goto(`${app.origin}/account`);
  await ready(beside);
  // The tab beside asks the server whenever this one is loaded: a question on its way would fail offline.
  const beforehand = isTold(beside);
  await openSessions(page, app);
  await ready(page);
  await beforehand;
  const unsent = page.getByRole('alert').filter({ hasText: "You're offline, so nothing was sent and nothing changed." });

  await context.setOffline(true);
  await signOutOf(row(page, 'Firefox 145 on Linux'));
  await expect(unsent).toBeVisible();
  await accessible(page);
  const online = isTold(beside);
  await context.setOffline(false);
  await expect(unsent).toBeHidden();
  await online;
  const afterwards = isTold(beside);
  await row(page, 'Firefox 145 on Linux').getByRole('button', { name: /^Sign out/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Signed out Firefox 145 on Linux.' })).toBeVisible();
  await page.waitForLoadState();
  await ready(page);
  await afterwards;

  await context.setOffline(true);
  await signOutByMenu(page);
  await expect(unsent).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/sessions');
  const onlineAgain = isTold(beside);
  await context.setOffline(false);
  await expect(unsent).toBeHidden();
  await onlineAgain;
  await expect(beside.getByRole('dialog'), 'the other tab heard of no sign-out').toBeHidden();
  await menu(page).getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${app.origin}/signed-out`);
  await expect(beside.getByRole('dialog')).toContainText('You signed out in another tab');
});

test('another browser is signed out and told so at its next request', async ({
  page, app, anotherBrowser, canaries, guard,
}) => {
  guard.allow(401);
  const name = somebody();
  const phone = await anotherBrowser(IPHONE);
  const elsewhere = await phone.newPage();
  await signIn(elsewhere, app, { name });
  await signIn(await (await anotherBrowser(FIREFOX)).newPage(), app, { name });
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).first()).toContainText('This browser');
  await expect(rows(page).first()).toContainText('Active now');
  await expect(rows(page).first().getByRole('button')).toHaveCount(0);
  const iPhone = row(page, 'Safari on iPhone');
  await expect(iPhone).toContainText('Last active');
  await expect(iPhone.getByText('Sign out', { exact: true }).first())
    .toHaveAccessibleName(/^Sign out Safari on iPhone, last active \u2066\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC\u2069$/);

  await signOutOf(iPhone);

  await expect(page.getByRole('status').filter({ hasText: 'Signed out Safari on iPhone.' })).toBeVisible();
  await expect(page).toHaveURL(`${app.origin}/sessions`);
  await expect(rows(page)).toHaveCount(2);
  await expect(row(page, 'Firefox 145 on Linux')).toBeVisible();
  await elsewhere.getByRole('button', { name: 'Refresh profile' }).click();
  await problem(elsewhere, { code: 'session-revoked', h1: 'This browser was signed out', status: 401 });
  expect(await signedInAs(phone, app)).toBeNull();
  expect(await signedInAs(page.context(), app)).toBe(name);
  await canaries.check(page, app);
});

test('all other browsers are signed out at once', async ({ page, app, anotherBrowser }) => {
  const name = somebody();
  const others = [await anotherBrowser(IPHONE), await anotherBrowser(FIREFOX)];
  for (const other of others) await signIn(await other.newPage(), app, { name });
  const bystander = await anotherBrowser();
  const bystanderName = somebody();
  await signIn(await bystander.newPage(), app, { name: bystanderName });
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  const ask = page.getByText('Sign out 2 other browsers? This one stays signed in.');
  await expect(ask).toBeHidden();
  await page.getByText('Sign out all other browsers').first().click();
  await expect(ask).toBeVisible();
  await page.getByRole('button', { name: 'Sign out all other browsers' }).click();

  await expect(page.getByText('Signed out 2 browsers.')).toBeVisible();
  await expect(page.getByText('This is the only browser signed in.')).toBeVisible();
  for (const other of others) expect(await signedInAs(other, app)).toBeNull();
  expect(await signedInAs(page.context(), app)).toBe(name);
  expect(await signedInAs(bystander, app)).toBe(bystanderName);
});

test('a browser that left meanwhile is told as gone', async ({ page, app, anotherBrowser }) => {
  const name = somebody();
  const phone = await anotherBrowser(IPHONE);
  const elsewhere = await phone.newPage();
  await signIn(elsewhere, app, { name });
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  await signOutByMenu(elsewhere);
  await elsewhere.waitForURL(`${app.origin}/signed-out`);

  await signOutOf(row(page, 'Safari on iPhone'));

  await expect(page.getByText('That session had already ended.')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(page.getByText('That session had already ended.')).toHaveCount(0);
});

test('without JavaScript the list is the same and its forms post', async ({
  page, plain, app, anotherBrowser,
}) => {
  const name = somebody();
  const phone = await anotherBrowser(IPHONE);
  await signIn(await phone.newPage(), app, { name });
  await signIn(await (await anotherBrowser(FIREFOX)).newPage(), app, { name });
  await signIn(page, app, { name });
  await bringSession(plain, page);
  await openSessions(plain, app);
  await expect(rows(plain)).toHaveCount(3);
  await expect(rows(plain).first()).toContainText(/Signed in \u2066\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC\u2069/);
  await signOutOf(row(plain, 'Safari on iPhone'));
  await expect(plain.getByText('Signed out Safari on iPhone.')).toBeVisible();
  expect(await signedInAs(phone, app)).toBeNull();
  await plain.getByText('Sign out all other browsers').first().click();
  await expect(plain.getByText('Sign out the other browser? This one stays signed in.')).toBeVisible();
  await plain.getByRole('button', { name: 'Sign out all other browsers' }).click();
  await expect(plain.getByText('Signed out 1 browser.')).toBeVisible();
  await expect(rows(plain)).toHaveCount(1);
});

test('without the module the forms post as well', async ({ page, app, anotherBrowser, guard }) => {
  guard.allow('network');
  const name = somebody();
  await signIn(await (await anotherBrowser(IPHONE)).newPage(), app, { name });
  await signIn(page, app, { name });
  await page.route('**/pkg/*.wasm', (route) => route.abort());
  await openSessions(page, app);
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await signOutOf(row(page, 'Safari on iPhone'));
  await expect(page.getByText('Signed out Safari on iPhone.')).toBeVisible();
});

test('times are in the time of the browser', async ({ app, anotherBrowser }) => {
  const tokyo = await anotherBrowser({ timezoneId: 'Asia/Tokyo' });
  const page = await tokyo.newPage();
  await signIn(page, app, { name: somebody() });
  await openSessions(page, app);
  await ready(page);
  const time = rows(page).first().locator('time');
  const written = await time.getAttribute('datetime');
  expect(written).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/);
  const local = await page.evaluate((moment) => new Date(moment).toLocaleString(), written ?? '');
  await expect(time).toHaveText(local);
  expect(local).not.toContain('UTC');
});

test('somebody who is signed out signs in and comes back', async ({ page, app }) => {
  await page.goto(`${app.origin}/sessions`);
  await page.waitForURL(`${app.origin}/?return_to=/sessions`);
  await expect(page.getByText('Sign in to continue.')).toBeVisible();
  await signIn(page, app, { name: somebody(), returnTo: '/sessions' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("Where you're signed in");
});

test('a guard that wants a new sign-in gets one and leads back', async ({ page, app, guard }) => {
  guard.allow(401);
  const name = somebody();
  await signIn(page, app, { name });
  await page.goto(`${app.origin}/problem/sign-in-needed?return_to=/sessions`);
  await ready(page);
  await expect(page.getByText("You're signed in now.")).toHaveCount(0);
  await page.getByRole('button', { name: 'Continue with the development provider' }).click();
  // The provider knows the person, and asks nevertheless.
  await expect(page.getByLabel('Your name')).toBeVisible();
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${app.origin}/sessions`);
  await expect(rows(page)).toHaveCount(1);
});

test('a store that cannot be written to says who may still have access', async ({
  page, app, anotherBrowser,
}) => {
  const name = somebody();
  const phone = await anotherBrowser(IPHONE);
  await signIn(await phone.newPage(), app, { name });
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  const release = await lockStore(app);
  // The store is waited for as long as a call may take, which is nearly as long as an expectation waits.
  const answered = page.waitForResponse(`${app.origin}/sessions/end`);
  await signOutOf(row(page, 'Safari on iPhone'));
  await answered;
  const alert = page.getByRole('alert').filter({ hasText: "Couldn't sign that browser out." });
  await expect(alert).toContainText('It may still have access.');
  const [reference] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await alert.innerText()) ?? ['none'];
  await expect.poll(() => app.log().split('\n').filter((line) => line.includes(reference))).toHaveLength(1);
  await release();

  await signOutOf(row(page, 'Safari on iPhone'));
  await expect(page.getByText('Signed out Safari on iPhone.')).toBeVisible();
  expect(await signedInAs(phone, app)).toBeNull();
});

test('the page is accessible with many browsers and with one', async ({ page, app, anotherBrowser }) => {
  test.slow();
  const name = somebody();
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  await accessible(page);
  await signIn(await (await anotherBrowser(IPHONE)).newPage(), app, { name });
  const unknown = await anotherBrowser({ userAgent: 'x'.repeat(300) });
  await signIn(await unknown.newPage(), app, { name });
  await page.reload();
  await ready(page);
  await expect(row(page, 'Unknown browser')).toBeVisible();
  for (const summary of await page.locator('main summary').all()) await summary.click();
  await accessible(page);
  await page.setViewportSize({ width: 320, height: 720 });
  for (const button of await page.getByRole('main').getByRole('button').all()) {
    const box = await button.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
  }
});

test('the keyboard reaches every row and its button', async ({ page, app, anotherBrowser }) => {
  const name = somebody();
  await signIn(await (await anotherBrowser(IPHONE)).newPage(), app, { name });
  await signIn(page, app, { name });
  await openSessions(page, app);
  await ready(page);
  const summary = row(page, 'Safari on iPhone').getByText('Sign out', { exact: true }).first();
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(row(page, 'Safari on iPhone').getByRole('button')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Signed out Safari on iPhone.')).toBeVisible();
});
