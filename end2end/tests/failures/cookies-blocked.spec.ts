import { test } from '../../fixtures/index.js';
import { standsAlone, type Row } from '../../pages/failure.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'cookies-blocked',
  status: 400,
  h1: 'Your browser is blocking cookies',
  body: 'Wrengate uses a cookie to keep your sign-in yours. Allow cookies for this site, then try again.',
  ways: ['Try again'],
};

standsAlone(row);
test('a browser that keeps no cookies is told before leaving; once it does the button works', async ({
  page, app, provider,
}) => {
  await page.addInitScript(() => {
    let isEnabled = false;
    Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => isEnabled });
    addEventListener('allow', () => { isEnabled = true; });
  });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await page.evaluate(() => dispatchEvent(new Event('allow')));
  await startsNow(page);
});
