import { test } from '../../fixtures/index.js';
import { standsAlone, type Row } from '../../pages/failure.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'storage-blocked',
  status: 400,
  h1: 'Your browser is blocking what sign-in needs',
  body: "Sign-in keeps a short-lived security check in this tab while you're at the development provider. Allow site data for this site, then try again.",
  ways: ['Try again'],
};

standsAlone(row);
test('a storage that refuses access is told before leaving; once it is allowed the button works', async ({
  page, app, provider,
}) => {
  await page.addInitScript(() => {
    const { sessionStorage: real } = window;
    let isAllowed = false;
    Object.defineProperty(window, 'sessionStorage', {
      get: () => {
        if (!isAllowed) throw new DOMException('Access is denied for this document.', 'SecurityError');
        return real;
      },
    });
    addEventListener('allow', () => { isAllowed = true; });
  });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await page.evaluate(() => dispatchEvent(new Event('allow')));
  await startsNow(page);
});

test('a storage that is full is told before leaving; once there is room the button works', async ({
  page, app, provider,
}) => {
  await page.addInitScript(() => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
    addEventListener('room', () => { Storage.prototype.setItem = setItem; });
  });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await page.evaluate(() => dispatchEvent(new Event('room')));
  await startsNow(page);
});
