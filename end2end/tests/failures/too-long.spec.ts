import { expect, test } from '../../fixtures/index.js';
import { changeStore } from '../../fixtures/store.js';
import { endsIn, goesOn, pageStatus, standsAlone, WANTED, type Row } from '../../pages/failure.js';
import { holdAnswer } from '../../pages/index.js';

const row: Row = {
  code: 'too-long',
  status: 400,
  h1: 'That took a little too long',
  body: "For your safety a sign-in has to finish within 10 minutes. Start again whenever you're ready.",
  ways: ['Start again', 'Back to start'],
};

standsAlone(row);
const TEN_MINUTES_AGO = "UPDATE attempts SET expires = CAST(strftime('%s', 'now') AS INTEGER) - 1 WHERE stage = 'pending'";

test('an attempt that is ten minutes old ends here, and the way on goes where it wanted', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app, WANTED);
  expect(await changeStore(app, TEN_MINUTES_AGO)).toBeGreaterThan(0);
  await page.goto(answer.href);
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await goesOn(page, app, row);
});

test('it is named even where the browser has lost its cookie, but then goes nowhere special', async ({
  page, app, canaries, guard, context,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app, WANTED);
  await changeStore(app, TEN_MINUTES_AGO);
  await context.clearCookies({ name: 'wrengate-attempt' });
  await page.goto(answer.href);
  await endsIn(row, { page, app, canaries });
  await goesOn(page, app, row, { to: '/account' });
});
