/** One address cannot keep the app busy alone. */
import { expect, test } from '../../fixtures/index.js';
import { begin as press, continueButton } from '../../pages/index.js';
import { authorize, begin, beginning, complete } from './attempt.js';
import { call, type RawAnswer } from './raw.js';

function refusal(answer: RawAnswer): { failure: string; retry_after: number } {
  expect(answer.status).toBe(429);
  const body = JSON.parse(answer.text) as { failure: string; retry_after: number };
  expect(answer.headers['retry-after']).toBe(String(body.retry_after));
  return body;
}

test('too many sign-ins are refused with the time to wait', async ({ startApp }) => {
  const app = await startApp({ env: { WRENGATE_RATE_BEGIN: '3' } });
  for (let allowed = 0; allowed < 3; allowed += 1) await begin(app);

  const { state, challenge } = beginning();
  const refused = await call(app, '/api/begin_sign_in', { state, code_challenge: challenge });

  const { failure, retry_after: seconds } = refusal(refused);
  expect(failure).toBe('too-many');
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(refused.headers['set-cookie']).toBeUndefined();
});

test('each limit counts on its own', async ({ request, startApp }) => {
  const app = await startApp({
    env: { WRENGATE_RATE_BEGIN: '2', WRENGATE_RATE_COMPLETE: '1', WRENGATE_RATE_API: '1' },
  });
  const [first, second] = [await begin(app), await begin(app)];
  expect((await complete(app, await authorize(request, first), first.cookie)).status).toBe(200);
  const message = await authorize(request, second);
  expect(refusal(await complete(app, message, second.cookie)).failure).toBe('too-many');
  expect((await call(app, '/api/session', {})).status).toBe(401);
  expect(refusal(await call(app, '/api/session', {})).failure).toBe('too-many');
});

test('a refused completion can be sent again as it is', async ({ request, startApp, provider }) => {
  const app = await startApp({ env: { WRENGATE_RATE_COMPLETE: '1' } });
  const [first, second] = [await begin(app), await begin(app)];
  await complete(app, await authorize(request, first), first.cookie);
  const message = await authorize(request, second);
  refusal(await complete(app, message, second.cookie));
  expect((await provider.counts()).token).toBe(1);
  // A new process counts from the start.
  await app.restart();
  expect((await complete(app, message, second.cookie)).status).toBe(200);
});

test('what comes from elsewhere is refused before it counts', async ({ startApp }) => {
  const app = await startApp({ env: { WRENGATE_RATE_BEGIN: '1' } });
  for (let times = 0; times < 5; times += 1) {
    const foreign = await call(app, '/api/begin_sign_in', {}, { Origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
  }
  await begin(app);
});

test('the person is told to wait, and the button works again', async ({ page, startApp, guard }) => {
  guard.allow(429);
  const app = await startApp({ env: { WRENGATE_RATE_BEGIN: '1' } });
  await begin(app);
  await press(page, app);
  const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'Too many attempts' });
  await expect(alert).toContainText(/Wait \d+ seconds, then try again\. The limit protects everyone's account\./);
  expect(page.url()).toBe(`${app.origin}/`);
  const again = page.getByRole('main').getByRole('button', { name: 'Try again' });
  await expect(again).not.toHaveAttribute('aria-disabled', 'true');
  await expect(continueButton(page)).toHaveCount(0);
});
