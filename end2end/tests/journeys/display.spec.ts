/** Light, dark or as the device is: chosen once, and there in the first byte of every page. */
import type { Page } from '@playwright/test';
import { expect } from '../../fixtures/index.js';
import { RIGHT_TO_LEFT } from '../../fixtures/languages.js';
import { accessible, ready, signIn } from '../../pages/index.js';
import { bringSession, test } from './scriptless.js';

const LIGHT = 'rgb(246, 247, 246)';
const DARK = 'rgb(16, 20, 19)';
const MODULE = '**/pkg/*.wasm';

async function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}

/** From wherever the page is, by the link in its foot. */
async function choose(page: Page, theme: 'System' | 'Light' | 'Dark'): Promise<void> {
  await page.getByRole('contentinfo').getByRole('link', { name: 'Theme' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Display');
  await page.getByRole('group', { name: 'Theme' }).getByRole('radio', { name: new RegExp(`^${theme}`) }).check();
  await page.getByRole('button', { name: 'Save' }).click();
}

test('a theme is chosen on the way and leads back to where it was asked for', async ({ page, app }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await signIn(page, app);
  expect(await background(page)).toBe(LIGHT);

  const saved = page.getByRole('status').filter({ hasText: 'Saved.' });
  // Looked for from the beginning: it is gone after five seconds, which may be before the page is loaded.
  const told = saved.waitFor();
  await choose(page, 'Dark');

  await page.waitForURL(`${app.origin}/account`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  expect(await background(page)).toBe(DARK);
  await told;
  await ready(page);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await background(page)).toBe(DARK);
  await expect(saved).toBeHidden();
  await page.reload();
  await expect(saved).toHaveCount(0);
  expect(await background(page)).toBe(DARK);
});

test('the first HTML of every page is in the chosen theme, so nothing flashes', async ({ page, app, guard }) => {
  guard.allow(404);
  await signIn(page, app);
  await choose(page, 'Dark');
  await page.waitForURL(`${app.origin}/account`);
  for (const path of ['/account', '/sessions', '/help', '/display', '/callback', '/signed-out', '/no-such-page']) {
    const answer = await page.request.get(`${app.origin}${path}`);
    const html = await answer.text();
    expect(html, path).toContain('data-theme="dark"');
    expect(html, path).toContain('<meta name="color-scheme" content="dark">');
  }
});

test('System follows the device, and a choice holds against it', async ({ page, app }) => {
  const looks = async (): Promise<string[]> => {
    const seen = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      seen.push(await background(page));
    }
    return seen;
  };
  await page.goto('/help');
  expect(await looks()).toEqual([LIGHT, DARK]);
  await choose(page, 'Light');
  await page.waitForURL(`${app.origin}/help`);
  expect(await looks()).toEqual([LIGHT, LIGHT]);
  await choose(page, 'Dark');
  await page.waitForURL(`${app.origin}/help`);
  expect(await looks()).toEqual([DARK, DARK]);
  await choose(page, 'System');
  await page.waitForURL(`${app.origin}/help`);
  expect(await looks()).toEqual([LIGHT, DARK]);
});

test('with scripts off a theme is chosen all the same', async ({ page, plain, app }) => {
  await signIn(page, app);
  await bringSession(plain, page);
  await plain.goto('/sessions');
  const told = plain.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
  await choose(plain, 'Dark');
  await plain.waitForURL(`${app.origin}/sessions`);
  await expect(plain.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(plain.locator('html')).toHaveCSS('background-color', DARK);
  await told;
});

test('without the module a theme is chosen all the same', async ({ page, app, guard }) => {
  guard.allow('network');
  await page.route(MODULE, (route) => route.abort());
  await page.goto('/help');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await choose(page, 'Dark');
  await page.waitForURL(`${app.origin}/help`);
  expect(await background(page)).toBe(DARK);
});

for (const value of ['neon', 'DARK', 'dark"><script>alert(1)</script>', '', '%64ark', 'd'.repeat(3000)]) {
  test(`a cookie that says ${JSON.stringify(value.slice(0, 20))} is the device's own theme`, async ({ page, context, app }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await context.addCookies([{ name: 'theme', value, url: app.origin }]);
    const answer = await page.goto('/');
    await ready(page);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
    expect(await background(page)).toBe(LIGHT);
    expect(await answer?.text()).not.toContain('alert(1)');
    await page.goto('/display');
    await expect(page.getByRole('radio', { name: /^System/ })).toBeChecked();
  });
}

test('no script can read the choice, and it says nothing of who made it', async ({ page, context, app }) => {
  await page.goto('/help');
  await choose(page, 'Light');
  await page.waitForURL(`${app.origin}/help`);
  expect(await page.evaluate(() => document.cookie)).not.toContain('theme');
  const [cookie] = (await context.cookies(app.origin)).filter(({ name }) => name === 'theme');
  expect(cookie).toMatchObject({ value: 'light', path: '/', sameSite: 'Lax', httpOnly: true });
});

test('the same form chooses the language, and the browser counts again where none is chosen', async ({ page, app }) => {
  await signIn(page, app);
  await page.getByRole('contentinfo').getByRole('link', { name: 'Theme and language' }).click();
  const languages = page.getByRole('group', { name: 'Language' });
  await expect(languages.getByRole('radio', { name: 'As this browser asks' })).toBeChecked();
  await languages.getByRole('radio', { name: RIGHT_TO_LEFT }).check();
  await page.getByRole('button', { name: 'Save' }).click();

  await page.waitForURL(`${app.origin}/account`);
  await ready(page);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('html')).toHaveAttribute('lang', RIGHT_TO_LEFT);
  await expect(page.locator('.saved')).not.toHaveText('Saved.');

  await page.goto('/display');
  await expect(page.locator(`input[value="${RIGHT_TO_LEFT}"]`)).toBeChecked();
  await page.locator('input[name="lang"][value=""]').check();
  await page.locator('.choices button').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the page is accessible in both schemes, narrow and wide', async ({ page }) => {
  await page.goto('/display');
  await ready(page);
  await expect(page).toHaveTitle('Display — Wrengate');
  await accessible(page);
});

test('the keyboard alone chooses', async ({ page, app }) => {
  await page.goto('/display');
  await ready(page);
  await page.getByRole('radio', { name: /^System/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Dark/ })).toBeChecked();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${app.origin}/`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
