import { expect, test } from '../../fixtures/index.js';
import {
  WANTED, endsIn, failsBy, failsByRefresh, goesOn, logged, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import {
  agree, begin, continueButton, ready,
} from '../../pages/index.js';
import { nobodyWasAsked } from '../../pages/start-alert.js';

const row: Row = {
  code: 'provider-timeout',
  status: 504,
  h1: "The development provider isn't answering",
  body: 'We waited 10 seconds and heard nothing. Your account is fine.',
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
failsByRefresh(row, ['refresh-slow'], 'told');
failsBy(row, ['token-drip', 'userinfo-slow']);

test('metadata that do not come stop a sign-in before anybody leaves', async ({
  page, guard, startApp, startProvider,
}) => {
  test.slow();
  guard.allow(pageStatus(row));
  const provider = await startProvider();
  await provider.arm('discovery-slow');
  const app = await startApp({ provider, until: 'healthy' });
  await expect.poll(() => logged(app, row).length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await fetch(`${app.origin}/readyz`)).status).toBe(503);
  await nobodyWasAsked(provider);
  await provider.clear();
  await app.isReady();
  await page.goto(`${app.origin}/`);
  await ready(page);
  await continueButton(page).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
});

test('whoever waits for the token endpoint is told so after a while, and why it ends', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await provider.arm('token-slow');
  await begin(page, app, WANTED);
  const sent = page.waitForRequest('**/api/complete_sign_in');
  await agree(page);
  await sent;
  await expect(page.getByRole('heading', { level: 1, name: 'Signing you in' })).toBeVisible();
  await expect(page.getByRole('status').filter({
    hasText: 'Still waiting for the development provider. This can take a few seconds.',
  })).toBeVisible();
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 0 });
  await provider.clear();
  await goesOn(page, app, row);
});
