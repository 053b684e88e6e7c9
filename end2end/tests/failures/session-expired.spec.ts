import { expect, test } from '../../fixtures/index.js';
import { changeStore } from '../../fixtures/store.js';
import { expectNobody, goesOn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { problem, ready, signIn } from '../../pages/index.js';
import { endsWithTheSession } from '../../pages/session.js';

const row: Row = {
  code: 'session-expired',
  status: 401,
  h1: "You've been signed out",
  body: 'You were away for a while, so we ended your session to keep your account safe.',
  ways: ['Sign in again', 'Back to start'],
};

standsAlone(row);
const IDLE = "UPDATE sessions SET idle_end = CAST(strftime('%s', 'now') AS INTEGER) - 1";

test('a session that went unused ends here, takes its cookie back, and the way on signs in', async ({
  page, app, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  expect(await changeStore(app, IDLE)).toBeGreaterThan(0);
  await endsWithTheSession(row, { page, app, canaries });
  await goesOn(page, app, row, { to: '/account' });
});

test('a form that is sent after the session ended leads here too', async ({ page, app, guard }) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  await changeStore(app, IDLE);
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await problem(page, { code: row.code, h1: row.h1, status: pageStatus(row) });
});

test('a cookie from before signing out opens nothing', async ({
  page, app, guard, context,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  const old = (await context.cookies()).filter(({ name }) => name === 'wrengate');
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(`${app.origin}/signed-out`);
  await ready(page);
  await expectNobody(page);
  await context.addCookies(old);
  await page.goto('/account');
  await problem(page, { code: row.code, h1: row.h1, status: pageStatus(row) });
  await expectNobody(page);
});

test('every other page is of use without its session', async ({ page, app }) => {
  await signIn(page, app);
  await changeStore(app, IDLE);
  await page.goto('/');
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Wrengate' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Account', exact: true })).toHaveCount(0);
});
