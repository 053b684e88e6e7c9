/** The callback page never dead-ends, however it is come to. */
import type { Page } from '@playwright/test';
import { expect, test, type Provider } from '../../fixtures/index.js';
import { agree, begin, continueButton, problem, ready, signIn } from '../../pages/index.js';
import { ATTEMPT_KEY, answerFor, atEmptyPage, fillStorage, storageOf } from './callback.js';
import { atAccountOf, atSignIn, signedInAs, signOut } from './session.js';

/** How long the exchange takes where something happens during it: the app waits for 5 seconds. */
const EXCHANGE_MS = 3000;

/** Resolves as soon as the exchange has begun, because what happens next has to happen during it. */
async function exchangeBegins(provider: Provider): Promise<void> {
  await expect.poll(async () => (await provider.counts()).token, { intervals: [20] }).toBe(1);
}

/**
 * Keeps from the page how the exchange ended, until the answer is called: with that it would leave, which on a
 * slow machine is before anything else has happened.
 */
async function keepWaiting(page: Page): Promise<() => Promise<void>> {
  // Below Playwright's own routes the call stays the browser's, and breaks off with the page.
  const session = await page.context().newCDPSession(page);
  const patterns = [{ urlPattern: '*/api/complete_sign_in', requestStage: 'Response' as const }];
  await session.send('Fetch.enable', { patterns });
  return () => session.detach();
}

test('R7: a reload during the exchange signs in with the one exchange', async ({ page, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: EXCHANGE_MS });
  const release = await keepWaiting(page);
  await begin(page, app);
  await agree(page);
  await exchangeBegins(provider);
  await expect(page).toHaveURL(`${app.origin}/callback`);
  const again = page.waitForRequest('**/api/complete_sign_in');
  await page.reload({ waitUntil: 'commit' });
  await release();
  await again;
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
  expect(Object.keys(await storageOf(page))).toEqual([expect.stringContaining(ATTEMPT_KEY)]);
});

test('R7: several reloads during the exchange change nothing', async ({ page, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: EXCHANGE_MS });
  const release = await keepWaiting(page);
  await begin(page, app);
  await agree(page);
  await exchangeBegins(provider);
  for (let times = 0; times < 2; times += 1) await page.reload();
  const again = page.waitForRequest('**/api/complete_sign_in');
  await page.reload({ waitUntil: 'commit' });
  await release();
  await again;
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('a reload after the sign-in shows the account again', async ({ page, app, provider }) => {
  await signIn(page, app);
  await page.reload();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('a bookmark of the callback leads somebody who is signed in to the account', async ({ page, app, provider }) => {
  await signIn(page, app);
  await page.goto('/callback');
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('a bookmark of the callback offers a sign-in to somebody who is signed out', async ({ page, app, guard }) => {
  guard.allow(401);
  await page.goto('/callback');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No sign-in is waiting here');
  await expect(page.getByRole('main')).toContainText('If you were signing in, start again.');
  await continueButton(page).click();
  await agree(page);
  await atAccountOf(page, app);
});

test('R8: a used callback in a new tab leads somebody who is signed in to the account', async ({
  page, context, app, provider,
}) => {
  const answer = await answerFor(page, app);
  await page.goto(answer.href);
  await atAccountOf(page, app);

  const pasted = await context.newPage();
  const posted: string[] = [];
  pasted.on('request', (request) => posted.push(new URL(request.url()).pathname));
  await pasted.goto(answer.href);
  await atAccountOf(pasted, app);
  expect(posted).not.toContain('/api/complete_sign_in');
  expect((await provider.counts()).token).toBe(1);
});

test('R8: a used callback in a new tab of somebody who signed out is not matched', async ({
  page, context, app, provider, guard,
}) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  await page.goto(answer.href);
  await atAccountOf(page, app);
  await signOut(page);
  await page.waitForURL('**/signed-out');

  const pasted = await context.newPage();
  await pasted.goto(answer.href);
  await problem(pasted, { code: 'state-unmatched', h1: "We couldn't match this sign-in", status: 400 });
  await pasted.getByRole('button', { name: 'Start again' }).click();
  await pasted.waitForURL(`${app.origin}/account`);
  expect((await provider.counts()).token).toBe(2);
});

test('the same callback again in the same tab leads on to the account', async ({ page, app, provider }) => {
  const answer = await answerFor(page, app);
  await page.goto(answer.href);
  await atAccountOf(page, app);
  await page.goto(answer.href);
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('R8: the same callback again after signing out is known to be used', async ({ page, app, provider, guard }) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  await page.goto(answer.href);
  await atAccountOf(page, app);
  await signOut(page);
  await page.waitForURL('**/signed-out');
  await page.goto(answer.href);
  await problem(page, { code: 'already-used', h1: 'This sign-in link was already used', status: 400 });
  expect((await provider.counts()).token).toBe(1);
});

test('a duplicated tab ends signed in with the same exchange', async ({ page, context, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: 1500 });
  const answer = await answerFor(page, app);
  await atEmptyPage(page, app);
  const duplicate = await context.newPage();
  await atEmptyPage(duplicate, app);
  await fillStorage(duplicate, await storageOf(page));

  await Promise.all([page.goto(answer.href), duplicate.goto(answer.href)]);

  await atAccountOf(page, app);
  await atAccountOf(duplicate, app);
  expect((await provider.counts()).token).toBe(1);
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('a tab that was duplicated during the exchange gets its outcome', async ({ page, context, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: EXCHANGE_MS });
  const release = await keepWaiting(page);
  await begin(page, app);
  await agree(page);
  await exchangeBegins(provider);
  const kept = await storageOf(page);
  const duplicate = await context.newPage();
  await atEmptyPage(duplicate, app);
  await fillStorage(duplicate, kept);

  await duplicate.goto('/callback');

  await atAccountOf(duplicate, app);
  await release();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('R9: Back from the account leads past the callback', async ({ page, app, guard }) => {
  // The provider says that its page is over.
  guard.allow(400);
  await signIn(page, app);
  await page.goBack();
  expect(new URL(page.url()).pathname).not.toBe('/callback');
  await page.goForward();
  await atAccountOf(page, app);
});

test('signing out and Back to the callback starts nothing', async ({ page, app, provider, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  await signOut(page);
  await page.waitForURL('**/signed-out');
  const { authorize, token } = await provider.counts();
  await page.goto('/callback');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No sign-in is waiting here');
  await page.goto('/');
  await atSignIn(page, app);
  await ready(page);
  expect(await provider.counts()).toMatchObject({ authorize, token });
});
