/** One attempt completes once, however often and at the same time it is tried. */
import { expect, test } from '../../fixtures/index.js';
import { authorize, begin, complete, isSession, sessionIn } from './attempt.js';
import { send } from './raw.js';

const AT_ONCE = 100;

test('a hundred identical completions make one exchange and one session', async ({ request, app, provider }) => {
  await provider.arm('token-slow', { times: 1, delayMs: 500 });
  const begun = await begin(app);
  const message = await authorize(request, begun);

  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, () => complete(app, message, begun.cookie)),
  );

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: AT_ONCE }, () => 200));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 1 });

  // Each has an id of its own for the one session: signing out with one of them ends them all.
  const ids = answers.map((answer) => sessionIn(answer) ?? '');
  expect(await Promise.all(ids.map((id) => isSession(app, id)))).not.toContain(false);
  const [first = ''] = ids;
  await send(app, {
    method: 'POST', path: '/sign-out', headers: { Origin: app.origin, Cookie: first }, body: '',
  });
  expect(await Promise.all(ids.map((id) => isSession(app, id)))).not.toContain(true);
});

test('of different completions at once only those that equal the first are answered', async ({
  request, app, provider,
}) => {
  await provider.arm('token-slow', { times: 1, delayMs: 500 });
  const begun = await begin(app);
  const message = await authorize(request, begun);
  const first = complete(app, message, begun.cookie);
  await expect.poll(async () => (await provider.counts()).token).toBe(1);

  const others = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (
      complete(app, { ...message, code: `${message.code}${index}` }, begun.cookie)
    )),
  );

  expect(new Set(others.map(({ text }) => (JSON.parse(text) as { failure: string }).failure))).toEqual(
    new Set(['already-used']),
  );
  expect((await first).status).toBe(200);
  expect((await provider.counts()).token).toBe(1);
});
