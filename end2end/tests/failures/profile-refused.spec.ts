import { expect, test } from '../../fixtures/index.js';
import {
  alertOf, endsIn, expectCalls, expectSignedIn, goesOn, pageStatus, standsAlone, wayOn, type Row,
} from '../../pages/failure.js';
import { agree, allowButton, begin, signIn } from '../../pages/index.js';

const row: Row = {
  code: 'profile-refused',
  status: 403,
  h1: "Wrengate isn't allowed to see your profile",
  body: "The development provider won't share your profile without extra permission, so you can't be signed in.",
  ways: ['Allow access', 'Back to start'],
};

standsAlone(row);

test('without an ID token userinfo-403 at the provider ends here, and the way on signs in', async ({
  page, startApp, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const app = await startApp({ provider, env: { WRENGATE_SCOPES: 'profile email' } });
  await provider.arm('userinfo-403');
  await begin(page, app, '/account');
  await agree(page);
  await endsIn(row, { page, app, canaries });
  await expectCalls(provider, 'userinfo-403');
  await provider.clear();
  await goesOn(page, app, row, { asks: 'consent', to: '/account' });
});

test('whoever is signed in without it is not told to be signed out by a refresh', async ({ page, app, provider }) => {
  await provider.arm('userinfo-403', { times: 'always' });
  await signIn(page, app);
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(alertOf(page)).toContainText("Couldn't refresh your profile from the development provider.");
  expect(new URL(page.url()).pathname).toBe('/account');
  await expect(page.getByText("You're signed in, but the development provider won't share your profile")).toBeVisible();
});

test('with an ID token the person is known, and their page tells what is missing', async ({ page, app, provider }) => {
  await provider.arm('userinfo-403');
  await signIn(page, app);
  const notice = page.getByText("You're signed in, but the development provider won't share your profile");
  await expect(notice).toBeVisible();
  await provider.clear();
  await wayOn(page, 'Allow access').click();
  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  await expect(notice).toHaveCount(0);
});
