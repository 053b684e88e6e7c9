/** No page of the app can be drawn into, or read from, a page of somebody else. */
import type { Page } from '@playwright/test';
import { expect } from '../../fixtures/index.js';
import { allowButton, giveName, continueButton, ready, signIn } from '../../pages/index.js';
import { atAccountOf } from '../journeys/session.js';
import { PLACES, test } from './attacker.js';

const CALLBACK = `/callback?code=abcdef&state=${'s'.repeat(43)}`;

/** What this page has opened is closed, as far as it can tell; it is told by another process. */
async function losesWindow(page: Page): Promise<void> {
  const isClosed = (): boolean => (globalThis as unknown as { opened: Window }).opened.closed;
  await expect.poll(() => page.evaluate(isClosed)).toBe(true);
}

for (const place of PLACES) {
  for (const path of ['/', '/account', CALLBACK, '/signed-out', '/problem/cancelled']) {
    test(`${path.split('?')[0]} is not shown in a frame of ${place}`, async ({ page, app, guard, attacker }) => {
      guard.allow('network');
      guard.allowConsole(/frame-ancestors|X-Frame-Options|Refused to display/);
      await signIn(page, app);
      const host = await attacker(place);
      const control = host.page('<p>A page that may be framed</p>');
      const refused = page.waitForEvent('console', (message) => /frame-ancestors|X-Frame-Options/.test(message.text()));
      const refusedFrame = `<iframe src="${app.origin}${path}"></iframe>`;
      await page.goto(host.page(`<iframe id="control" src="${control}"></iframe>${refusedFrame}`));
      await refused;
      await expect(page.frameLocator('#control').getByText('A page that may be framed')).toBeVisible();
      const shown = page.frames().filter((frame) => frame.url().startsWith(app.origin));
      expect(shown).toEqual([]);
    });
  }

  test(`a window that ${place} opens cannot be reached by its opener`, async ({ page, app, attacker, guard }) => {
    guard.allow(400, 401);
    const host = await attacker(place);
    await page.goto(host.page('<p>Opener</p>'));
    const opened = page.waitForEvent('popup');
    await page.evaluate((address) => {
      Object.assign(globalThis, { opened: window.open(address) });
    }, app.origin + CALLBACK);
    const popup = await opened;
    // The code is of nobody's attempt, so the page goes on to say so.
    await popup.waitForURL('**/problem/state-unmatched');
    await ready(popup);
    expect(await popup.evaluate(() => window.opener === null)).toBe(true);
    await losesWindow(page);
  });
}

test('an opener of our own origin loses the window on its way over the provider', async ({
  playwright, launchOptions, app, provider, guard,
}) => {
  // A window that changes its process under its opener can keep its context from closing; a browser of
  // its own ends whatever is in it.
  const browser = await playwright.chromium.launch(launchOptions);
  const context = await browser.newContext();
  await guard.watch(context);
  const page = await context.newPage();
  await provider.arm('token-slow', { times: 1, delayMs: 3000 });
  await page.goto(app.origin);
  await ready(page);
  const opened = page.waitForEvent('popup');
  await page.evaluate(() => {
    Object.assign(globalThis, { opened: window.open('/') });
  });
  const popup = await opened;
  await ready(popup);
  await continueButton(popup).click();
  await giveName(popup);
  const exchanging = popup.waitForRequest('**/api/complete_sign_in');
  await allowButton(popup).click();
  await exchanging;
  await losesWindow(page);
  await atAccountOf(popup, app);
  await browser.close();
});
