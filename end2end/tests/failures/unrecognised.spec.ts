import { expect, test } from '../../fixtures/index.js';
import { endsIn, failsBy, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'unrecognised',
  status: 502,
  h1: "The development provider reported a problem we don't recognise",
  body: "You're not signed in. Try again; if it keeps happening, send us the reference.",
  ways: ['Try again'],
  report: true,
};

standsAlone(row);
failsBy(row, ['unknown_error', 'token-unknown-error', 'token-clerk-errors', 'token-403-empty']);

const HARMLESS = { code: 'new_error.v2', logged: 'new_error.v2' };
const NO_CODES = ['<b>bold</b>', 'UPPER_CASE', 'two words', 'x'.repeat(65), 'line\nbreak', '\u202Edrow'];

for (const { code, logged } of [HARMLESS, ...NO_CODES.map((code) => ({ code, logged: 'unknown' }))]) {
  test(`the code ${JSON.stringify(code.slice(0, 20))} is logged as ${logged}`, async ({
    page, app, provider, canaries, guard,
  }) => {
    guard.allow(pageStatus(row));
    await provider.arm('authorize-error', { value: code });
    await begin(page, app);
    await agree(page);
    const reference = await endsIn(row, { page, app, canaries });
    const line = app.log().split('\n').find((text) => text.includes(reference));
    expect(line).toContain(`provider_code="${logged}"`);
    if (logged === 'unknown') expect(await page.content()).not.toContain(code);
  });
}

test("the provider's trace id is in the log, for its support", async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await provider.arm('token-clerk-errors');
  await begin(page, app);
  await agree(page);
  const reference = await endsIn(row, { page, app, canaries });
  const line = app.log().split('\n').find((text) => text.includes(reference));
  expect(line).toContain(`trace_id="${'0'.repeat(32)}"`);
});
