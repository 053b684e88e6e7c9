/**
 * A session that ends while somebody works: rows R21 to R25 of the robustness table. Everybody here has
 * an account of their own, because what is saved outlives a test.
 */
import { expect, test } from '../../fixtures/index.js';
import { allowButton, accessible, ready, signIn } from '../../pages/index.js';
import {
  bar, endsIn, hearsNews, isBack, isOver, nameField, newTab, overlay, savesOf, signInBeside,
} from '../../pages/session-end.js';

const KEPT = 'Your work on this page is kept in this tab.';

test('R21: what is saved offline is said to be not saved, and goes out when the network is back', async ({
  page, app, context, guard,
}) => {
  guard.allow('network');
  await signIn(page, app, { name: 'Ada Lovelace V1' });
  await nameField(page).fill('Countess');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').filter({ hasText: "You're offline, so this isn't saved yet." })).toBeVisible();
  await expect(nameField(page)).toHaveValue('Countess');
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
});

test('R22: a session that goes unused warns, ends behind an overlay, and comes back in a new tab', async ({
  page, context, app, guard,
}) => {
  test.slow();
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace X2' });
  await nameField(page).fill('Countess');
  await endsIn(app, 12);
  await hearsNews(page);
  await expect(bar(page)).toContainText(/You'll be signed out in 0:(0[1-9]|1[0-2]) because nothing has happened here/);
  await expect(overlay(page)).toBeVisible({ timeout: 20_000 });
  await isOver(page, "You've been signed out");
  await expect(overlay(page)).toContainText('You were away for a while');
  await expect(overlay(page)).toContainText(KEPT);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(overlay(page)).toBeVisible();

  await signInBeside(await newTab(page, context));
  await isBack(page);
  await expect(nameField(page)).toHaveValue('Countess');
  await expect(nameField(page)).toBeFocused();
});

test('R22: a request that was refused is sent once more after the sign-in, and once only', async ({
  page, app, context, guard,
}) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace L3' });
  const saves = savesOf(page);
  await nameField(page).fill('Countess');
  await endsIn(app, -1);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(overlay(page)).toContainText(KEPT);
  expect(saves()).toBe(1);
  await signInBeside(await newTab(page, context));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await isBack(page);
  expect(saves()).toBe(2);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
});

test('R22: one press keeps the session, and the bar goes in every tab', async ({ page, app, context }) => {
  const other = await context.newPage();
  await signIn(page, app, { name: 'Ada Lovelace C4' });
  await other.goto(`${app.origin}/account`);
  await ready(other);
  await endsIn(app, 70);
  for (const tab of [page, other]) {
    await hearsNews(tab);
    await expect(bar(tab)).toBeVisible();
  }
  const stay = bar(page).getByRole('button', { name: 'Stay signed in' });
  await stay.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /You're signed in until \d{2}:\d{2}/ })).toBeVisible();
  for (const tab of [page, other]) await expect(bar(tab)).toBeHidden();
});

test('an answer from before the press, coming after it, does not bring the warning back', async ({ page, app }) => {
  await signIn(page, app, { name: 'Ada Lovelace C5' });
  await endsIn(app, 70);
  await hearsNews(page);
  await expect(bar(page)).toBeVisible();

  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  let answered = (): void => undefined;
  const isAnswered = new Promise<void>((resolve) => { answered = resolve; });
  await page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    answered();
    await released;
    await route.fulfill({ response });
  }, { times: 1 });
  await hearsNews(page);
  await isAnswered;
  await bar(page).getByRole('button', { name: 'Stay signed in' }).click();
  await expect(bar(page)).toBeHidden();
  // What it says is passed over, and the server asked once more.
  const again = page.waitForRequest('**/api/session');
  release();
  await (await again).response();
  await expect(bar(page)).toBeHidden();
});

test('R23: signing in here brings back what was typed, and sends nothing by itself', async ({ page, app, guard }) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace D5' });
  const saves = savesOf(page);
  await nameField(page).fill('Countess');
  await page.getByLabel('Times').selectOption('utc');
  await endsIn(app, -1);
  await page.getByRole('button', { name: 'Save' }).click();
  const completed = page.waitForResponse('**/api/complete_sign_in');
  await overlay(page).getByRole('button', { name: 'Sign in here' }).click();
  // It starts at the address at which it ends.
  await completed;
  await page.waitForURL(`${app.origin}/account`);
  await ready(page);
  await expect(page.getByRole('status').filter({ hasText: 'We kept what you typed. Check it and send it.' })).toBeVisible();
  await expect(nameField(page)).toHaveValue('Countess');
  await expect(page.getByLabel('Times')).toHaveValue('utc');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace D5');
  expect(saves()).toBe(1);

  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
  await expect(page.getByText('We kept what you typed.'), 'it is sent now').toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('draft')))).toEqual([]);
});

test('R23: leaving discards the work and shows nobody', async ({ page, app, guard }) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace M6' });
  await nameField(page).fill('Countess');
  await endsIn(app, -1);
  await hearsNews(page);
  await overlay(page).getByRole('button', { name: 'Discard my work and leave' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  expect(await page.content()).not.toMatch(/Ada|Lovelace|Countess/);
});

test('R24: after a sign-in with another account nothing is sent, and a choice is shown', async ({
  page, app, context, guard,
}) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace N7' });
  const saves = savesOf(page);
  await nameField(page).fill('Countess');
  await endsIn(app, -1);
  await page.getByRole('button', { name: 'Save' }).click();
  const tab = await newTab(page, context);
  await tab.getByRole('button', { name: 'Use a different account' }).click();
  await tab.getByLabel('Your name').fill('Grace Hopper');
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await allowButton(tab).click();
  await ready(tab);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText("You're signed in again");

  await isOver(page, 'You signed in with a different account');
  await expect(overlay(page)).toContainText("The work on this page belongs to another account, so it wasn't sent.");
  await expect(overlay(page).getByRole('button', { name: 'Sign in as the first account' })).toBeVisible();
  expect(saves()).toBe(1);
  await overlay(page).getByRole('button', { name: 'Discard it and continue' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grace Hopper');
  await expect(nameField(page)).toHaveValue('');
  expect(saves()).toBe(1);
});

test('R25: two refusals at once make one overlay, and one request more', async ({ page, app, context, guard }) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace O8' });
  const saves = savesOf(page);
  await endsIn(app, 100);
  await hearsNews(page);
  await expect(bar(page)).toBeVisible();
  await nameField(page).fill('Countess');
  await endsIn(app, -1);
  await page.evaluate(() => {
    for (const name of ['Stay signed in', 'Save']) {
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click();
    }
  });
  await expect(overlay(page)).toHaveCount(1);
  await expect(overlay(page).getByRole('heading')).toHaveCount(1);
  await signInBeside(await newTab(page, context));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
  await isBack(page);
  expect(saves()).toBe(2);
});

test('the warning and the overlay are accessible, narrow and wide, light and dark', async ({ page, app, guard }) => {
  guard.allow(401);
  await signIn(page, app, { name: 'Ada Lovelace P9' });
  await endsIn(app, 100);
  await hearsNews(page);
  await expect(bar(page)).toBeVisible();
  await accessible(page);
  await nameField(page).fill('Countess');
  await endsIn(app, -1);
  await hearsNews(page);
  await expect(overlay(page)).toBeVisible();
  await accessible(page);
});
