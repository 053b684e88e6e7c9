import { expect, test } from '../../fixtures/index.js';
import { failsBy, goesOn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { signIn } from '../../pages/index.js';
import { signedInAs } from '../journeys/session.js';

const row: Row = {
  code: 'access-ended',
  status: 401,
  h1: 'Your access has ended',
  body: 'The development provider no longer accepts this sign-in. Sign in again to see your profile.',
  ways: ['Sign in again', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['userinfo-401']);

test('an access token that is refused again once it was renewed ends the session', async ({
  page, app, provider, canaries, guard, context,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  await provider.arm('userinfo-401');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await page.waitForURL(`**/problem/${row.code}`);
  await expect(page.getByText("You're signed in now.")).toHaveCount(0);
  expect(await signedInAs(context, app)).toBeNull();
  expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 3 });
  await canaries.check(page, app);
});

for (const fault of ['refresh-invalid-grant', 'refresh-400']) {
  test(`a refresh token that is not accepted (${fault}) ends the session`, async ({
    page, app, provider, canaries, guard, context,
  }) => {
    guard.allow(pageStatus(row));
    await provider.arm('token-short-expiry');
    await provider.arm(fault);
    await signIn(page, app);
    await page.getByRole('button', { name: 'Refresh profile' }).click();
    await page.waitForURL(`**/problem/${row.code}`);
    expect(await signedInAs(context, app)).toBeNull();
    expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 1 });
    await canaries.check(page, app);
  });
}

test('the way on from a refused refresh signs in anew', async ({ page, app, provider, guard, context }) => {
  guard.allow(pageStatus(row));
  const session = async (): Promise<string | undefined> => (await context.cookies())
    .find(({ name }) => name === 'wrengate')?.value;
  await signIn(page, app);
  const before = await session();
  await provider.arm('userinfo-401');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await page.waitForURL(`**/problem/${row.code}`);
  await provider.clear();
  await goesOn(page, app, row, { to: '/account' });
  expect(await session()).not.toBe(before);
});

test('an access token that is nearly over is renewed, and nothing is lost to trouble with it', async ({
  page, app, provider, canaries,
}) => {
  await provider.arm('token-short-expiry');
  await provider.arm('refresh-short-expiry');
  await signIn(page, app);
  for (const round of [1, 2]) {
    await page.getByRole('button', { name: 'Refresh profile' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Profile updated.' })).toBeVisible();
    expect(await provider.counts()).toMatchObject({ token: 1 + round, userinfo: 1 + round });
    await page.goto('/account');
  }
  await canaries.check(page, app);
});
