import { expect, test } from '../../fixtures/index.js';
import { lockStore } from '../../fixtures/store.js';
import {
  alertOf, expectSignedIn, logged, pageStatus, standsAlone, wayOn, type Row,
} from '../../pages/failure.js';
import {
  accessible, completionsOf, continueButton, heldBack, holdAnswer, problem, ready, referenceOf, signIn,
} from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysHere } from '../../pages/start-alert.js';

const row: Row = {
  code: 'store-down',
  status: 503,
  h1: "Wrengate can't reach its records",
  body: "We couldn't look up sign-ins just now. Nothing is lost; try again in a minute.",
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
test('at the start it is told beside the button, and once the store is back the button works', async ({
  page, app, provider, guard,
}) => {
  guard.allow(pageStatus(row));
  await page.clock.install();
  const ask = await heldBack(page, '**/api/begin_sign_in');
  const unlock = await lockStore(app);
  const before = logged(app, row).length;
  await page.goto('/');
  await ready(page);
  await page.clock.pauseAt(Date.now() + 60_000);
  await continueButton(page).click();
  await page.clock.fastForward(4000);
  await expect(page.getByRole('status').filter({ hasText: 'Still preparing your sign-in…' })).toBeVisible();
  // The app gives up after 5 seconds, or after half of that where it was about to tidy its store up: too
  // soon for a slow look at what the page says meanwhile.
  ask();
  await staysHere(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  expect(logged(app, row)).toHaveLength(before + 1);
  await unlock();
  await startsNow(page);
});

test('at the end the sign-in waits, and once the store is back it is finished by one press', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app);
  const sent = completionsOf(page);
  const unlock = await lockStore(app);
  const refused = page.waitForResponse('**/api/complete_sign_in');
  await page.goto(answer.href);
  await refused;
  await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
  await expect(alertOf(page)).toHaveText(row.body);
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await canaries.check(page, app);

  await unlock();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.postData()).toBe(sent[0]?.postData());
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test('a sign-out that the store refuses says so, and the person is still signed in', async ({
  page, app, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  const unlock = await lockStore(app);
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await problem(page, { code: row.code, h1: row.h1, status: pageStatus(row) });
  await expect(page.getByText("You're still signed in here: signing out didn't go through.")).toBeVisible();
  await expect(wayOn(page, 'Try again'), 'that would sign in').toHaveCount(0);
  expect(logged(app, row).at(-1)).toContain(await referenceOf(page));
  await canaries.check(page, app);
  await accessible(page);
  await unlock();
  await wayOn(page, 'Sign out').click();
  await page.waitForURL(`${app.origin}/signed-out`);
});
