import { expect, test } from '../../fixtures/index.js';
import {
  WANTED, endsIn, failsBy, failsByRefresh, goesOn, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { holdAnswer } from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'provider-unreachable',
  status: 502,
  h1: "We can't reach the development provider",
  body: 'The connection between Wrengate and the development provider is down. Your own connection is fine, so try again shortly.',
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
failsByRefresh(row, ['refresh-reset'], 'told');
failsBy(row, ['userinfo-reset']);

test('a provider that is gone when the code arrives ends here; once it is back, the way on signs in', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app, WANTED);
  await provider.kill();
  await page.goto(answer.href);
  await endsIn(row, { page, app, canaries });
  await provider.restart();
  await goesOn(page, app, row, { asks: 'name' });
});

test('R19: a provider that is not there stops a sign-in before anybody leaves, and nothing else', async ({
  page, guard, startApp, startProvider,
}) => {
  test.slow();
  guard.allow(pageStatus(row));
  const provider = await startProvider();
  await provider.kill();
  const app = await startApp({ provider, until: 'healthy' });
  expect((await fetch(`${app.origin}/readyz`)).status).toBe(503);
  await staysAtStart(page, app, "We couldn't reach the development provider, so sign-in hasn't started.");
  await provider.restart();
  await app.isReady();
  await startsNow(page);
});

test('down: a provider that breaks every connection stops a sign-in before anybody leaves', async ({
  page, guard, startApp, startProvider,
}) => {
  test.slow();
  guard.allow(pageStatus(row));
  const provider = await startProvider();
  await provider.arm('down');
  const app = await startApp({ provider, until: 'healthy' });
  await staysAtStart(page, app, "We couldn't reach the development provider, so sign-in hasn't started.");
  await nobodyWasAsked(provider);
  await provider.clear();
  await app.isReady();
  await startsNow(page);
});

test('the start page says beforehand that the provider cannot be reached', async ({
  page, startApp, startProvider,
}) => {
  test.slow();
  const provider = await startProvider();
  await provider.kill();
  const app = await startApp({ provider, until: 'healthy' });
  const warning = page.getByText(
    "The development provider can't be reached right now, so sign-in is temporarily unavailable. You can try anyway.",
  );
  await expect.poll(() => app.log()).toContain(`failure="${row.code}"`);
  await page.goto(`${app.origin}/`);
  await expect(warning).toBeVisible();
  await provider.restart();
  await app.isReady();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Wrengate' })).toBeVisible();
  await expect(warning).toHaveCount(0);
});
