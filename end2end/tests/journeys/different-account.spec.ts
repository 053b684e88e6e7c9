/** Signing in as somebody else than the provider remembers. */
import { expect, test } from '../../fixtures/index.js';
import { allowButton, ready, signIn } from '../../pages/index.js';
import { atAccountOf, signOut } from './session.js';

test('another account is asked for at the provider', async ({ page, app, provider }) => {
  await signIn(page, app, { name: 'Ada Lovelace' });
  await signOut(page);
  await page.waitForURL('**/signed-out');
  await page.goto('/');
  await ready(page);

  const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.issuer}/auth?`));
  await page.getByRole('button', { name: 'Use a different account' }).click();
  expect(new URL((await asked).url()).searchParams.get('prompt')).toBe('select_account');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose an account');
  await expect(page.getByRole('button', { name: 'Continue as Ada Lovelace' })).toBeVisible();
  await page.getByLabel('Your name').fill('Grace Hopper');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await allowButton(page).click();
  await atAccountOf(page, app, 'Grace Hopper');
});

test('the usual button comes back as the account that the provider remembers', async ({ page, app, provider }) => {
  await signIn(page, app, { name: 'Ada Lovelace' });
  await signOut(page);
  await page.waitForURL('**/signed-out');
  await signIn(page, app);
  await atAccountOf(page, app, 'Ada Lovelace');
  expect((await provider.counts()).token).toBe(2);
});
