import { expect, test } from '../../fixtures/index.js';
import { endsLocally, goesOn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { completionsOf, holdAnswer, keepAttempt } from '../../pages/index.js';

const row: Row = {
  code: 'verifier-lost',
  status: 400,
  h1: 'This tab lost its part of the sign-in',
  body: 'The security check made when you began is no longer here. Start again and finish in the same tab.',
  ways: ['Start again', 'Back to start'],
};

standsAlone(row);
const ENTRIES = {
  garbage: '{ no JSON',
  'another shape': '{"verifier":42}',
  'a verifier that is no text': '{"attempt":{"code_verifier":42,"created_ms":1},"created_ms":1}',
  nothing: '',
};

for (const [what, entry] of Object.entries(ENTRIES)) {
  test(`an entry that holds ${what} ends here unsent, and the way on signs in`, async ({
    page, app, provider, canaries, guard,
  }) => {
    guard.allow(pageStatus(row));
    const answer = await holdAnswer(page, app);
    const sent = completionsOf(page);
    await keepAttempt(page, answer, entry);
    await page.goto(answer.href);
    await endsLocally(row, { page, app, canaries });
    expect(sent).toHaveLength(0);
    expect(await provider.counts()).toMatchObject({ token: 0 });
    await goesOn(page, app, row, { to: '/account' });
  });
}
