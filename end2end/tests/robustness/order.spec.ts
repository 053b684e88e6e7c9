/** Answers, waits and presses that come late, twice, or in another order than they began in. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import {
  allowButton, continueButton, giveName, heldBack, ready, signIn,
} from '../../pages/index.js';
import { bar, endsIn, hearsNews, nameField, savesOf } from '../../pages/session-end.js';
import { answerFor } from '../journeys/callback.js';

const BEGIN = '**/api/begin_sign_in';
const COMPLETE = '**/api/complete_sign_in';

interface Held {
  /** Resolves once the app has answered. */
  answered: Promise<void>;
  release: () => void;
}

/** The next answer of these calls is kept from the page until it is released. */
async function heldAnswer(page: Page, calls: string): Promise<Held> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  let tell = (): void => undefined;
  const answered = new Promise<void>((resolve) => { tell = resolve; });
  await page.route(calls, async (route) => {
    const response = await route.fetch();
    tell();
    await released;
    await route.fulfill({ response });
  }, { times: 1 });
  return { answered, release };
}

async function toSignInPage(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: 'Wrengate' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
}

/** All that is waited for in a page is over, and nothing of it broke. */
async function waitsAreOver(page: Page): Promise<void> {
  await page.clock.fastForward(60_000);
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'ready');
  await expect(page.getByText('Part of this page stopped working.')).toBeHidden();
}

test('a page that was left after a failed start breaks nothing later', async ({ page, guard }) => {
  guard.allow(400);
  guard.allow('network');
  await page.clock.install();
  await page.goto('/problem/too-long');
  await ready(page);
  await page.route(BEGIN, (route) => route.abort());
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(page.getByRole('main').getByRole('alert').filter({ hasText: "can't reach" }).first()).toBeVisible();
  await toSignInPage(page);
  await waitsAreOver(page);
  await expect(continueButton(page)).toBeVisible();
});

test('a callback page that was left breaks nothing later', async ({ page, guard }) => {
  guard.allow(401);
  await page.clock.install();
  await page.goto('/callback');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No sign-in is waiting here');
  await toSignInPage(page);
  await waitsAreOver(page);
});

test('the last press decides, whichever answer comes first', async ({ page, app, provider }) => {
  const releases: (() => void)[] = [];
  await page.route(BEGIN, async (route) => {
    const response = await route.fetch();
    await new Promise<void>((resolve) => { releases.push(resolve); });
    await route.fulfill({ response });
  });
  await page.goto('/');
  await ready(page);
  await continueButton(page).click();
  await expect.poll(() => releases.length).toBe(1);
  await page.getByRole('button', { name: 'Use a different account' }).click();
  await expect.poll(() => releases.length).toBe(2);
  await expect(continueButton(page), 'it is as before its press').toBeVisible();

  const seen = page.waitForEvent('requestfinished', (request) => request.url().endsWith('/api/begin_sign_in'));
  releases[0]?.();
  await seen;
  expect((await provider.counts()).authorize).toBe(0);
  const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.origin}/`) && request.isNavigationRequest());
  releases[1]?.();
  expect(new URL((await asked).url()).searchParams.get('prompt')).toMatch(/^(select_account|login)$/);
  await giveName(page);
  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
});

test('what was said not to have started does not start', async ({ page, app, provider }) => {
  await page.clock.install();
  const late = await heldAnswer(page, BEGIN);
  await page.goto('/');
  await ready(page);
  await continueButton(page).click();
  await late.answered;
  await page.clock.fastForward(10_000);
  await expect(page.getByText("We couldn't reach the development provider, so sign-in hasn't started.")).toBeVisible();
  const seen = page.waitForEvent('requestfinished', (request) => request.url().endsWith('/api/begin_sign_in'));
  late.release();
  await seen;
  await page.getByRole('button', { name: 'Try again' }).click();
  await giveName(page);
  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
  expect((await provider.counts()).authorize).toBe(1);
});

test('a provider that is slow to show its page is not said to be out of reach', async ({ page, app, provider }) => {
  const release = await heldBack(page, `${provider.origin}/**`);
  // Nothing can be told to a page that is about to be left, so its ten seconds are over by themselves then.
  await page.addInitScript(() => {
    const later = setTimeout;
    const held: (() => void)[] = [];
    Object.assign(globalThis, { setTimeout: (act: () => void, delay: number) => {
      if (delay !== 10_000) return later(act, delay);
      held.push(act);
      return 0;
    } });
    addEventListener('beforeunload', () => {
      later(() => {
        held.forEach((act) => { act(); });
        later(() => { console.info(`says: ${document.querySelector('main')?.textContent}`); }, 0);
      }, 0);
    });
  });
  await page.goto('/');
  await ready(page);
  const says = page.waitForEvent('console', (message) => message.text().startsWith('says: '));
  // A click waits for where it leads, and this one leads nowhere yet.
  const clicked = continueButton(page).click();
  const said = (await says).text();
  expect(said).toContain('Continue with the development provider');
  expect(said).not.toContain("hasn't started");
  release();
  await clicked;
  await giveName(page);
  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
});

test('a sign-in that waits is finished after going away inside the app and back', async ({ page, app, provider, guard }) => {
  guard.allow('network');
  const answer = await answerFor(page, app);
  await page.route(COMPLETE, (route) => route.abort('internetdisconnected'));
  await page.goto(answer.href);
  await ready(page);
  await expect(page.getByText('Your sign-in is still waiting; nothing is lost.')).toBeVisible();
  await toSignInPage(page);
  await page.unroute(COMPLETE);
  await page.goBack();
  await page.waitForURL(`${app.origin}/account`);
  expect((await provider.counts()).token).toBe(1);
});

test('the end of an earlier wait does not end the next one', async ({ page, app, guard }) => {
  guard.allow('network');
  const answer = await answerFor(page, app);
  await page.clock.install();
  await page.route(COMPLETE, (route) => route.abort('internetdisconnected'));
  await page.goto(answer.href);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("We can't reach Wrengate");
  await page.unroute(COMPLETE);

  const held = await heldAnswer(page, COMPLETE);
  await page.clock.fastForward(40_000);
  await page.getByRole('button', { name: 'Try again' }).click();
  await held.answered;
  await page.clock.fastForward(10_000);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Signing you in');
  await expect(page.getByRole('status').filter({ hasText: 'Still waiting for the development provider.' })).toBeVisible();
  held.release();
  await page.waitForURL(`${app.origin}/account`);
});

test('a form that is sent twice is sent once', async ({ page, app }) => {
  await signIn(page, app);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  let posts = 0;
  await page.route('**/sign-out', async (route) => {
    posts += 1;
    await released;
    await route.continue();
  });
  const leave = page.getByRole('region', { name: 'Leave' });
  await leave.getByLabel('Also sign out of the development provider').first().check();
  const button = leave.getByRole('button', { name: 'Sign out', exact: true });
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await button.boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
  const sent = page.waitForRequest('**/sign-out');
  // The mouse does not wait for what a click leads to.
  await page.mouse.click(x + width / 2, y + height / 2);
  await sent;
  await page.mouse.click(x + width / 2, y + height / 2);
  release();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign out of the development provider?');
  expect(posts).toBe(1);
});

test('the reference of a failed form is told, not that of an earlier failure', async ({ page, context, app, guard }) => {
  guard.allow(503);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
  await page.goto('/problem/store-down');
  const earlier = { problem: { failure: 'store-down', reference: 'OLDX-OLDX' }, at_ms: Date.now() - 3_600_000 };
  await page.evaluate((note) => { sessionStorage.setItem('wrengate:problem', JSON.stringify(note)); }, earlier);
  await page.reload();
  await ready(page);
  const reference = page.locator('.reference').filter({ hasText: 'Reference' });
  await expect(reference, 'the note is one that the page takes').toContainText('OLDX-OLDX');

  await context.addCookies([{ name: 'wrengate-notice', value: 'reference.NEWX-NEWX', url: app.origin }]);
  await page.reload();
  await ready(page);
  await expect(reference).toContainText('NEWX-NEWX');
  await expect(page.getByText('OLDX-OLDX')).toHaveCount(0);
});

test('what came of a form is told on the page to which it led, and on no later one', async ({ page, app }) => {
  await signIn(page, app);
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Profile updated.' })).toBeVisible();
  await ready(page);
  await page.getByRole('banner').getByRole('link', { name: 'Wrengate' }).click();
  await expect(page.getByText('Profile updated.')).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  await expect(page.getByText('Profile updated.')).toHaveCount(0);
});

test('a page that is drawn again counts from when the document was opened', async ({ page, app }) => {
  await page.clock.install();
  await signIn(page, app);
  const token = page.getByRole('region', { name: 'Access token' });
  await expect(token).toContainText(/in 59 min \d{2} s/);
  await page.clock.fastForward('10:00');
  await expect(token).toContainText(/in 49 min \d{2} s/);
  await page.getByRole('banner').getByRole('link', { name: 'Wrengate' }).click();
  await expect(token).toHaveCount(0);
  await page.goBack();
  await expect(token).toContainText(/in 49 min \d{2} s/);
});

test('a question that is never answered holds no warning up', async ({ page, app }) => {
  await page.clock.install();
  await signIn(page, app, { name: 'Ada Lovelace O1' });
  await endsIn(app, 70);
  const held = await heldAnswer(page, '**/api/session');
  await page.clock.fastForward('29:00');
  await held.answered;
  await expect(bar(page)).toBeHidden();
  await page.clock.fastForward(12_000);
  await expect(bar(page)).toContainText(/You'll be signed out in 0:\d\d because/);
  held.release();
  await page.unrouteAll({ behavior: 'wait' });
  await hearsNews(page);
  await expect(bar(page)).toContainText(/You'll be signed out in 1:\d\d because/);
});

test('what is sent once the network is back is what was pressed, not what was typed since', async ({
  page, app, context, guard,
}) => {
  guard.allow('network');
  await signIn(page, app, { name: 'Ada Lovelace O2' });
  const saves = savesOf(page);
  await nameField(page).fill('Countess');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').filter({ hasText: "You're offline, so this isn't saved yet." })).toBeVisible();
  await nameField(page).fill('Countess of Lov');
  const before = saves();
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
  expect(saves()).toBe(before + 1);
  await expect(nameField(page)).toHaveValue('Countess of Lov');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible();
  await expect(page.getByText('Saved.'), 'what stands in the field is not').toHaveCount(0);
});

test('a report that the server refuses is not said to be copied', async ({ page, app, guard }) => {
  guard.allow(503);
  await signIn(page, app);
  await page.getByRole('banner').getByRole('link', { name: 'Inspector' }).click();
  await page.waitForURL(`${app.origin}/inspector`);
  await page.route('**/inspector/report**', (route) => route.fulfill({ status: 503, body: '<!doctype html>' }));
  await page.getByRole('button', { name: 'Copy report' }).click();
  await expect(page.getByText("Couldn't copy. Download the report instead.")).toBeVisible();
});
