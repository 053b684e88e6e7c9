import { expect, test } from '../../fixtures/index.js';
import { expectSignedIn, standsAlone, type Row } from '../../pages/failure.js';
import {
  agree, begin, completionsOf, continueButton, ready,
} from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysHere } from '../../pages/start-alert.js';

const row: Row = {
  code: 'offline',
  status: 'browser only',
  h1: "You're offline",
  body: "Reconnect and we'll pick up where you left off.",
  ways: ['Try again'],
};

standsAlone(row);
test('R21: at the start it is told beside the button, and once online the button works', async ({
  page, app, provider, context,
}) => {
  await page.goto('/');
  await ready(page);
  await context.setOffline(true);
  await continueButton(page).click();
  await staysHere(page, app, "You're offline. Reconnect, then try again.");
  await nobodyWasAsked(provider);
  await context.setOffline(false);
  await startsNow(page);
});

test('R21: in the exchange the sign-in waits, and once online it goes on by itself', async ({
  page, app, provider, context, guard,
}) => {
  guard.allow('network');
  const sent = completionsOf(page);
  await page.route('**/api/complete_sign_in', async (route) => {
    await context.setOffline(true);
    await route.abort('internetdisconnected');
  });
  await begin(page, app);
  await agree(page);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: row.body })).toBeVisible();
  await expect(page.getByText('Your sign-in is still waiting; nothing is lost.')).toBeVisible();
  expect(new URL(page.url()).search).toBe('');
  expect(sent, 'one repeat').toHaveLength(2);
  expect(await provider.counts()).toMatchObject({ token: 0 });

  await page.unroute('**/api/complete_sign_in');
  await context.setOffline(false);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});
