/** What a screen reader is given: five pages, each as a tree of roles and names. */
import { expect, test } from '../../fixtures/index.js';
import {
  agree, begin, openInspector, problem, ready, signIn, verdict,
} from '../../pages/index.js';

test('the sign-in page', async ({ page }) => {
  await page.goto('/');
  await ready(page);
  await page.getByText('What exactly is requested?').click();
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'sign-in.aria.yml' });
});

test('the account page', async ({ page, app }) => {
  await signIn(page, app);
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'account.aria.yml' });
});

test('the page of an error', async ({ page, app, provider, guard }) => {
  guard.allow(502);
  await provider.arm('token-500');
  await begin(page, app);
  await agree(page);
  await problem(page, 'provider-fault');
  await page.getByText('Details for developers').click();
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'error.aria.yml' });
});

test('the inspector', async ({ page, app, provider, guard }) => {
  guard.allow(502);
  await provider.arm('token-500');
  await begin(page, app);
  await agree(page);
  await problem(page, 'provider-fault');
  await openInspector(page, app);
  await expect(verdict(page)).toMatchAriaSnapshot({ name: 'inspector-verdict.aria.yml' });
  const checks = page.getByRole('region', { name: 'Checks' });
  await expect(checks).toMatchAriaSnapshot({ name: 'inspector-checks.aria.yml' });
});

test('the list of sessions', async ({ page, app, anotherBrowser }) => {
  const name = `Grace ${crypto.randomUUID().slice(0, 8)}`;
  const other = await anotherBrowser({
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  });
  await signIn(await other.newPage(), app, { name });
  await signIn(page, app, { name });
  await page.goto('/sessions');
  await ready(page);
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'sessions.aria.yml' });
});
