import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, endsLocally, expectSignedIn, goesOn, logged, pageStatus, standsAlone, WANTED, type Row,
} from '../../pages/failure.js';
import {
  begin, changed, completionsOf, continueButton, holdAnswer, keepAttempt, keptAttempt, ready,
} from '../../pages/index.js';
import { startsNow, staysHere } from '../../pages/start-alert.js';

const row: Row = {
  code: 'already-used',
  status: 400,
  h1: 'This sign-in link was already used',
  body: 'Each link works once. Start again to get a new one.',
  ways: ['Start again', 'Back to start'],
};

standsAlone(row);
test('a failed link opened again in its tab ends here unsent, and the way on signs in', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row), 401);
  await provider.arm('token-invalid-grant');
  const answer = await holdAnswer(page, app);
  await page.goto(answer.href);
  await page.waitForURL('**/problem/code-expired');
  const sent = completionsOf(page);
  await page.goto(answer.href);
  await endsLocally(row, { page, app, canaries });
  expect(sent).toHaveLength(0);
  expect(await provider.counts()).toMatchObject({ token: 1 });
  await goesOn(page, app, row, { to: '/account' });
});

test('an attempt that was used is not revived by another code', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row), 401);
  await provider.arm('token-invalid-grant');
  const answer = await holdAnswer(page, app, WANTED);
  const entry = await keptAttempt(page, answer);
  await page.goto(answer.href);
  await page.waitForURL('**/problem/code-expired');
  await keepAttempt(page, answer, entry);
  await page.goto(changed(answer, { code: 'another-code-of-the-same-provider' }));
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 1 });
  await goesOn(page, app, row);
});

test('a spent link leads whoever is signed in to the account', async ({ page, app, provider }) => {
  const answer = await holdAnswer(page, app);
  await page.goto(answer.href);
  await page.waitForURL(`${app.origin}/account`);
  await page.goto(answer.href);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test('a state that repeats is refused beside the button, for no random source repeats', async ({
  page, app, provider, guard,
}) => {
  guard.allow(pageStatus(row));
  await page.addInitScript(() => {
    const real = Crypto.prototype.getRandomValues;
    Crypto.prototype.getRandomValues = (array) => {
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(7);
      return array;
    };
    addEventListener('entropy', () => { Crypto.prototype.getRandomValues = real; });
  });
  const before = logged(app, row).length;
  await begin(page, app);
  await expect(page.getByLabel('Your name')).toBeVisible();
  await page.goto('/');
  await ready(page);
  await continueButton(page).click();
  await staysHere(page, app, `${row.h1}. ${row.body}`);
  expect(logged(app, row)).toHaveLength(before + 1);
  expect(await provider.counts()).toMatchObject({ authorize: 1 });
  await page.evaluate(() => dispatchEvent(new Event('entropy')));
  await startsNow(page);
});
