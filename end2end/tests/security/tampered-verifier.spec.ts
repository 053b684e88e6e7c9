/** A verifier that does not fit never reaches the provider. */
import { expect, test } from '../../fixtures/index.js';
import { problem } from '../../pages/index.js';
import { ATTEMPT_KEY, answerFor, atEmptyPage, fillStorage, storageOf } from '../journeys/callback.js';
import { signedInAs } from '../journeys/session.js';
import { authorize, base64url, begin, complete, failureOf, sessionIn } from './attempt.js';

test('a verifier that was changed in the tab ends the sign-in before the provider', async ({
  page, context, app, provider, guard,
}) => {
  guard.allow(400);
  const answer = await answerFor(page, app);
  await atEmptyPage(page, app);
  const key = ATTEMPT_KEY + (answer.searchParams.get('state') ?? '');
  const entry = (await storageOf(page))[key] ?? '';
  const changed = entry.replace(/"code_verifier":"[\w-]{43}"/, `"code_verifier":"${base64url()}"`);
  expect(changed).not.toBe(entry);
  await fillStorage(page, { [key]: changed });

  await page.goto(answer.href);

  await problem(page, { code: 'proof-mismatch', h1: "The security check didn't match", status: 400 });
  expect((await provider.counts()).token).toBe(0);
  expect(await signedInAs(context, app)).toBeNull();
});

test('an entry that cannot be read ends in a page of its own', async ({ page, app, provider, guard }) => {
  guard.allow(400);
  const answer = await answerFor(page, app);
  await atEmptyPage(page, app);
  await fillStorage(page, { [ATTEMPT_KEY + (answer.searchParams.get('state') ?? '')]: '{"attempt":' });
  await page.goto(answer.href);
  await problem(page, { code: 'verifier-lost', h1: 'This tab lost its part of the sign-in', status: 400 });
  expect((await provider.counts()).token).toBe(0);
});

test('four wrong tries leave the attempt to the right verifier', async ({ request, app, provider }) => {
  const begun = await begin(app);
  const message = await authorize(request, begun);
  for (let tries = 0; tries < 4; tries += 1) {
    const wrong = await complete(app, { ...message, code_verifier: base64url() }, begun.cookie);
    expect([wrong.status, failureOf(wrong)]).toEqual([400, 'proof-mismatch']);
    expect(sessionIn(wrong)).toBeUndefined();
  }
  expect((await provider.counts()).token).toBe(0);
  const right = await complete(app, message, begun.cookie);
  expect(right.status, right.text).toBe(200);
});

test('the fifth wrong try closes the attempt', async ({ request, app, provider }) => {
  const begun = await begin(app);
  const message = await authorize(request, begun);
  for (let tries = 0; tries < 5; tries += 1) {
    const wrong = await complete(app, { ...message, code_verifier: base64url() }, begun.cookie);
    expect([wrong.status, failureOf(wrong)]).toEqual([400, 'proof-mismatch']);
  }
  const right = await complete(app, message, begun.cookie);
  expect([right.status, failureOf(right)]).toEqual([400, 'already-used']);
  expect(sessionIn(right)).toBeUndefined();
  expect((await provider.counts()).token).toBe(0);
});

test('the challenge is no verifier', async ({ request, app, provider }) => {
  const begun = await begin(app);
  const message = await authorize(request, begun);
  const plain = await complete(app, { ...message, code_verifier: begun.challenge }, begun.cookie);
  expect([plain.status, failureOf(plain)]).toEqual([400, 'proof-mismatch']);
  expect((await provider.counts()).token).toBe(0);
});
