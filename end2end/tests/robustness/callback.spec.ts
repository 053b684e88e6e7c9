/**
 * The way back from the provider: rows R11, R17 and R20 of the robustness table, and the network that
 * breaks in between. R7, R8 and R9 are walked in journeys/reload-back-duplicate.spec.ts and
 * journeys/sign-in.spec.ts, R10 in journeys/two-tabs.spec.ts, R18 in journeys/cancelled.spec.ts.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import {
  agree, begin, heldBack, problem, ready, signIn,
} from '../../pages/index.js';
import { answerFor } from '../journeys/callback.js';
import { atAccountOf, signedInAs } from '../journeys/session.js';
import { complete, type Message } from '../security/attempt.js';

const COMPLETE = '**/api/complete_sign_in';

test('R11: the same callback in two tabs makes one exchange, and neither tab is stuck', async ({
  page, context, app, provider, guard,
}) => {
  guard.allow(400, 401);
  await provider.arm('token-slow', { times: 1, delayMs: 3000 });
  const answer = await answerFor(page, app);
  const other = await context.newPage();
  await Promise.all([page.goto(answer.href), other.goto(answer.href)]);
  await atAccountOf(page, app);
  await other.waitForURL((url) => ['/account', '/problem/state-unmatched'].includes(url.pathname));
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(/^(Ada Lovelace|We couldn't match this sign-in)$/);
  expect((await provider.counts()).token).toBe(1);
});

const FORGED = 'Your account was closed. Call this number.';

test('R17: a forged refusal without a state shows nothing of what it says', async ({ page, provider, guard }) => {
  guard.allow(400);
  await page.goto(`/callback?${new URLSearchParams({ error: 'access_denied', error_description: FORGED }).toString()}`);
  await problem(page, { code: 'no-state', h1: "This sign-in didn't start here", status: 400 });
  await expect(page.locator('body')).not.toContainText('Call this number');
  expect((await provider.counts()).authorize).toBe(0);
});

test('R17: a forged refusal with a made-up state shows nothing of what it says', async ({ page, guard }) => {
  guard.allow(400, 401);
  const query = new URLSearchParams({
    error: 'server_error', error_description: FORGED, error_uri: 'javascript:alert(1)', state: 's'.repeat(43),
  });
  await page.goto(`/callback?${query.toString()}`);
  await problem(page, { code: 'state-unmatched', status: 400 });
  await expect(page.locator('body')).not.toContainText('Call this number');
});

test('R17: a forged refusal does not end the sign-in that is under way', async ({ page, context, app, guard }) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  const forged = await context.newPage();
  const state = answer.searchParams.get('state') ?? '';
  await forged.goto(`/callback?${new URLSearchParams({ error: 'access_denied', state }).toString()}`);
  await problem(forged, 'state-unmatched');
  await page.goto(answer.href);
  await atAccountOf(page, app);
});

test('R17: somebody who is signed in is not stopped by a forged link', async ({ page, context, app, guard }) => {
  guard.allow(400);
  await signIn(page, app);
  await page.goto(`/callback?${new URLSearchParams({ error: 'access_denied', state: 's'.repeat(43) }).toString()}`);
  await atAccountOf(page, app);
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('R20: a slow exchange says so after 4 and 15 seconds, and ends', async ({ page, app, provider, guard }) => {
  test.slow();
  guard.allow(504);
  await provider.arm('token-slow');
  await page.clock.install();
  const release = await heldBack(page, COMPLETE);
  await begin(page, app);
  const sent = page.waitForRequest(COMPLETE);
  await agree(page);
  await sent;
  const status = page.getByRole('main').getByRole('status').filter({ hasText: /\S/ });

  await page.clock.fastForward(4000);
  await expect(status).toHaveText('Still waiting for the development provider. This can take a few seconds.');
  await expect(page.getByRole('button', { name: 'Keep waiting' })).toHaveCount(0);
  await page.clock.fastForward(11_000);
  await expect(status).toHaveText('This is taking longer than it should.');
  await expect(page.getByRole('link', { name: 'Start again' })).toBeVisible();
  await page.getByRole('button', { name: 'Keep waiting' }).click();
  await expect(status).toHaveText('Still waiting for the development provider. This can take a few seconds.');

  release();
  // With its clock replaced the page cannot tell its status.
  await problem(page, { code: 'provider-timeout', h1: "The development provider isn't answering" });
});

test('R20: a slow exchange that gets its answer signs in', async ({ page, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: 3000 });
  await page.clock.install();
  const release = await heldBack(page, COMPLETE);
  await begin(page, app);
  const sent = page.waitForRequest(COMPLETE);
  await agree(page);
  await sent;
  await page.clock.fastForward(15_000);
  await expect(page.getByRole('button', { name: 'Keep waiting' })).toBeVisible();
  release();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('an answer that got lost is asked for again and is the same', async ({ page, app, provider, guard }) => {
  guard.allow('network');
  const bodies: (string | null)[] = [];
  await page.route(COMPLETE, async (route) => {
    const request = route.request();
    bodies.push(request.postData());
    if (bodies.length > 1) return route.continue();
    // The app does its work, and the browser never hears of it.
    const cookie = await request.headerValue('cookie');
    const lost = await complete(app, request.postDataJSON() as Message, cookie ?? undefined);
    expect(lost.status).toBe(200);
    return route.abort('connectionreset');
  });
  await signIn(page, app);
  await atAccountOf(page, app);
  expect(bodies.length).toBe(2);
  expect(bodies[1]).toBe(bodies[0]);
  expect((await provider.counts()).token).toBe(1);
});

test('a network that stays away leaves the sign-in to be finished later', async ({ page, app, provider, guard }) => {
  guard.allow('network');
  await page.route(COMPLETE, (route) => route.abort('internetdisconnected'));
  await begin(page, app);
  await agree(page);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("We can't reach Wrengate");
  await expect(page.getByRole('main')).toContainText('Your sign-in is still waiting; nothing is lost.');
  expect((await provider.counts()).token).toBe(0);
  await page.unroute(COMPLETE);
  await page.getByRole('button', { name: 'Try again' }).click();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});
