/** What people choose for their own pages. */
import { expect } from '../../fixtures/index.js';
import {
  accessible, menu, menuButton, ready, signIn,
} from '../../pages/index.js';
import { nameField, savesOf } from '../../pages/session-end.js';
import { bringSession, test } from './scriptless.js';
import { atAccountOf, signOut } from './session.js';

test('a choice is saved in place, outlives the session and holds in another browser', async ({
  page, app, anotherBrowser,
}) => {
  await signIn(page, app, { name: 'Mary Somerville' });
  await nameField(page).fill('  Queen of Science ');
  await page.getByLabel('Times').selectOption('In UTC');
  await page.getByLabel('Times').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Save' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await atAccountOf(page, app, 'Queen of Science');
  await expect(page.getByRole('region', { name: 'Access token' })).toContainText('UTC');
  await menuButton(page).click();
  await expect(menu(page)).toContainText('Queen of Science');
  await page.keyboard.press('Escape');
  await page.goto(`${app.origin}/sessions`);
  await ready(page);
  await expect(page.getByText(/Signed in .*UTC/)).toBeVisible();
  await page.goto(`${app.origin}/account`);
  await signOut(page);
  await page.waitForURL('**/signed-out');

  const other = await (await anotherBrowser()).newPage();
  await signIn(other, app, { name: 'Mary Somerville' });
  await atAccountOf(other, app, 'Queen of Science');
  await menuButton(other).click();
  await expect(menu(other)).toContainText('Queen of Science');
  await other.keyboard.press('Escape');
  await nameField(other).fill('');
  await nameField(other).press('Enter');
  await atAccountOf(other, app, 'Mary Somerville');
});

test('what breaks a rule is told at its field and not sent', async ({ page, app }) => {
  await signIn(page, app);
  const saves = savesOf(page);
  const long = 'x'.repeat(41);
  await nameField(page).fill(long);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(nameField(page)).toHaveAccessibleDescription(/Use at most 40 characters\./);
  await expect(nameField(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(nameField(page)).toBeFocused();
  await expect(nameField(page)).toHaveValue(long);
  expect(saves()).toBe(0);
  await accessible(page);
});

test('with scripts off the form posts and says how it went', async ({ page, plain, app }) => {
  await signIn(page, app, { name: 'Emmy Noether' });
  await bringSession(plain, page);
  await plain.goto('/account');
  await nameField(plain).fill('y'.repeat(41));
  await plain.getByLabel('Times').selectOption('utc');
  await plain.getByRole('button', { name: 'Save' }).click();
  await expect(plain.getByText('Use at most 40 characters.')).toBeVisible();
  await expect(nameField(plain)).toHaveValue('y'.repeat(41));
  await expect(plain.getByLabel('Times')).toHaveValue('utc');
  await nameField(plain).fill('Emmy');
  await plain.getByRole('button', { name: 'Save' }).click();
  await expect(plain.getByText('Saved.')).toBeVisible();
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Emmy');
  await plain.reload();
  await expect(plain.getByText('Saved.')).toHaveCount(0);
});
