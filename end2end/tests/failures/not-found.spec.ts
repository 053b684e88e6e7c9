import { expect, test } from '../../fixtures/index.js';
import { pageStatus, standsAlone, wayOn, type Row } from '../../pages/failure.js';
import { accessible, ready, signIn } from '../../pages/index.js';

const row: Row = {
  code: 'not-found',
  status: 404,
  h1: "There's nothing here",
  body: 'The address may be mistyped, or the page may have moved.',
  ways: ['Back to start', 'Account'],
  calm: true,
  bare: true,
};

standsAlone(row);
const NOWHERE = ['/nowhere', '/problem/no-such-problem', '/problem/', '/account/more', '/callback/more', '/pkg/gone.js'];

for (const path of NOWHERE) {
  test(`${path} is not there, and says so`, async ({ page, app, guard }) => {
    guard.allow(pageStatus(row));
    const response = await page.goto(path);
    expect(response?.status()).toBe(row.status);
    expect(response?.headers()['cache-control']).toBe('no-store');
    await ready(page);
    await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
    await expect(page.getByText(row.body)).toBeVisible();
    await expect(page).toHaveTitle(`${row.h1} — Wrengate`);
    await wayOn(page, 'Back to start').click();
    await page.waitForURL(`${app.origin}/`);
  });
}

test('an address that is not there is accessible in both schemes, narrow and wide', async ({ page, guard }) => {
  guard.allow(pageStatus(row));
  await page.goto('/nowhere');
  await ready(page);
  await accessible(page);
});

test('whoever is signed in is offered the account', async ({ page, app, guard }) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  await page.goto('/nowhere');
  await ready(page);
  await wayOn(page, 'Account').click();
  await page.waitForURL(`${app.origin}/account`);
});
