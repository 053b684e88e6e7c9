/** The menu in the header: who is signed in, the ways on, and the way out. */
import type { Page } from '@playwright/test';
import { expect } from '../../fixtures/index.js';
import { LONG, RIGHT_TO_LEFT } from '../../fixtures/languages.js';
import { accessible, menu, menuButton, ready, signIn, signOutByMenu } from '../../pages/index.js';
import { bringSession, test } from './scriptless.js';
import { showsNobody, signedInAs } from './session.js';

async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

test('the keyboard opens it, closes it and signs out', async ({ page, context, app }) => {
  await signIn(page, app);
  const button = menuButton(page);
  await expect(menu(page)).toBeHidden();
  for (let presses = 0; presses < 8 && !await button.evaluate((it) => it === document.activeElement); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(menu(page)).toBeVisible();
  await expect(menu(page)).toContainText('Ada Lovelace');
  await expect(menu(page)).toContainText('ada@example.org');
  await page.keyboard.press('Escape');
  await expect(menu(page)).toBeHidden();
  await expect(button).toBeFocused();

  await page.keyboard.press('Space');
  const reached: string[] = [];
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.textContent ?? ''));
  }
  expect(reached).toEqual(['Account', 'Sessions', 'Theme and language', 'Sign out']);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(context, app)).toBeNull();
  await expect(menuButton(page)).toHaveCount(0);
});

test('a press beside it closes it, and its links leave no open menu behind', async ({ page, app }) => {
  await signIn(page, app);
  await menuButton(page).click();
  await page.getByRole('heading', { level: 1 }).click();
  await expect(menu(page)).toBeHidden();
  for (const [name, path] of [['Sessions', '/sessions'], ['Theme', '/display'], ['Account', '/account']] as const) {
    await menuButton(page).click();
    await menu(page).getByRole('link', { name }).click();
    await page.waitForURL(`${app.origin}${path}`);
    await expect(menu(page)).toBeHidden();
  }
});

test('with scripts off it opens and signs out', async ({ page, plain, context, app }) => {
  await signIn(page, app);
  await bringSession(plain, page);
  await plain.goto('/account');
  await signOutByMenu(plain);
  await plain.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(context, app)).toBeNull();
});

test('a browser without popovers has the plain way out in the header', async ({ page, context, app }) => {
  // What such a browser makes of the style sheet.
  await page.route('**/pkg/*.css', async (route) => {
    const answer = await route.fetch();
    const sheet = await answer.text();
    const turned = sheet.replace(/@supports not selector\(:popover-open\)/, '@supports selector(:popover-open)');
    expect(turned).not.toBe(sheet);
    await route.fulfill({ response: answer, body: turned });
  });
  await signIn(page, app);
  await expect(menuButton(page)).toBeHidden();
  await expect(menu(page)).toBeHidden();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${app.origin}/signed-out`);
  expect(await signedInAs(context, app)).toBeNull();
});

test('it is accessible when it is open, in both schemes, narrow and wide', async ({ page, app }) => {
  await signIn(page, app);
  await menuButton(page).click();
  await accessible(page);
  await expect(menu(page)).toBeVisible();
});

for (const name of ['W'.repeat(200), 'سارة '.repeat(40), 'Ada <b>Lovelace</b> & co']) {
  test(`a name such as ${name.slice(0, 12)} stays text and on the screen at 320 px`, async ({ page, app }) => {
    await page.setViewportSize({ width: 320, height: 256 });
    await signIn(page, app, { name });
    await menuButton(page).click();
    await expect(menu(page)).toContainText(name.trim().slice(0, 60));
    expect(await scrollsSideways(page)).toBe(false);
    const box = await menu(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
    expect(await menu(page).evaluate((it) => it.scrollWidth <= it.clientWidth)).toBe(true);
    await expect(menu(page).locator('b')).toHaveCount(0);
    await expect(menu(page).locator('bdi').first()).toHaveAttribute('dir', 'auto');
    // The last way is reached however long the name is.
    await menu(page).getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${app.origin}/signed-out`);
  });
}

for (const language of [LONG, RIGHT_TO_LEFT]) {
  test(`in ${language} it stands at the end of the header and within the screen`, async ({ page, context, app }) => {
    await signIn(page, app);
    await context.addCookies([{ name: 'lang', value: language, url: app.origin }]);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      await page.goto('/account');
      await ready(page);
      const button = page.locator('.menu-button');
      await button.click();
      await expect(menu(page)).toBeVisible();
      const [box, opener] = [await menu(page).boundingBox(), await button.boundingBox()];
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 9999)).toBeLessThanOrEqual(width);
      // Its end is the button's end, on whichever side that is.
      const end = (it: typeof box): number => (
        language === RIGHT_TO_LEFT ? it?.x ?? -1 : (it?.x ?? 0) + (it?.width ?? 0)
      );
      expect(Math.abs(end(box) - end(opener))).toBeLessThanOrEqual(1);
      expect(await scrollsSideways(page)).toBe(false);
    }
  });
}

test('below 40rem the links are a row of their own, and nothing of them is hidden', async ({ page, app }) => {
  await signIn(page, app);
  const links = page.getByRole('navigation', { name: 'Account' }).getByRole('link');
  const wordmark = page.getByRole('banner').getByRole('link', { name: 'Wrengate' });
  const bottomOf = async (): Promise<number> => {
    const box = await wordmark.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  await page.setViewportSize({ width: 320, height: 640 });
  for (const link of await links.all()) {
    await expect(link).toBeVisible();
    expect((await link.boundingBox())?.y).toBeGreaterThanOrEqual(await bottomOf());
  }
  await expect(menuButton(page)).toBeInViewport();
  expect(await scrollsSideways(page)).toBe(false);
  await page.setViewportSize({ width: 1280, height: 640 });
  for (const link of await links.all()) expect((await link.boundingBox())?.y).toBeLessThan(await bottomOf());
});

test('when the session ends elsewhere, the menu goes out of the document with the page', async ({ page, context, app, guard }) => {
  // What the page is told when it asks about its session.
  guard.allow(401);
  await signIn(page, app);
  const other = await context.newPage();
  await other.goto(`${app.origin}/account`);
  await ready(other);
  await menuButton(page).click();
  await signOutByMenu(other);
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(menu(page)).toHaveCount(0);
  await showsNobody(page);
});
