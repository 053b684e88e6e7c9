import { expect, test } from '../../fixtures/index.js';
import {
  endsLocally, goesOn, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'unexpected',
  status: 500,
  h1: 'Something broke on our side',
  body: "It isn't your fault, and we've recorded it. Try again; if it keeps happening, send us the reference.",
  ways: ['Try again'],
  report: true,
};

standsAlone(row);
// A gateway in front of the app can answer in its place, with whatever status and page it likes.
for (const status of [200, 502]) {
  test(`an answer that is a page with status ${status} ends here and is not shown`, async ({
    page, app, canaries, guard,
  }) => {
    guard.allow(pageStatus(row), status);
    await page.route('**/api/complete_sign_in', (route) => route.fulfill({
      status, contentType: 'text/html', body: '<h1>Gateway of somebody else</h1>',
    }), { times: 1 });
    await begin(page, app);
    await agree(page);
    await endsLocally(row, { page, app, canaries });
    await expect(page.getByText('Gateway of somebody else')).toHaveCount(0);
    await goesOn(page, app, row, { to: '/account' });
  });
}

test('such an answer at the start is told beside the button, and then the button works', async ({
  page, app, provider, guard,
}) => {
  guard.allow(502);
  await page.route('**/api/begin_sign_in', (route) => route.fulfill({
    status: 502, contentType: 'text/html', body: '<h1>Gateway of somebody else</h1>',
  }), { times: 1 });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await startsNow(page);
});
