import { expect, test } from '../../fixtures/index.js';
import { endsLocally, failsLocallyBy, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { changed, completionsOf, holdAnswer } from '../../pages/index.js';

const row: Row = {
  code: 'answer-incomplete',
  status: 400,
  h1: "The development provider's answer was incomplete",
  body: "We can't use it safely, so we stopped. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
failsLocallyBy(row, ['duplicate-code', 'code-and-error', 'no-code', 'empty-code']);

const CODES = {
  NUL: 'abc\0def', 'a line break': 'abc\r\ndef', 'a letter beyond ASCII': 'abcödef', '4097 characters': 'a'.repeat(4097),
};

for (const [what, code] of Object.entries(CODES)) {
  test(`a code with ${what} ends here unsent, and writes no line of its own into the log`, async ({
    page, app, provider, canaries, guard,
  }) => {
    guard.allow(pageStatus(row));
    const answer = await holdAnswer(page, app);
    const sent = completionsOf(page);
    await page.goto(changed(answer, { code }));
    await endsLocally(row, { page, app, canaries });
    expect(sent).toHaveLength(0);
    expect(app.log()).not.toMatch(/^def/m);
    expect(await provider.counts()).toMatchObject({ token: 0 });
  });
}

test('a state that stands there twice ends here unsent', async ({ page, app, guard }) => {
  guard.allow(pageStatus(row));
  const answer = await holdAnswer(page, app);
  const sent = completionsOf(page);
  await page.goto(`${answer.href}&state=${'s'.repeat(43)}`);
  await page.waitForURL(`**/problem/${row.code}`);
  expect(sent).toHaveLength(0);
});
