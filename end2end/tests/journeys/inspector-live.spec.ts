/** The flow inspector beside a sign-in that is under way: what it shows, and what it must never show. */
import { expect, test } from '../../fixtures/index.js';
import {
  accessible, allowButton, begin, continueButton, giveName, openInspector, ready, signIn, step, verdict,
} from '../../pages/index.js';
import { RIGHT_TO_LEFT } from '../../fixtures/languages.js';
import { signOut } from './session.js';

test('it shows where a sign-in waits: at the provider, then at a slow token endpoint', async ({
  page, context, app, provider,
}) => {
  const watching = await context.newPage();
  const follows = watching.waitForResponse('**/inspector/events');
  await openInspector(watching, app);
  await follows;
  await provider.arm('token-slow', { times: 1, delayMs: 6000 });
  const followsAgain = watching.waitForResponse('**/inspector/events');
  await begin(page, app);
  await giveName(page);
  await expect(step(watching, 3).locator('.sequence-took')).toHaveText('Now');
  await expect(step(watching, 4).locator('.sequence-took')).toHaveText('Waiting');

  // A sign-in that begins ends the stream, and what comes next could be over before there is another.
  await followsAgain;
  await allowButton(page).click();
  const took = watching.locator('#details-5, #details-6').locator('.sequence-took');
  await expect(took).toHaveText(['Now', 'Waiting']);
  await expect(step(watching, 4)).toHaveAttribute('data-progress', 'ok');
  await page.waitForURL(`${app.origin}/account`);
  await expect(verdict(watching).getByRole('heading')).toHaveText('Signed in');
});

test('it comes back to a server that was started again', async ({ page, startApp, guard }) => {
  guard.allow('network');
  const app = await startApp();
  await signIn(page, app);
  const follows = page.waitForResponse('**/inspector/events');
  await openInspector(page, app);
  await follows;
  await expect(verdict(page).getByRole('heading')).toHaveText('Signed in');
  const before = await verdict(page).getAttribute('data-trace');
  const followsAgain = page.waitForResponse('**/inspector/events');
  await app.restart();
  await followsAgain;
  const other = await page.context().newPage();
  await other.goto(`${app.origin}/?again=1&return_to=%2Finspector`);
  await ready(other);
  await continueButton(other).click();
  await other.waitForURL(`${app.origin}/inspector`);
  // What the process before it knew is gone, and what this one knows is shown.
  await expect(verdict(page)).not.toHaveAttribute('data-trace', before ?? '', { timeout: 15_000 });
  await expect(page.getByRole('navigation', { name: 'Sign-ins of this browser' })).toHaveCount(0);
});

test('it goes on after its page was put away for a session that was over', async ({ page, context, app, guard }) => {
  guard.allow(401);
  await signIn(page, app);
  const watching = await context.newPage();
  await openInspector(watching, app);
  await expect(verdict(watching).getByRole('heading')).toHaveText('Signed in');
  await signOut(page);
  await expect(watching.getByRole('dialog')).toBeVisible();
  await signIn(page, app);
  await expect(watching.getByRole('dialog')).toBeHidden();
  await expect(verdict(watching).getByRole('heading')).toHaveText('Signed in');
  await expect(watching.getByText("We couldn't load the trace.")).toBeHidden();
});

test('neither events nor files hold a secret', async ({ page, app, canaries }) => {
  await openInspector(page, app);
  await signIn(page, app);
  await openInspector(page, app);
  const heard = await page.evaluate(() => new Promise<string>((resolve) => {
    const events = new EventSource('/inspector/events');
    events.addEventListener('trace', ({ data }) => { events.close(); resolve(String(data)); });
  }));
  expect(heard).toContain('signed_in');
  const files = await page.evaluate(() => Promise.all(
    ['/inspector/trace', '/inspector/report', '/inspector/report?format=text'].map(async (path) => await (await fetch(path)).text()),
  ));
  for (const text of [heard, ...files]) {
    expect(text).toContain('sha256:');
    for (const secret of canaries.caught()) expect(text.includes(secret)).toBe(false);
  }
  await canaries.check(page, app);
});

test('its sheet is of this page alone, and its steps are links without a script of ours', async ({ page, app }) => {
  const sheets = 'link[rel=stylesheet][href*="/pkg/inspector."]';
  await page.goto(app.origin);
  await expect(page.locator(sheets)).toHaveCount(0);
  await signIn(page, app);
  await expect(page.locator(sheets)).toHaveCount(0);
  await page.goto(`${app.origin}/inspector#step-5`);
  await expect(page.locator(sheets)).toHaveCount(1);
  await expect(step(page, 5)).toHaveAttribute('open', '');
  await expect(step(page, 5)).toContainText('What to check');
});

test('from right to left arrows are mirrored and code is not', async ({ anotherBrowser, app, canaries }) => {
  const page = await (await anotherBrowser({ locale: RIGHT_TO_LEFT })).newPage();
  await page.goto(app.origin);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await ready(page);
  await page.locator('main form button, main button').first().click();
  await giveName(page);
  await allowButton(page).click();
  await page.waitForURL(`${app.origin}/account`);
  await page.goto(`${app.origin}/inspector`);
  await expect(page.locator('html[data-inspector]')).toBeAttached();
  for (const drawing of ['.sequence-drawing', '.bar']) {
    await expect(page.locator(drawing).first()).toHaveCSS('scale', '-1 1');
  }
  const code = step(page, 2).locator('td bdi > code').first();
  await expect(code).toHaveCSS('direction', 'ltr');
  await canaries.check(page, app);
  await accessible(page);
});
