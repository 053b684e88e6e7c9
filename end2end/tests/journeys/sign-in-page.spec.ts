/** What the sign-in page and the account page say besides, and when. */
import { expect } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';
import { test } from './scriptless.js';

test('a tab that renews a sign-in says that the work waits in the other tab', async ({ page, plain }) => {
  for (const tab of [page, plain]) {
    await tab.goto('/?renew=1');
    await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Sign in again');
    await expect(tab.getByText('Your work is waiting in the other tab.', { exact: true })).toBeVisible();
  }
});

test('a sign-in page notices a sign-in in another tab, and goes on where it wanted to', async ({
  page, context, app,
}) => {
  await page.goto('/?return_to=/sessions');
  await ready(page);
  await signIn(await context.newPage(), app);
  await page.waitForURL(`${app.origin}/sessions`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("Where you're signed in");
});

test('an integrator finds the inspector from the sign-in page, where it is on', async ({ page, startApp }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Building an integration? Inspect this flow.' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Flow inspector');

  const app = await startApp({ env: { WRENGATE_INSPECTOR: 'off' } });
  await page.goto(`${app.origin}/`);
  await ready(page);
  await expect(page.getByRole('link', { name: /Inspect this flow/ })).toHaveCount(0);
});

test('an address that is not verified can be verified at the provider', async ({ page, startApp, provider }) => {
  const app = await startApp({ env: { WRENGATE_PROVIDER_ACCOUNT_URL: 'https://id.example.org/account' } });
  await signIn(page, app);
  const verify = page.getByRole('link', { name: 'Verify it at the development provider' });
  await expect(verify).toHaveCount(0);
  await provider.arm('userinfo-unverified');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(verify).toHaveAttribute('href', 'https://id.example.org/account');
});

test('a problem at the provider leads to where it says how it is doing', async ({ page, startApp, guard }) => {
  guard.allow(504);
  const app = await startApp({ env: { WRENGATE_PROVIDER_STATUS_URL: 'https://status.example.org/' } });
  await page.goto(`${app.origin}/problem/provider-timeout`);
  await ready(page);
  await expect(page.getByRole('link', { name: 'The development provider status' }))
    .toHaveAttribute('href', 'https://status.example.org/');
});

for (const [tag, direction, title] of [['en-XA', 'ltr', /^šîĝñ îñ ţö Wrengate /], ['ar-XB', 'rtl', /Wrengate$/]] as const) {
  test(`a person signs in in the language ${tag}, which their browser asks for`, async ({ anotherBrowser, app }) => {
    const context = await anotherBrowser({ locale: tag });
    const page = await context.newPage();
    const document = page.waitForResponse(`${app.origin}/`);
    await page.goto('/');
    expect(await (await document).text()).toContain(`<html lang="${tag}" dir="${direction}"`);
    await ready(page);
    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText(title);
    expect(await heading.innerText()).not.toContain('Sign');
    await page.locator('[data-start]').first().click();
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${app.origin}/account`);
    await ready(page);
    await expect(page.locator('html')).toHaveAttribute('dir', direction);
    expect(await page.getByRole('main').innerText()).not.toContain('Preferences');

    await context.addCookies([{ name: 'lang', value: 'en', url: app.origin }]);
    await page.reload();
    await ready(page);
    await expect(page.getByRole('heading', { name: 'Preferences' })).toBeVisible();
  });
}
