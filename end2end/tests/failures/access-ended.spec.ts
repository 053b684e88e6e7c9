import { expect, test } from '../../fixtures/index.js';
import { endsInSession, failsBy, goesOn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { signIn } from '../../pages/index.js';

const row: Row = {
  code: 'access-ended',
  status: 401,
  h1: 'Your access has ended',
  body: 'The development provider no longer accepts this sign-in. Sign in again to see your profile.',
  ways: ['Sign in again', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['userinfo-401']);

test('a refresh with a token that the provider no longer accepts ends here; the session goes on', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await signIn(page, app);
  await provider.arm('userinfo-401');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await endsInSession(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 2 });
});

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

test('a token that is over by our own clock is not sent', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await provider.arm('token-short-expiry');
  await signIn(page, app);
  await expect(page.getByText("Expired. Your Wrengate session still works; the token renews when it's needed.")).toBeVisible();
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await endsInSession(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 1 });
});
