import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, endsLocally, expectSignedIn, goesOn, logged, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import {
  agree, begin, changed, completionsOf, holdAnswer, keepAttempt, keptAttempt, ready, signIn,
} from '../../pages/index.js';

const row: Row = {
  code: 'state-unmatched',
  status: 400,
  h1: "We couldn't match this sign-in",
  body: 'It may have started in another browser or been open too long. Nothing is wrong with your account.',
  ways: ['Start again', 'Back to start'],
};

standsAlone(row);
for (const fault of ['wrong-state', 'denied-wrong-state']) {
  test(`${fault} at the provider ends here unsent, and shows nothing of the answer`, async ({
    page, app, provider, guard,
  }) => {
    guard.allow(pageStatus(row), 401);
    const sent = completionsOf(page);
    await provider.arm(fault);
    await begin(page, app);
    await agree(page);
    await page.waitForURL(`**/problem/${row.code}`);
    await ready(page);
    await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
    expect(await page.content()).not.toMatch(/must not be shown|access_denied/);
    expect(sent).toHaveLength(0);
    expect(await provider.counts()).toMatchObject({ authorize: 1, token: 0 });
    await goesOn(page, app, row, { to: '/account' });
  });
}

test("another browser cannot use the answer, and the right one still can", async ({
  page, app, provider, canaries, guard, anotherBrowser,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  const other = await (await anotherBrowser()).newPage();
  const sent = completionsOf(other);
  await other.goto(answer.href);
  await endsLocally(row, { page: other, app, canaries });
  expect(sent).toHaveLength(0);
  await page.goto(answer.href);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test('another browser that also got hold of the verifier is refused by the server', async ({
  page, app, provider, canaries, guard, anotherBrowser,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  const stolen = await keptAttempt(page, answer);
  const other = await (await anotherBrowser()).newPage();
  await begin(other, app);
  await expect(other.getByLabel('Your name')).toBeVisible();
  await other.goto(`${app.origin}/`);
  await other.evaluate(() => sessionStorage.clear());
  await keepAttempt(other, answer, stolen);
  await other.goto(answer.href);
  await endsIn(row, { page: other, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await page.goto(answer.href);
  await page.waitForURL(`${app.origin}/account`);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test('a tab whose storage was cleared sends nothing, and the way on signs in', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(answer.href);
  await endsLocally(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await goesOn(page, app, row, { to: '/account' });
});

test('cookies that were cleared on the way end here by the server', async ({
  page, app, provider, canaries, guard, context,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  await context.clearCookies({ name: 'wrengate-attempt' });
  await page.goto(answer.href);
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await goesOn(page, app, row, { to: '/account' });
});

test('a malformed state ends here unsent', async ({ page, app, canaries, guard }) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  const sent = completionsOf(page);
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(changed(answer, { state: 'no state of ours' }));
  await endsLocally(row, { page, app, canaries });
  expect(sent).toHaveLength(0);
});

test('whoever is signed in is led to the account instead', async ({ page, app }) => {
  await signIn(page, app);
  const before = logged(app, row).length;
  await page.goto(`${app.origin}/callback?code=abc&state=${'s'.repeat(43)}`);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(logged(app, row)).toHaveLength(before);
});
