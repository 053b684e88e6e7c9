/** The process dies in the middle of sign-ins: what was promised is kept, and nothing happens twice. */
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { agree, allowButton, begin as press, giveName, problem, ready } from '../../pages/index.js';
import { atAccountOf } from '../journeys/session.js';
import { authorize, begin, complete, failureOf, isSession, sessionIn, type Message } from './attempt.js';

/** How many sign-ins are under way when the process dies. */
const AT_ONCE = 8;

/** After how many answers it dies, each time. */
const DEATHS = [1, 3, 5];

interface Attempt {
  message: Message;
  cookie: string;
}

async function prepare(request: APIRequestContext, app: App): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let made = 0; made < AT_ONCE; made += 1) {
    const begun = await begin(app);
    attempts.push({ message: await authorize(request, begun), cookie: begun.cookie });
  }
  return attempts;
}

/** Completes them all at once, kills the process after some answers, and gives the sessions of those. */
async function dieAfter(answers: number, attempts: Attempt[], app: App): Promise<string[]> {
  const sessions: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const ends = attempts.map(async ({ message, cookie }) => {
      const answer = await complete(app, message, cookie).catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error;
        return undefined;
      });
      if (answer === undefined) return;
      expect(answer.status, answer.text).toBe(200);
      sessions.push(sessionIn(answer) ?? '');
      if (sessions.length === answers) await app.kill9();
    });
    Promise.all(ends).then(() => resolve(), reject);
  });
  return sessions;
}

test('no session is lost that was told of, and no attempt completes twice', async ({
  page, request, startApp, provider,
}) => {
  // A call that the process died on is waited for half a minute before it is given up.
  test.slow();
  const app = await startApp();
  const attempts: Attempt[] = [];
  const sessions: string[] = [];
  for (const answers of DEATHS) {
    const round = await prepare(request, app);
    attempts.push(...round);
    sessions.push(...await dieAfter(answers, round, app));
    await app.start();
  }

  expect(sessions.length).toBeGreaterThanOrEqual(DEATHS.reduce((sum, answers) => sum + answers));
  expect(new Set(sessions).size).toBe(sessions.length);
  for (const session of sessions) expect(await isSession(app, session)).toBe(true);

  // Everybody tries again, as a browser does whose answer got lost.
  const again = await Promise.all(attempts.map(({ message, cookie }) => complete(app, message, cookie)));
  const failures = again.filter(({ status }) => status !== 200).map(failureOf);
  expect(failures.filter((failure) => failure !== 'already-used')).toEqual([]);
  expect((await provider.counts()).token).toBeLessThanOrEqual(attempts.length);
  for (const session of sessions) expect(await isSession(app, session)).toBe(true);

  await press(page, app);
  await agree(page);
  await atAccountOf(page, app);
});

test('an attempt outlives the process while the person is at the provider', async ({ page, startApp }) => {
  const app = await startApp();
  await press(page, app);
  await giveName(page);
  await app.kill9();
  await app.start();
  await allowButton(page).click();
  await atAccountOf(page, app);
});

test('a person whose exchange died with the process is led to start again', async ({
  page, startApp, provider, guard,
}) => {
  test.slow();
  guard.allow(400, 401, 'network');
  const app = await startApp();
  await provider.arm('token-slow', { times: 1, delayMs: 4000 });
  await press(page, app);
  const sent = page.waitForRequest('**/api/complete_sign_in');
  await agree(page);
  await sent;
  // The provider keeps its answer for four seconds from here.
  await expect.poll(async () => (await provider.counts()).token, { intervals: [50] }).toBe(1);
  await app.kill9();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText("We can't reach Wrengate");
  await expect(page.getByRole('main')).toContainText('Your sign-in is still waiting; nothing is lost.');
  await app.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL('**/problem/already-used', { timeout: 60_000 });
  await problem(page, { code: 'already-used', status: 400 });
  expect((await provider.counts()).token).toBe(1);

  await page.getByRole('button', { name: 'Start again' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
});
