/** In a full run nothing secret is where it does not belong. */
import type { BrowserContext } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { begin, problem, signIn } from '../../pages/index.js';
import { ATTEMPT_KEY, answerFor, atEmptyPage, fillStorage } from '../journeys/callback.js';
import { atAccountOf, signOut } from '../journeys/session.js';

const PERSON = { name: 'Zenobia Quicksilver', email: 'zenobia@example.org' };

const TOKENS = /access_token|refresh_token|id_token/;

/** Everything that a browser gets from the app, and that the app is asked for without it. */
function everythingFrom(app: App, context: BrowserContext): () => Promise<string[]> {
  const bodies: Promise<string>[] = [];
  context.on('response', (response) => {
    if (!response.url().startsWith(app.origin)) return;
    bodies.push(response.body().then((body) => body.toString('latin1'), () => ''));
  });
  return () => Promise.all(bodies);
}

test('no token reaches the browser and no secret the log or the page', async ({ page, context, app, canaries }) => {
  const received = everythingFrom(app, context);
  const logged = app.log().length;
  await signIn(page, app, PERSON);
  await canaries.check(page, app);
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await expect(page.getByText('Profile updated.')).toBeVisible();
  await canaries.check(page, app);
  await signOut(page);
  await page.waitForURL('**/signed-out');
  await canaries.check(page, app);

  const bodies = await received();
  expect(bodies.some((body) => body.includes(PERSON.name))).toBe(true);
  expect(bodies.filter((body) => TOKENS.test(body))).toEqual([]);
  // State, nonce, code, verifier and two cookies.
  await expect.poll(() => canaries.caught().length).toBeGreaterThanOrEqual(6);
  const log = app.log().slice(logged);
  expect(log).not.toContain(PERSON.name);
  expect(log).not.toContain(PERSON.email);
});

test('a failed sign-in tells no secret either', async ({ page, context, app, provider, canaries, guard }) => {
  guard.allow(400);
  const received = everythingFrom(app, context);
  const logged = app.log().length;
  await provider.arm('token-invalid-grant');
  await signIn(page, app, { ...PERSON, until: 'consent' });
  await page.getByRole('button', { name: 'Allow' }).click();
  await problem(page, 'code-expired');
  await canaries.check(page, app);
  const codes = canaries.caught();
  for (const body of await received()) {
    // The one answer that carries state and nonce is the one that says where to go.
    if (body.includes('"authorization_url"')) continue;
    expect(codes.filter((secret) => body.includes(secret))).toEqual([]);
  }
  expect(app.log().slice(logged)).toContain('code-expired');
  expect(app.log().slice(logged)).not.toContain(PERSON.email);
});

test('neither the module nor a script nor a page holds the secret of the client', async ({
  page, context, startApp, startProvider,
}) => {
  const secret = 'planted-secret-of-this-very-client';
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: secret } });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: secret },
  });
  const received = everythingFrom(app, context);
  await signIn(page, app, PERSON);
  const bodies = await received();
  expect(bodies.some((body) => body.startsWith('\0asm'))).toBe(true);
  expect(bodies.filter((body) => body.includes(secret))).toEqual([]);
  expect(app.log()).not.toContain(secret);
});

test('the most talkative log holds no secret', async ({ page, startApp, canaries, provider }) => {
  const app = await startApp({ env: { RUST_LOG: 'trace' } });
  await provider.arm('userinfo-clerk');
  await signIn(page, app, PERSON);
  await canaries.check(page, app);
  expect(app.log().length).toBeGreaterThan(1000);
  expect(app.log()).not.toContain(PERSON.name);
  expect(app.log()).not.toContain(PERSON.email);
});

test('what a browser makes up is not repeated in the log or the answer', async ({ page, app, guard }) => {
  guard.allow(400, 401);
  const planted = 'PlantedValueThatNobodyMayRepeat0123456789abc';
  const logged = app.log().length;
  await page.goto(`/callback?code=${planted}&state=${planted}&error_description=${planted}`);
  await problem(page, 'state-unmatched');
  expect(await page.content()).not.toContain(planted);
  expect(app.log().slice(logged)).not.toContain(planted);
});

test('what the provider says beside the answer stays in the answer', async ({ page, app, canaries }) => {
  const answer = await answerFor(page, app);
  answer.searchParams.set('session_state', 'PlantedSessionStateOfTheProvider');
  await page.goto(answer.href);
  await atAccountOf(page, app);
  await canaries.check(page, app);
  expect(app.log()).not.toContain('PlantedSessionStateOfTheProvider');
  expect(JSON.stringify(await page.evaluate(() => ({ ...sessionStorage })))).not.toContain('PlantedSessionState');
});

test('old attempts are cleared out of the tab', async ({ page, app }) => {
  await atEmptyPage(page, app);
  const old = Date.now() - 11 * 60 * 1000;
  const key = `${ATTEMPT_KEY}${'o'.repeat(43)}`;
  await fillStorage(page, {
    [key]: JSON.stringify({ attempt: { code_verifier: 'v'.repeat(43), created_ms: old }, created_ms: old }),
  });
  await begin(page, app);
  await expect(page.getByLabel('Your name')).toBeVisible();
  await atEmptyPage(page, app);
  const keys = await page.evaluate(() => Object.keys(sessionStorage));
  expect(keys).not.toContain(key);
  expect(keys.filter((kept) => kept.startsWith(ATTEMPT_KEY)).length).toBe(1);
});
