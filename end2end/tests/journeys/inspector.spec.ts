/** The flow inspector: what a browser sees of its own sign-ins. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../../fixtures/index.js';
import {
  accessible, begin, continueButton, giveName, allowButton, openInspector, ready, signIn, step, verdict,
} from '../../pages/index.js';

test('a sign-in that went well is shown step by step', async ({ page, app, canaries }) => {
  await signIn(page, app, { name: 'Ada Lovelace' });
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Inspector' }).click();
  // The page that the link is on is ready already.
  await page.waitForURL(`${app.origin}/inspector`);
  await ready(page);
  await expect(page).toHaveTitle('Flow inspector — Wrengate');
  await expect(verdict(page).getByRole('heading')).toHaveText('Signed in');
  await expect(verdict(page)).toContainText('8 of 8');
  const checks = page.getByRole('region', { name: 'Checks' }).getByRole('listitem');
  await expect(checks).toHaveCount(14);
  await expect(checks.filter({ hasText: 'failed' })).toHaveCount(0);
  await expect(step(page, 2)).toHaveAttribute('open', '');
  const challenge = step(page, 2).getByRole('row', { name: /^code_challenge / });
  await expect(challenge).toContainText('RFC 7636, 4.2');
  await expect(step(page, 2).getByRole('row', { name: /^state / })).toContainText('removed on the server · sha256:');

  await page.getByRole('region', { name: 'Checks' }).getByRole('link', { name: 'nonce' }).click();
  await expect(step(page, 5)).toHaveAttribute('open', '');
  await expect(step(page, 2)).not.toHaveAttribute('open');
  await expect(step(page, 5).getByRole('row', { name: /^nonce / }).first()).toContainText('equal to what was expected');
  await canaries.check(page, app);
  await accessible(page);
});

test('a second tab shows the steps of a sign-in as they happen', async ({ page, context, app }) => {
  const watching = await context.newPage();
  await openInspector(watching, app);
  await expect(watching.getByText('No sign-in recorded yet.')).toBeVisible();

  await begin(page, app);
  await giveName(page);
  await expect(verdict(watching).getByRole('heading')).toHaveText('Running');
  await expect(watching.getByRole('button', { name: 'Clear' })).toBeVisible();
  await expect(step(watching, 2).locator('.sequence-took')).not.toHaveText('Waiting');
  // From here on nothing is drawn anew under the click until the person is back.
  await expect(step(watching, 3).locator('.sequence-took')).toHaveText('Now');
  await expect(step(watching, 5).locator('.sequence-took')).toHaveText('Waiting');
  await step(watching, 1).locator('summary').click();
  await step(watching, 1).locator('summary').focus();

  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
  await expect(verdict(watching).getByRole('heading')).toHaveText('Signed in');
  await expect(step(watching, 1), 'what was opened stays open').toHaveAttribute('open', '');
  await expect(step(watching, 1).locator('summary')).toBeFocused();

  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(watching.getByText('No sign-in recorded yet.')).toBeVisible();
});

test('it runs another sign-in and comes back', async ({ page, app }) => {
  await signIn(page, app);
  await openInspector(page, app);
  await page.getByRole('link', { name: 'Run a new sign-in' }).click();
  await page.waitForURL(`${app.origin}/?again=1&return_to=%2Finspector`);
  await ready(page);
  await continueButton(page).click();
  await page.waitForURL(`${app.origin}/inspector`);
  const attempts = page.getByRole('navigation', { name: 'Sign-ins of this browser' }).getByRole('link');
  await expect(attempts).toHaveCount(2);
  await attempts.nth(1).click();
  await expect(page).toHaveURL(/\?sign-in=sha256:[0-9a-f]{16}$/);
  await expect(attempts.nth(1)).toHaveAttribute('aria-current', 'true');
});

test('the report is copied and downloaded without secrets, and all of it can be cleared', async ({
  page, context, app, canaries,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
  await signIn(page, app);
  await openInspector(page, app);
  await page.getByRole('button', { name: 'Copy report' }).click();
  await expect(page.locator('#inspector-status')).toHaveText('Copied.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(': signed in');

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download JSON' }).click();
  const saved = await readFile(await (await download).path(), 'utf8');
  expect((await download).suggestedFilename()).toBe('wrengate-sign-ins.json');
  expect(JSON.parse(saved).traces).toHaveLength(1);

  await step(page, 5).locator('summary').first().click();
  await step(page, 5).getByText('As curl, without secrets').first().click();
  await step(page, 5).getByRole('button', { name: 'Copy' }).first().click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl .*\$CODE/s);
  for (const secret of canaries.caught()) {
    expect(copied.includes(secret), 'in the report').toBe(false);
    expect(saved.includes(secret), 'in the file').toBe(false);
  }
  await canaries.check(page, app);

  // The page that is about to go hears of it as well, and says the same.
  const anew = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Clear' }).click();
  await anew;
  await expect(page.getByText('No sign-in recorded yet.')).toBeVisible();
  await accessible(page);
});

test('the keyboard alone goes through the steps', async ({ page, app }) => {
  await signIn(page, app);
  await openInspector(page, app);
  await step(page, 2).locator('summary').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(step(page, 4).locator('summary').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(step(page, 4)).toHaveAttribute('open', '');
  await page.keyboard.press('ArrowUp');
  await expect(step(page, 3).locator('summary').first()).toBeFocused();
});

test('what cannot be loaded is said, and tried again', async ({ page, context, app, guard }) => {
  guard.allow('network', 500);
  const watching = await context.newPage();
  await openInspector(watching, app);
  // All that the page asks for by itself: a single good answer would take the link away before it is pressed.
  await watching.route('**/inspector', async (route) => {
    if (route.request().isNavigationRequest()) await route.continue();
    else await route.fulfill({ status: 500, body: '' });
  });
  await begin(page, app);
  await expect(page.getByLabel('Your name')).toBeVisible();
  await expect(watching.getByText("We couldn't load the trace.")).toBeVisible();
  await watching.getByRole('link', { name: 'Try again' }).click();
  await watching.unroute('**/inspector');
  await expect(verdict(watching).getByRole('heading')).toHaveText('Running');
});

test('off, there is no page and no way to it', async ({ page, startApp, guard }) => {
  guard.allow(404);
  const app = await startApp({ env: { WRENGATE_INSPECTOR: 'off' } });
  await signIn(page, app);
  await expect(page.getByRole('link', { name: 'Inspector' })).toHaveCount(0);
  const answer = await page.goto(`${app.origin}/inspector`);
  expect(answer?.status()).toBe(404);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("There's nothing here");
});

test('R32: a link to a step opens it and leads there, and another closes it again', async ({ page, app }) => {
  await signIn(page, app);
  await openInspector(page, app);
  const checks = page.getByRole('region', { name: 'Checks' });
  await checks.getByRole('link', { name: 'nonce' }).click();
  await expect(page).toHaveURL(/#step-5$/);
  await expect(step(page, 5)).toHaveAttribute('open', '');
  await expect(page.locator('#step-5')).toBeInViewport();
  await expect(page.locator('#step-5')).toBeFocused();
  await checks.getByRole('link', { name: 'state', exact: true }).click();
  await expect(page).toHaveURL(/#step-4$/);
  await expect(step(page, 4)).toHaveAttribute('open', '');
  await expect(step(page, 5)).not.toHaveAttribute('open', '');
  await expect(page.locator('#step-4')).toBeFocused();
});
