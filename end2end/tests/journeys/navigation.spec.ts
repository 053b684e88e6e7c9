/** Moving between pages inside the app: focus, titles, and addresses that lead nowhere. */
import { expect, test } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';

test('R31: a link inside the app moves the focus to the heading of the new page', async ({ page, app }) => {
  await signIn(page, app);
  await page.goto('/problem/cancelled');
  await ready(page);
  await expect(page).toHaveTitle('You cancelled sign-in — Wrengate');
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(request.url());
  });
  const heading = page.getByRole('heading', { level: 1 });

  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Account' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await expect(heading).toHaveText('Ada Lovelace');
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle('Your account — Wrengate');

  await page.goBack();
  await expect(heading).toHaveText('You cancelled sign-in');
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle('You cancelled sign-in — Wrengate');

  await page.goForward();
  await expect(heading).toHaveText('Ada Lovelace');
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle('Your account — Wrengate');
  expect(documents).toEqual([]);
});

test('the page that is shown is marked in the navigation', async ({ page, app }) => {
  await signIn(page, app);
  const link = page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Account' });
  await expect(link).toHaveAttribute('aria-current', 'page');
  await page.goto('/problem/cancelled');
  await ready(page);
  await expect(link).not.toHaveAttribute('aria-current', 'page');
});

test('R32: the skip link leads the keyboard to the content', async ({ page, app }) => {
  await signIn(page, app);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${app.origin}/account#content`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('button', { name: 'Refresh profile' })).toBeFocused();
});

test('an address that does not exist is told so with status 404', async ({ page, guard }) => {
  guard.allow(404);
  const answer = await page.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("There's nothing here");
  await expect(page.getByRole('main')).toContainText('The address may be mistyped, or the page may have moved.');
  await expect(page).toHaveTitle(/There's nothing here — Wrengate$/);
  await page.getByRole('link', { name: 'Back to start' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
});

test('a problem that does not exist is told so with status 404', async ({ page, guard }) => {
  guard.allow(404);
  const answer = await page.goto('/problem/no-such-problem');
  expect(answer?.status()).toBe(404);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("There's nothing here");
});

test('signed in, the page of nothing leads to the account too', async ({ page, app, guard }) => {
  guard.allow(404);
  await signIn(page, app);
  await page.goto('/no-such-page');
  await page.getByRole('main').getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
});
