import { expect, test } from '../../fixtures/index.js';
import { expectSignedIn, standsAlone, type Row } from '../../pages/failure.js';
import {
  agree, begin, completionsOf, holdAnswer, ready, continueButton,
} from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysHere } from '../../pages/start-alert.js';

const row: Row = {
  code: 'app-unreachable',
  status: 'browser only',
  h1: "We can't reach Wrengate",
  body: "Your browser couldn't connect to Wrengate. Check your connection, then try again.",
  ways: ['Try again'],
};

standsAlone(row);
test('at the start it is told beside the button, and once the app is back the button works', async ({
  page, provider, guard, startApp,
}) => {
  guard.allow('network');
  const app = await startApp();
  await page.goto(`${app.origin}/`);
  await ready(page);
  await app.kill9();
  await continueButton(page).click();
  await staysHere(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await app.start();
  await startsNow(page);
});

test('an app that is gone when the answer arrives finishes the sign-in once it is back', async ({
  page, provider, canaries, guard, startApp,
}) => {
  guard.allow('network');
  const app = await startApp();
  const answer = await holdAnswer(page, app);
  const sent = completionsOf(page);
  let isGone = false;
  await page.route('**/api/complete_sign_in', async (route) => {
    if (!isGone) await app.kill9();
    isGone = true;
    await route.continue();
  });
  await page.goto(answer.href);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: row.body })).toBeVisible();
  expect(sent, 'one repeat').toHaveLength(2);
  await canaries.check(page, app);

  await app.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test('an answer that was lost is asked for again, and the code is redeemed once', async ({
  page, app, provider, guard,
}) => {
  guard.allow('network');
  const sent = completionsOf(page);
  await page.route('**/api/complete_sign_in', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  }, { times: 1 });
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(sent).toHaveLength(2);
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 1 });
});
