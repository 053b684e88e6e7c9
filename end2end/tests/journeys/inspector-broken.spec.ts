/** A sign-in that is broken on purpose, from the inspector, and what it came to. */
import { expect, test, type App } from '../../fixtures/index.js';
import {
  accessible, agree, allowButton, continueButton, openInspector, ready, verdict,
} from '../../pages/index.js';
import type { Locator, Page } from '@playwright/test';

/** What the page offers, and how the result begins once it was run. */
const ROWS: [what: string, result: string][] = [
  ['goes well', 'Signed in'],
  ['is denied by the person', 'Cancelled'],
  ['asks for a scope that is refused', 'Failed: scope-refused'],
  ['meets a server error before it comes back', 'Failed: provider-fault'],
  ['is answered by another issuer', 'Failed: wrong-issuer'],
  ['brings a code that is refused', 'Failed: code-expired'],
  ['meets a server error at the token endpoint', 'Failed: provider-fault'],
  ['is slow at the token endpoint', 'Failed: provider-timeout'],
  ['brings an ID token that is over', 'Failed: clock-skew'],
  ['brings an ID token of another attempt', 'Failed: id-untrusted'],
  ['meets a server error at userinfo', 'Failed: provider-fault'],
  ['gets the profile of somebody else', 'Failed: subject-mismatch'],
];

function offered(page: Page): Locator {
  return page.getByRole('region', { name: 'Break it on purpose' });
}

function rowOf(page: Page, what: string): Locator {
  const button = page.getByRole('button', { name: what, exact: true });
  return offered(page).getByRole('listitem').filter({ has: button });
}

/** One press, then the sign-in it leads to. */
async function press(page: Page, app: App, what: string): Promise<void> {
  await openInspector(page, app);
  await expect(rowOf(page, what)).toContainText('Not run yet');
  await rowOf(page, what).getByRole('button').click();
  await page.waitForURL(`${app.origin}/?again=1&return_to=%2Finspector`);
  await ready(page);
  await continueButton(page).click();
}

for (const [what, result] of ROWS) {
  test(`a sign-in that ${what} ends as the page says`, async ({ page, startApp, guard }) => {
    guard.allow(400, 401, 403, 502, 503, 504);
    test.slow();
    // Five failures of an endpoint in a row open the app's breaker, and no other test shall have begun them.
    const app = await startApp();
    await press(page, app, what);
    await agree(page);
    await page.waitForURL((url) => /^\/(problem\/|inspector)/.test(url.pathname), { timeout: 40_000 });
    await openInspector(page, app);
    await expect(rowOf(page, what).locator('.inspector-result')).toHaveText(`${result}, as expected`);
    const broken = verdict(page).getByText(`Broken on purpose: a sign-in that ${what}.`);
    await expect(broken).toHaveCount(what === 'goes well' ? 0 : 1);
  });
}

test('a state of nobody is refused by the browser, and the page says why it knows nothing more', async ({
  page, app, guard,
}) => {
  guard.allow(400, 401);
  await press(page, app, 'comes back with a state of nobody');
  await agree(page);
  await page.waitForURL(`${app.origin}/problem/state-unmatched`);
  await openInspector(page, app);
  const row = rowOf(page, 'comes back with a state of nobody');
  await expect(row).toContainText('the browser refuses it before Wrengate is asked');
  await expect(row.locator('.inspector-result')).toHaveText('Running');
});

test('an armed fault is met by the next press no more', async ({ page, startApp, guard }) => {
  test.slow();
  guard.allow(502);
  const app = await startApp();
  await press(page, app, 'meets a server error at userinfo');
  await agree(page);
  await page.waitForURL(`${app.origin}/problem/provider-fault`);
  await press(page, app, 'goes well');
  // The provider may have forgotten whom it knows; asked once, it is answered once.
  await allowButton(page).or(verdict(page)).waitFor();
  if (await allowButton(page).isVisible()) await allowButton(page).click();
  await page.waitForURL(`${app.origin}/inspector`);
  await openInspector(page, app);
  await expect(rowOf(page, 'goes well').locator('.inspector-result')).toHaveText('Signed in, as expected');
  await expect(rowOf(page, 'meets a server error at userinfo').locator('.inspector-result'))
    .toHaveText('Failed: provider-fault, as expected');
  await accessible(page);
});

test('a switchboard that is away is said', async ({ page, startApp, startProvider, guard }) => {
  guard.allow('network');
  const provider = await startProvider();
  const app = await startApp({ provider });
  await openInspector(page, app);
  await provider.kill();
  await rowOf(page, 'is denied by the person').getByRole('button').click();
  await expect(page.getByRole('alert').getByText("The switchboard didn't answer, so nothing was armed.")).toBeVisible();
});

test('the page offers faults of the switchboard, and any other provider has none', async ({
  page, app, provider, startApp, guard,
}) => {
  guard.allow('network');
  await openInspector(page, app);
  await expect(offered(page).getByRole('listitem')).toHaveCount(13);
  const known = new Map((await provider.faults()).map(({ name, failure }) => [name, failure]));
  for (const button of await offered(page).getByRole('button').all()) {
    const name = await button.getAttribute('value') ?? '';
    if (name !== 'none') expect(known.get(name), name).toBeTruthy();
  }
  await expect(offered(page).getByRole('link', { name: 'All faults are on the switchboard' }))
    .toHaveAttribute('href', `${provider.origin}/switchboard`);

  const other = await startApp({ env: { WRENGATE_PROVIDER: 'custom', WRENGATE_CLIENT_ID: 'wrengate-dev' } });
  await openInspector(page, other);
  await expect(offered(page)).toHaveCount(0);
});
