import { test } from '../../fixtures/index.js';
import {
  expectNobody, expectSignedIn, goesOn, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { ready, signIn } from '../../pages/index.js';
import { endsWithTheSession } from '../../pages/session.js';

const row: Row = {
  code: 'session-revoked',
  status: 401,
  h1: 'This browser was signed out',
  body: "Someone using your account signed this browser out. If that wasn't you, change your password at the development provider.",
  ways: ['Sign in again', 'Back to start'],
};

standsAlone(row);
test('signing out everywhere from another browser ends here; nobody else is signed out', async ({
  page, app, canaries, guard, anotherBrowser,
}) => {
  guard.allow(pageStatus(row));
  const other = await (await anotherBrowser()).newPage();
  const stranger = await (await anotherBrowser()).newPage();
  await signIn(page, app);
  await signIn(other, app);
  await signIn(stranger, app, { name: 'Grace Hopper' });

  await other.getByText('Sign out everywhere').first().click();
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await other.waitForURL(`${app.origin}/signed-out`);
  await ready(other);
  await expectNobody(other);

  await endsWithTheSession(row, { page, app, canaries });
  await goesOn(page, app, row, { to: '/account' });
  await expectSignedIn(page);
  await stranger.reload();
  await stranger.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor();
});
