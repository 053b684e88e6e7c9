/** Signing out: here, everywhere, without script, twice, and what Back shows afterwards. */
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect, type App, type Guard } from '../../fixtures/index.js';
import {
  problem, ready, signIn, signOutByMenu,
} from '../../pages/index.js';
import { bringSession, test } from './scriptless.js';
import { atAccountOf, atSignIn, everywhere, showsNobody, signedInAs, signOut, signOutEverywhere } from './session.js';

const SESSION = 'wrengate';

/** What a page says of itself when Back has led to it. */
const CAME_BACK = 'came back';

async function sessionCookie(context: BrowserContext, app: App): Promise<string | undefined> {
  const cookies = await context.cookies(app.origin);
  return cookies.find(({ name }) => name === SESSION)?.value;
}

test('signing out here ends the session of this browser', async ({ page, context, app }) => {
  await signIn(page, app);
  const cookie = await sessionCookie(context, app);
  expect(cookie).toMatch(/^[\w-]{43}$/);

  await signOut(page);

  await page.waitForURL(`${app.origin}/signed-out`);
  await expect(page).toHaveTitle("You're signed out — Wrengate");
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  const main = page.getByRole('main');
  await expect(main).toContainText('This browser can no longer open your Wrengate account.');
  await expect(main).toContainText('You may still be signed in to the development provider in this browser.');
  await showsNobody(page);
  expect(await sessionCookie(context, app)).toBeUndefined();

  // Whoever kept the cookie has nothing.
  await context.addCookies([{ name: SESSION, value: cookie ?? '', url: app.origin }]);
  expect(await signedInAs(context, app)).toBeNull();

  await main.getByRole('link', { name: 'Sign in again' }).click();
  await atSignIn(page, app);
});

test('the header signs out as well', async ({ page, context, app }) => {
  await signIn(page, app);
  await signOutByMenu(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(context, app)).toBeNull();
});

test('signing out here leaves the same person signed in elsewhere', async ({ page, app, anotherBrowser }) => {
  const elsewhere = await anotherBrowser();
  await signIn(await elsewhere.newPage(), app);
  await signIn(page, app);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(elsewhere, app)).toBe('Ada Lovelace');
});

test('signing out everywhere ends every session of the person and of nobody else', async ({
  page, context, app, anotherBrowser, guard,
}) => {
  guard.allow(401);
  const [elsewhere, somebody] = [await anotherBrowser(), await anotherBrowser()];
  const otherPage = await elsewhere.newPage();
  await signIn(otherPage, app);
  await signIn(await somebody.newPage(), app, { name: 'Grace Hopper' });
  await signIn(page, app);

  await signOutEverywhere(page);

  await expect(page.getByRole('main')).toContainText('Every browser is signed out of Wrengate.');
  expect(await signedInAs(context, app)).toBeNull();
  await otherPage.goto('/account');
  await problem(otherPage, { code: 'session-revoked', h1: 'This browser was signed out', status: 401 });
  await showsNobody(otherPage);
  expect(await signedInAs(elsewhere, app)).toBeNull();
  expect(await signedInAs(somebody, app)).toBe('Grace Hopper');
});

test('signing out everywhere asks first, and nothing happens without an answer', async ({ page, context, app }) => {
  await signIn(page, app);
  const question = page.getByText('Sign out every browser, this one too?');
  await expect(question).toBeHidden();
  await everywhere(page).click();
  await expect(question).toBeVisible();
  await page.reload();
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('without JavaScript the same buttons sign out', async ({ page, plain, app, anotherBrowser }) => {
  await signIn(page, app);
  await bringSession(plain, page);
  const elsewhere = await anotherBrowser();
  await signIn(await elsewhere.newPage(), app);
  await plain.goto('/account');
  await signOutEverywhere(plain);
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  await expect(plain.getByRole('main')).toContainText('Every browser is signed out of Wrengate.');
  expect(await signedInAs(plain.context(), app)).toBeNull();
  expect(await signedInAs(elsewhere, app)).toBeNull();
});

test('signing out twice ends on the same calm page', async ({ page, context, app }) => {
  await signIn(page, app);
  const second = await deafTab(context);
  await second.goto('/account');
  await ready(second);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);

  await signOut(second);

  await second.waitForURL(`${app.origin}/signed-out`);
  await expect(second.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
  await expect(second.getByRole('alert').filter({ visible: true })).toHaveCount(0);
});

test('another tab shows nobody at its next step', async ({ page, context, app }) => {
  await signIn(page, app);
  const second = await deafTab(context);
  await second.goto('/account');
  await ready(second);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);

  await second.getByRole('button', { name: 'Refresh profile' }).click();

  await atSignIn(second, app);
});

test('an address that is only opened signs nobody out', async ({ page, context, app }) => {
  await signIn(page, app);
  const answer = await page.request.get('/sign-out');
  expect(answer.status()).toBe(405);
  expect(answer.headers()['allow']).toBe('POST');
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('Back after signing out shows nothing of the profile', async ({ page, app }) => {
  await signIn(page, app);
  await signOut(page);
  await page.waitForURL(`${app.origin}/signed-out`);
  await page.goBack();
  await atSignIn(page, app);
});

test('who is signed in is not told to be signed out', async ({ page, app }) => {
  await signIn(page, app);
  await page.goto('/signed-out');
  await atAccountOf(page, app);
  await signOut(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
});

test('Back shows nothing of a profile that the back/forward cache kept', async ({
  playwright, launchOptions, app, anotherBrowser, guard,
}) => {
  guard.allow(401);
  // Playwright switches the cache off unless it is told not to.
  const browser: Browser = await playwright.chromium.launch({
    ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  try {
    const page = await pageWithCache(browser, guard);
    await signIn(page, app);
    await page.goto(`${app.origin}/help`);

    // From elsewhere, because a cookie that changes here would empty the cache.
    const elsewhere = await (await anotherBrowser()).newPage();
    await signIn(elsewhere, app);
    await signOutEverywhere(elsewhere);

    const back = page.waitForEvent('console', (message) => message.text().startsWith(CAME_BACK));
    await page.goBack();
    expect((await back).text()).toBe(`${CAME_BACK} out of the cache`);
    await problem(page, { code: 'session-revoked', status: 401 });
    await showsNobody(page);
  } finally {
    await browser.close();
  }
});

/** A tab that hears nothing of the others, as in a browser without channels. */
async function deafTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'BroadcastChannel');
  });
  return page;
}

/** A page that says whether the cache had kept it, and if not, why. */
async function pageWithCache(browser: Browser, guard: Guard): Promise<Page> {
  const context = await browser.newContext();
  await guard.watch(context);
  await context.addInitScript((cameBack) => {
    addEventListener('pageshow', ({ persisted }) => {
      const [entry] = performance.getEntriesByType('navigation') as (
        PerformanceNavigationTiming & { notRestoredReasons?: unknown }
      )[];
      if (persisted) console.info(`${cameBack} out of the cache`);
      else if (entry?.type === 'back_forward') console.info(`${cameBack} anew: ${JSON.stringify(entry.notRestoredReasons)}`);
    });
  }, CAME_BACK);
  return context.newPage();
}
