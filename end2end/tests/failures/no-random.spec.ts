import { test } from '../../fixtures/index.js';
import { standsAlone, type Row } from '../../pages/failure.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'no-random',
  status: 'browser only',
  h1: "Your browser couldn't make a secure key",
  body: "Sign-in needs random numbers that this browser didn't provide. Update it or use another one.",
  ways: ['Try again'],
};

standsAlone(row);
test('a browser without random numbers is told before leaving; nothing else makes them up', async ({
  page, app, provider,
}) => {
  await page.addInitScript(() => {
    const real = Crypto.prototype.getRandomValues;
    Crypto.prototype.getRandomValues = () => {
      throw new DOMException('No entropy.', 'OperationError');
    };
    addEventListener('entropy', () => { Crypto.prototype.getRandomValues = real; });
  });
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await page.evaluate(() => dispatchEvent(new Event('entropy')));
  await startsNow(page);
});
