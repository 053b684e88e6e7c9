/** Asking the provider for the profile again. */
import { expect, test } from '../../fixtures/index.js';
import { problem, signIn } from '../../pages/index.js';
import { atAccountOf, signedInAs } from './session.js';

test('the profile is read again and the page says so once', async ({ page, app, provider }) => {
  await signIn(page, app);
  await provider.arm('userinfo-unverified');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Profile updated.' })).toBeVisible();
  await atAccountOf(page, app);
  await expect(page.getByRole('main').getByText('Not verified', { exact: true })).toBeVisible();
  expect((await provider.counts()).userinfo).toBe(2);

  await page.reload();
  await atAccountOf(page, app);
  await expect(page.getByText('Profile updated.')).toHaveCount(0);
});

test('a provider that is down costs nobody the session', async ({ page, context, app, provider }) => {
  await signIn(page, app);
  await provider.kill();
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  const alert = page.getByRole('alert').filter({ hasText: "Couldn't refresh your profile from" });
  await expect(alert).toContainText(/Showing what we had at \d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d\./);
  const reference = /Reference (\S+)/.exec(await alert.innerText())?.[1] ?? 'none';
  await expect.poll(() => app.log()).toContain(reference);
  await atAccountOf(page, app);
  await expect(page.getByRole('definition').filter({ hasText: 'ada@example.org' })).toBeVisible();
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('a refresh that failed is tried again in place', async ({ page, app, provider }) => {
  await signIn(page, app);
  await provider.arm('userinfo-500');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  const alert = page.getByRole('alert').filter({ hasText: "Couldn't refresh your profile from" });
  await expect(alert).toBeVisible();
  await provider.clear();
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Profile updated.' })).toBeVisible();
});

test('an access token that the provider refuses asks for a new sign-in', async ({ page, app, provider, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  await provider.arm('userinfo-401');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await problem(page, { code: 'access-ended', h1: 'Your access has ended', status: 401 });
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible();
});

for (const fault of ['refresh-no-refresh-token', 'refresh-no-id-token']) {
  test(`what a renewal does not replace stays (${fault})`, async ({ page, app, provider }) => {
    await provider.arm('token-short-expiry');
    await provider.arm(fault);
    await signIn(page, app);
    await page.getByRole('button', { name: 'Refresh profile' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Profile updated.' })).toBeVisible();
    expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 2 });
  });
}
