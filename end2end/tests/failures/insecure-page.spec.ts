import { expect, test } from '../../fixtures/index.js';
import { alertOf, standsAlone, type Row } from '../../pages/failure.js';
import { continueButton, ready } from '../../pages/index.js';
import { nobodyWasAsked } from '../../pages/start-alert.js';

const row: Row = {
  code: 'insecure-page',
  status: 400,
  h1: 'This page needs a secure connection',
  body: "Sign-in can't be protected at this address. Open Wrengate at its https:// address.",
  ways: ['Back to start'],
};

standsAlone(row);
test('a page without a secure context is told before leaving, and sends nothing', async ({
  page, app, provider, guard,
}) => {
  const insecure = new URL(app.origin);
  insecure.hostname = 'wrengate.test';
  guard.allowOrigin(insecure.origin);
  // Chromium's own remark: that header counts only where a page is secure.
  guard.allowConsole(/The Cross-Origin-Opener-Policy header has been ignored/);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  await page.goto(insecure.href);
  await ready(page);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await continueButton(page).click();
  await expect(alertOf(page)).toHaveText(`${row.h1}. ${row.body}`);
  await expect(page).toHaveURL(insecure.href);
  expect(sent).toEqual([]);
  await nobodyWasAsked(provider);

  await page.goto(app.origin);
  await ready(page);
  await continueButton(page).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
});
