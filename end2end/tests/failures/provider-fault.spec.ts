import { expect, test } from '../../fixtures/index.js';
import {
  detail, endsIn, failsBy, failsByKeys, failsByRefresh, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'provider-fault',
  status: 502,
  h1: 'The development provider had a problem',
  body: 'Something went wrong at the development provider. Your account is fine; try again in a minute.',
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
failsByRefresh(row, ['refresh-500'], 'told');
failsBy(row, ['server_error', 'token-500', 'token-502-html', 'userinfo-500']);
failsByKeys(row, ['jwks-500']);

test('words of the provider are quoted as text: no element, no link, no control character', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await provider.arm('hostile-error');
  await begin(page, app);
  await agree(page);
  await endsIn(row, { page, app, canaries });
  await page.getByText('Details for developers').click();
  const said = detail(page, 'The development provider said');
  await expect(said).toContainText('<img src=x onerror=alert(1)>');
  const words = await said.innerText();
  expect(words.length).toBeLessThanOrEqual(300);
  expect(words).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202A-\u202E\u2066-\u2069]/);
  await expect(page.getByRole('main').getByRole('img')).toHaveCount(0);
  expect(await page.content()).not.toContain('javascript:');
});

test('metadata that answers 500 stops a sign-in before anybody leaves', async ({
  page, guard, startApp, startProvider,
}) => {
  test.slow();
  guard.allow(pageStatus(row));
  const provider = await startProvider();
  await provider.arm('discovery-500');
  const app = await startApp({ provider, until: 'healthy' });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await provider.clear();
  await app.isReady();
  await startsNow(page);
});
