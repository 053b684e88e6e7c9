import { expect, test } from '../../fixtures/index.js';
import {
  failsBy, failsByRefresh, standsAlone, toldAtAccount, type Row,
} from '../../pages/failure.js';
import { signIn } from '../../pages/index.js';

const row: Row = {
  code: 'subject-mismatch',
  status: 502,
  h1: "We couldn't trust the development provider's answer",
  body: "Your profile and your sign-in named different accounts, so we stopped. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
failsByRefresh(row, ['refresh-other-sub'], 'ends');
failsBy(row, ['userinfo-no-sub', 'userinfo-number-sub', 'userinfo-empty-sub', 'userinfo-other-sub']);

test('a refresh that names nobody is told at the account, and the profile stays as it was', async ({
  page, app, provider, canaries,
}) => {
  await signIn(page, app);
  await provider.arm('userinfo-no-sub');
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await toldAtAccount(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 2 });
});
