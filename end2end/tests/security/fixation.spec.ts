/** Session fixation: a cookie that somebody planted is worth nothing after a sign-in, nor is an old one. */
import { expect, test } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';
import { signedInAs } from '../journeys/session.js';
import { authorize, base64url, begin, complete, isSession, sessionIn } from './attempt.js';
import { call, cookiesOf } from './raw.js';

test('cookies that were planted before the sign-in are not adopted', async ({ page, context, app }) => {
  const planted = ['wrengate', 'wrengate-attempt'].map((name) => ({ name, value: base64url(), url: app.origin }));
  await context.addCookies(planted);
  await signIn(page, app);
  const values = (await context.cookies(app.origin)).map(({ value }) => value);
  for (const { name, value } of planted) {
    expect(values).not.toContain(value);
    expect(await isSession(app, `${name}=${value}`)).toBe(false);
  }
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test("a session that was planted from somebody else's browser does not become the victim's", async ({
  page, context, app, request,
}) => {
  const begun = await begin(app);
  const attackers = sessionIn(await complete(app, await authorize(request, begun, 'Mallory'), begun.cookie)) ?? '';
  expect(await isSession(app, attackers)).toBe(true);
  await context.addCookies([{ name: 'wrengate', value: attackers.split('=')[1] ?? '', url: app.origin }]);

  // Shown as Mallory, the victim signs in as themselves.
  await page.goto('/problem/cancelled');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(`${app.origin}/account`);

  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
  // What the attacker still holds is not the victim's session.
  const answer = await call(app, '/api/session', {}, { Cookie: attackers });
  expect(answer.text).not.toContain('Ada Lovelace');
  expect(await isSession(app, attackers)).toBe(false);
});

for (const name of ['Ada Lovelace', 'Grace Hopper']) {
  test(`signing in again as ${name} gives a new id and ends the old session`, async ({ app, request }) => {
    const first = await begin(app);
    const old = sessionIn(await complete(app, await authorize(request, first, 'Ada Lovelace'), first.cookie)) ?? '';
    expect(await isSession(app, old)).toBe(true);

    const second = await begin(app);
    const message = await authorize(request, { ...second, url: `${second.url}&prompt=login` }, name);
    const answer = await complete(app, message, `${second.cookie}; ${old}`);

    expect(answer.status, answer.text).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ profile: { name } });
    const fresh = sessionIn(answer) ?? '';
    expect(fresh).not.toBe(old);
    expect(await isSession(app, fresh)).toBe(true);
    expect(await isSession(app, old)).toBe(false);
  });
}

test('an id that differs in one character is nobody, and is taken back', async ({ app, request }) => {
  const begun = await begin(app);
  const session = sessionIn(await complete(app, await authorize(request, begun), begun.cookie)) ?? '';
  const changed = session.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
  const answer = await call(app, '/api/session', {}, { Cookie: changed });
  expect(answer.status).toBe(401);
  expect(cookiesOf(answer)).toEqual(['wrengate=']);
});

test('the same cookie twice is no cookie', async ({ app, request }) => {
  const begun = await begin(app);
  const session = sessionIn(await complete(app, await authorize(request, begun), begun.cookie)) ?? '';
  expect(await isSession(app, session)).toBe(true);
  expect(await isSession(app, `${session}; wrengate=${base64url()}`)).toBe(false);
  expect(await isSession(app, `wrengate=${base64url()}; ${session}`)).toBe(false);
});

test('an attempt cookie is used again only while an attempt hangs on it', async ({ app, request }) => {
  const first = await begin(app);
  const again = async (cookie: string): Promise<string | undefined> => {
    const answer = await call(app, '/api/begin_sign_in', {
      state: base64url(), code_challenge: base64url(),
    }, { Cookie: cookie });
    return cookiesOf(answer)[0];
  };
  const planted = `wrengate-attempt=${base64url()}`;
  expect(await again(planted)).not.toBe(planted);
  expect(await again(first.cookie)).toBe(first.cookie);

  const alone = await begin(app);
  await complete(app, await authorize(request, alone), alone.cookie);
  expect(await again(alone.cookie)).not.toBe(alone.cookie);
});
