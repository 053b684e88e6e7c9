/** What one browser brought home from the provider is of no use in another. */
import { expect, test } from '../../fixtures/index.js';
import { begin, problem, ready } from '../../pages/index.js';
import { answerFor, atEmptyPage, call, fillStorage, proofFor, storageOf } from '../journeys/callback.js';
import { atAccountOf, signedInAs } from '../journeys/session.js';

test("code, state and verifier of one browser complete nothing with another's cookies", async ({
  page, context, app, provider, anotherBrowser, guard,
}) => {
  guard.allow(400);
  const proof = await proofFor(page, app);
  const thief = await anotherBrowser();
  const theirs = await thief.newPage();
  // With an attempt cookie of its own, which is not the one of this attempt.
  await begin(theirs, app);
  await expect(theirs.getByLabel('Your name')).toBeVisible();
  await theirs.goto('/');
  await ready(theirs);

  const refused = await call(theirs, '/api/complete_sign_in', proof);

  expect(refused).toMatchObject({ status: 400, body: { failure: 'state-unmatched' } });
  expect(refused.body.return_to).toBeUndefined();
  expect((await provider.counts()).token).toBe(0);
  expect(await signedInAs(thief, app)).toBeNull();

  // Nothing was closed by it: its own browser can still finish.
  await page.goto('/');
  await ready(page);
  expect(await call(page, '/api/complete_sign_in', proof)).toMatchObject({
    status: 200, body: { profile: { name: 'Ada Lovelace' } },
  });
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
  expect((await provider.counts()).token).toBe(1);
});

test('without any cookie it is the same', async ({ page, app, provider, anotherBrowser, guard }) => {
  guard.allow(400);
  const proof = await proofFor(page, app);
  const theirs = await (await anotherBrowser()).newPage();
  await theirs.goto('/');
  await ready(theirs);
  const refused = await call(theirs, '/api/complete_sign_in', proof);
  expect(refused).toMatchObject({ status: 400, body: { failure: 'state-unmatched' } });
  expect((await provider.counts()).token).toBe(0);
});

test('once completed, an attempt still answers its own browser alone', async ({ page, app, anotherBrowser, guard }) => {
  guard.allow(400);
  const proof = await proofFor(page, app);
  await page.goto('/');
  await ready(page);
  expect((await call(page, '/api/complete_sign_in', proof)).status).toBe(200);
  const thief = await anotherBrowser();
  const theirs = await thief.newPage();
  await theirs.goto('/');
  await ready(theirs);
  const refused = await call(theirs, '/api/complete_sign_in', proof);
  expect(refused).toMatchObject({ status: 400, body: { failure: 'state-unmatched' } });
  expect(await signedInAs(thief, app)).toBeNull();
});

test('an answer that returns to another browser is not matched there', async ({
  page, app, provider, anotherBrowser, guard,
}) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  const theirs = await (await anotherBrowser()).newPage();
  await theirs.goto(answer.href);
  await problem(theirs, { code: 'state-unmatched', h1: "We couldn't match this sign-in", status: 400 });
  await expect(theirs.getByRole('main')).toContainText('It may have started in another browser');
  expect((await provider.counts()).token).toBe(0);
  await page.goto(answer.href);
  await atAccountOf(page, app);
});

test('even with what the tab kept, another browser is refused by the app', async ({
  page, app, provider, anotherBrowser, guard,
}) => {
  guard.allow(400);
  const answer = await answerFor(page, app);
  await atEmptyPage(page, app);
  const theirs = await (await anotherBrowser()).newPage();
  await atEmptyPage(theirs, app);
  await fillStorage(theirs, await storageOf(page));
  const sent = theirs.waitForRequest('**/api/complete_sign_in');
  await theirs.goto(answer.href);
  await sent;
  await problem(theirs, 'state-unmatched');
  expect((await provider.counts()).token).toBe(0);
});
