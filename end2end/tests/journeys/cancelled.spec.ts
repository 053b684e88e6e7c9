/** Somebody changes their mind at the provider: an outcome, not an error. */
import type { Page } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { begin, giveName, problem, ready } from '../../pages/index.js';
import { atAccountOf, signedInAs } from './session.js';

async function deny(page: Page, app: App): Promise<void> {
  await begin(page, app);
  await giveName(page);
  await page.getByRole('button', { name: 'Deny' }).click();
}

test('R18: cancelling ends on a calm page', async ({ page, context, app, provider }) => {
  await deny(page, app);
  await problem(page, { code: 'cancelled', h1: 'You cancelled sign-in', status: 200 });
  await expect(page).toHaveTitle('You cancelled sign-in — Wrengate');
  await expect(page.getByRole('main')).toContainText(
    'You chose not to share your details with Wrengate. Nothing was shared and nothing changed.',
  );
  expect(await signedInAs(context, app)).toBeNull();
  expect((await provider.counts()).token).toBe(0);
});

test('R18: nothing starts by itself afterwards', async ({ page, app, provider }) => {
  await page.clock.install();
  await deny(page, app);
  await problem(page, 'cancelled');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.clock.fastForward('10:00');
  await ready(page);
  expect(asked).toEqual([]);
  expect(page.url()).toBe(`${app.origin}/problem/cancelled`);
  expect((await provider.counts()).authorize).toBe(1);
});

test('another try signs in', async ({ page, app }) => {
  await deny(page, app);
  await problem(page, 'cancelled');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await atAccountOf(page, app);
});

test('a reload of the page says the same and sends nothing', async ({ page, app, provider }) => {
  await deny(page, app);
  await problem(page, 'cancelled');
  await page.reload();
  await problem(page, { code: 'cancelled', h1: 'You cancelled sign-in', status: 200 });
  expect((await provider.counts()).authorize).toBe(1);
});

test('the answer of a sign-in that was cancelled opens nothing later', async ({ page, app, guard }) => {
  guard.allow(400, 401);
  const refused = page.waitForRequest((request) => request.url().startsWith(`${app.origin}/callback?error=`));
  await deny(page, app);
  await problem(page, 'cancelled');
  await page.goto((await refused).url());
  await problem(page, 'already-used');
});
