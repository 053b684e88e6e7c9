/** Without a mouse: a sign-in, an inspection, and every page there and back. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import {
  allowButton, continueButton, ready, step, verdict,
} from '../../pages/index.js';
import {
  currentStop, expectSeen, startAt, stopsOf, tabTo,
} from '../../pages/keyboard.js';
import { SAMPLES } from '../../pages/places.js';
import { atAccountOf } from '../journeys/session.js';

/** From the sign-in page through the provider's own, and back. */
async function signInByKeyboard(page: Page): Promise<void> {
  await tabTo(page, continueButton(page));
  await page.keyboard.press('Enter');
  const name = page.getByLabel('Your name');
  await expect(name).toBeVisible();
  await tabTo(page, name);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Ada Lovelace');
  await page.keyboard.press('Enter');
  await expect(allowButton(page)).toBeVisible();
  await tabTo(page, allowButton(page));
  await page.keyboard.press('Space');
}

test('a whole sign-in and sign-out', async ({ page, app }) => {
  await page.goto('/');
  await ready(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expectSeen(page);
  await signInByKeyboard(page);

  await atAccountOf(page, app);
  const menu = page.getByRole('button', { name: 'Your account menu' });
  await tabTo(page, menu);
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('#account-menu').getByRole('button', { name: 'Sign out', exact: true }));
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  const main = page.getByRole('main');
  await tabTo(page, main.getByRole('checkbox').first());
  await page.keyboard.press('Space');
  await expect(main.getByRole('checkbox').first()).toBeChecked();
  await page.keyboard.press('Space');
  await tabTo(page, main.getByRole('button', { name: 'Sign out', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("You're signed out");
});

test('an inspection of a sign-in that failed', async ({ page, context, app, provider, guard }) => {
  test.slow();
  guard.allow(502);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await provider.arm('token-500');
  await page.goto('/');
  await ready(page);
  await signInByKeyboard(page);

  await page.waitForURL(`${app.origin}/problem/provider-fault`);
  await ready(page);
  await tabTo(page, page.locator('summary', { hasText: 'Details for developers' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Open in inspector' }));
  await page.keyboard.press('Enter');

  await page.waitForURL(`${app.origin}/inspector`);
  await expect(page.locator('html[data-inspector]')).toBeAttached();
  await expect(verdict(page)).toContainText('The token endpoint answered with status 500');
  await tabTo(page, page.getByRole('button', { name: 'Copy report' }));
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('provider-fault');
  await tabTo(page, page.getByRole('link', { name: 'Download JSON' }));
  const saved = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const report: unknown = JSON.parse(await readFile(await (await saved).path(), 'utf8'));
  expect(report).toMatchObject({ traces: [{}] });

  await expect(step(page, 5)).toHaveAttribute('open', '');
  await tabTo(page, step(page, 5).locator('summary').first());
  await tabTo(page, step(page, 5).locator('summary', { hasText: 'As curl' }).first());
  await page.keyboard.press('Space');
  await tabTo(page, step(page, 5).getByRole('button', { name: 'Copy' }).first());
  await page.keyboard.press('Space');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl /);
});

test('a stop that cannot be seen is found', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await continueButton(page).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expectSeen(page);
  await continueButton(page).evaluate((button) => { button.style.outline = 'none'; });
  await expect(expectSeen(page)).rejects.toThrow('isOutlined');
  await continueButton(page).evaluate((button) => {
    button.style.outline = '';
    const cover = document.createElement('div');
    cover.style.cssText = 'position: fixed; inset: 0;';
    document.body.append(cover);
  });
  await expect(expectSeen(page)).rejects.toThrow('isUncovered');
});

for (const place of SAMPLES) {
  test(`${place.route} › ${place.state} is walked there and back`, async ({
    page, app, provider, guard, anotherBrowser,
  }) => {
    // The inspector has a hundred stops, and each is pressed twice.
    test.slow();
    const stage = { page, app, provider, guard, anotherBrowser };
    guard.allow(...place.fails ?? []);
    await place.before?.(stage);
    await place.open(stage);
    const stops = await stopsOf(page);
    expect(stops).toBeGreaterThan(1);
    const there: number[] = [];
    await startAt(page, 0);
    for (let stop = 0; stop < stops; stop += 1) {
      await expectSeen(page);
      there.push(await currentStop(page));
      await page.keyboard.press('Tab');
    }
    // In the order of the document, each once.
    expect(there).toEqual(Array.from({ length: stops }, (_, stop) => stop));
    expect(await currentStop(page), 'the last one lets the focus go').not.toBe(stops - 1);

    const back: number[] = [];
    await startAt(page, stops - 1);
    for (let stop = 0; stop < stops; stop += 1) {
      back.push(await currentStop(page));
      await page.keyboard.press('Shift+Tab');
    }
    expect(back).toEqual(there.reverse());
    expect(await currentStop(page), 'the first one lets the focus go').not.toBe(0);
  });
}
