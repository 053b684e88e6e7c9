import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, expectSignedIn, goesOn, logged, pageStatus, standsAlone, WANTED, type Row,
} from '../../pages/failure.js';
import { holdAnswer, keepAttempt, keptAttempt } from '../../pages/index.js';

const row: Row = {
  code: 'proof-mismatch',
  status: 400,
  h1: "The security check didn't match",
  body: "The proof from your browser isn't the one this sign-in began with. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
/** How many wrong verifiers close an attempt. */
const TRIES = 5;

/** The entry of an attempt with another verifier in it. */
function withVerifier(entry: string, verifier: string): string {
  const changed = entry.replace(/("code_verifier":")[^"]*/, `$1${verifier}`);
  if (changed === entry) throw new Error('the entry holds no verifier');
  return changed;
}

test('a verifier that was changed never reaches the provider, and the way on signs in', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app, WANTED);
  await keepAttempt(page, answer, withVerifier(await keptAttempt(page, answer), 'x'.repeat(43)));
  await page.goto(answer.href);
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await goesOn(page, app, row);
});

for (const verifier of ['too-short', 'x'.repeat(129), `${'x'.repeat(42)}=`, `${'x'.repeat(42)}ö`]) {
  test(`no verifier at all, ${verifier.slice(-12)} of ${verifier.length}, ends here too`, async ({
    page, app, provider, canaries, guard,
  }) => {
    guard.allow(pageStatus(row));
    const answer = await holdAnswer(page, app);
    await keepAttempt(page, answer, withVerifier(await keptAttempt(page, answer), verifier));
    await page.goto(answer.href);
    await endsIn(row, { page, app, canaries });
    expect(await provider.counts()).toMatchObject({ token: 0 });
  });
}

test('the attempt outlives a wrong verifier, so the right one still signs in', async ({
  page, app, provider, guard,
}) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app);
  const entry = await keptAttempt(page, answer);
  await keepAttempt(page, answer, withVerifier(entry, 'x'.repeat(43)));
  await page.goto(answer.href);
  await page.waitForURL(`**/problem/${row.code}`);
  await keepAttempt(page, answer, entry);
  await page.goto(answer.href);
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});

test(`the ${TRIES}th wrong verifier closes the attempt`, async ({
  page, app, provider, guard,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  const entry = await keptAttempt(page, answer);
  const before = logged(app, row).length;
  for (let wrong = 1; wrong <= TRIES; wrong += 1) {
    await keepAttempt(page, answer, withVerifier(entry, String(wrong).repeat(43)));
    await page.goto(answer.href);
    await page.waitForURL(`**/problem/${row.code}`);
  }
  expect(logged(app, row)).toHaveLength(before + TRIES);
  await keepAttempt(page, answer, entry);
  await page.goto(answer.href);
  await page.waitForURL('**/problem/already-used');
  expect(await provider.counts()).toMatchObject({ token: 0 });
});
