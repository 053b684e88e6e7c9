/** Something breaks in the page after it was ready: row R27 of the robustness table. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';
import { nameField } from '../../pages/session-end.js';

/** A module whose start is `unreachable`: what a panic of ours ends in. */
const UNREACHABLE = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00,
  0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b,
];

/** A trap that nobody catches, as in the middle of an event. */
async function traps(page: Page): Promise<void> {
  await page.evaluate(async (bytes) => {
    const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
    setTimeout(instance.exports['f'] as () => void);
  }, UNREACHABLE);
}

test('R27: a panic says so, leaves the page as it was, and what was typed comes through a reload', async ({
  page, app, guard,
}) => {
  guard.allowConsole(/unreachable/);
  await signIn(page, app, { name: 'Ada Lovelace P9' });
  await nameField(page).fill('Countess');
  await traps(page);
  const bar = page.getByRole('alert').filter({ hasText: 'Part of this page stopped working.' });
  await expect(bar).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace P9');
  await expect(page.getByRole('main').getByText('ada@example.org').first()).toBeVisible();
  await bar.getByRole('link', { name: 'Reload' }).click();
  await ready(page);
  await expect(bar).toBeHidden();
  await expect(nameField(page)).toHaveValue('Countess');
});
