import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, endsLocally, failsBy, pageStatus, standsAlone, wayOn, type Row,
} from '../../pages/failure.js';
import {
  agree, begin, changed, completionsOf, holdAnswer, keepAttempt, keptAttempt,
} from '../../pages/index.js';

const row: Row = {
  code: 'wrong-issuer',
  status: 400,
  h1: 'The answer came from the wrong place',
  body: "We expected the development provider but someone else replied, so we stopped. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
failsBy(row, ['wrong-issuer', 'issuer-slash', 'missing-issuer']);

test('the attempt is closed: the right answer does not revive it', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row), 401);
  const answer = await holdAnswer(page, app);
  const entry = await keptAttempt(page, answer);
  await page.goto(changed(answer, { iss: 'https://other-provider.example' }));
  await endsIn(row, { page, app, canaries });
  await keepAttempt(page, answer, entry);
  await page.goto(answer.href);
  await page.waitForURL('**/problem/already-used');
  expect(await provider.counts()).toMatchObject({ token: 0 });
});

test('an issuer that is longer than any is not even sent', async ({ page, app, canaries, guard }) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app);
  const sent = completionsOf(page);
  await page.goto(changed(answer, { iss: `https://${'a'.repeat(600)}.example` }));
  await endsLocally(row, { page, app, canaries });
  expect(sent).toHaveLength(0);
});

test('where help has an address, it is offered for a security concern', async ({
  page, provider, guard, startApp,
}) => {
  guard.allow(pageStatus(row));
  const app = await startApp({ env: { WRENGATE_SUPPORT_URL: 'https://help.example.org/security' } });
  await provider.arm('wrong-issuer');
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`**/problem/${row.code}`);
  await expect(wayOn(page, 'Report a security concern'))
    .toHaveAttribute('href', 'https://help.example.org/security');
});
