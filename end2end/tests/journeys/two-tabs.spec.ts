/** Two sign-ins at once in one browser. */
import { expect, test } from '../../fixtures/index.js';
import { allowButton, begin, giveName, ready } from '../../pages/index.js';
import { atAccountOf, signedInAs } from './session.js';

for (const order of ['the one begun first', 'the one begun last']) {
  test(`R10: two tabs sign in at once, ${order} finishing first`, async ({ page: first, context, app, provider }) => {
    const last = await context.newPage();
    await begin(first, app);
    await expect(first.getByLabel('Your name')).toBeVisible();
    await begin(last, app);
    await expect(last.getByLabel('Your name')).toBeVisible();
    const tabs = order === 'the one begun first' ? [first, last] as const : [last, first] as const;
    const [winner, later] = tabs;

    await giveName(winner, 'Ada Lovelace');
    await allowButton(winner).click();
    await atAccountOf(winner, app, 'Ada Lovelace');
    await giveName(later, 'Grace Hopper');
    await allowButton(later).click();
    await atAccountOf(later, app, 'Grace Hopper');

    expect((await provider.counts()).token).toBe(2);
    expect(await signedInAs(context, app)).toBe('Grace Hopper');
    await winner.reload();
    await atAccountOf(winner, app, 'Grace Hopper');
  });
}

test('a sixth sign-in puts the oldest out and leaves the others working', async ({
  page, context, app, guard, provider,
}) => {
  test.slow();
  guard.allow(400);
  const others = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
  for (const tab of [page, ...others]) {
    await begin(tab, app);
    await expect(tab.getByLabel('Your name')).toBeVisible();
  }
  const [second] = others;
  await giveName(page);
  await allowButton(page).click();
  await page.waitForURL('**/problem/state-unmatched');
  expect((await provider.counts()).token).toBe(0);

  if (second === undefined) throw new Error('no second tab');
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.waitForURL((url) => url.pathname === '/account');
  await ready(second);
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});
