import { expect, test } from '../../fixtures/index.js';
import { changeStore } from '../../fixtures/store.js';
import { goesOn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { signIn } from '../../pages/index.js';
import { endsWithTheSession } from '../../pages/session.js';

const row: Row = {
  code: 'session-over',
  status: 401,
  h1: 'Time to sign in again',
  body: 'A session lasts only so long, however much it is used, and this one is over.',
  ways: ['Sign in again', 'Back to start'],
};

standsAlone(row);
test('a session of twelve hours ends here however much it was used, and the way on signs in', async ({
  page, app, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  const over = "UPDATE sessions SET absolute_end = CAST(strftime('%s', 'now') AS INTEGER) - 1";
  expect(await changeStore(app, over)).toBeGreaterThan(0);
  await endsWithTheSession(row, { page, app, canaries });
  await goesOn(page, app, row, { to: '/account' });
});
