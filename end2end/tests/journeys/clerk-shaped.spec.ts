/** A provider that names people as Clerk does: `user_id` and no `sub`, and metadata of its own. */
import { expect, test } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';
import { atAccountOf, signOutEverywhere } from './session.js';

test('a Clerk-shaped profile signs in and shows the username', async ({ page, app, provider }) => {
  await provider.arm('userinfo-clerk');
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(app.origin)) bodies.push(response.text().catch(() => ''));
  });
  await signIn(page, app, { name: 'Ada Lovelace' });
  await atAccountOf(page, app);
  const profile = page.getByRole('region', { name: 'Profile' });
  await expect(profile.getByRole('definition')).toHaveText([
    'Ada Lovelace', 'Ada', 'Lovelace', 'ada', 'ada@example.org',
  ]);
  await expect(page.getByText('Verified', { exact: true })).toBeVisible();
  const seen = await Promise.all(bodies);
  expect(seen.some((body) => body.includes('Ada Lovelace'))).toBe(true);
  expect(seen.filter((body) => /private-metadata-must-not-be-seen|ins_development|user_id/.test(body))).toEqual([]);
});

test('the same person of a Clerk-shaped provider is the same person the next time', async ({
  page, app, provider, anotherBrowser, guard,
}) => {
  guard.allow(401);
  await provider.arm('userinfo-clerk', { times: 2 });
  const elsewhere = await (await anotherBrowser()).newPage();
  await signIn(elsewhere, app);
  await signIn(page, app);
  await signOutEverywhere(page);
  await elsewhere.goto('/account');
  await elsewhere.waitForURL('**/problem/session-revoked');
});
