/**
 * The module is late, or does not come. Rows R2 and R3 of the robustness table; R1, R4, R5 and R6 are
 * walked in journeys/no-wasm.spec.ts.
 */
import { expect, test } from '../../fixtures/index.js';
import { agree, continueButton, ready } from '../../pages/index.js';
import { answerFor } from '../journeys/callback.js';
import { atAccountOf } from '../journeys/session.js';

const MODULE = '**/pkg/*.wasm';
const STILL_LOADING = 'The interactive part of this page is still loading.';

test('R2: a module that does not come is told at once and not after a wait', async ({ page, guard }) => {
  guard.allow('network');
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.route(MODULE, (route) => route.abort());
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
});

test('R3: a slow module is told of after 4 and 10 seconds, and still starts the page', async ({ page, app }) => {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route(MODULE, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-boot', 'wait');
  await expect(page.getByText(STILL_LOADING)).toBeHidden();
  await expect(continueButton(page)).toBeVisible();

  await page.clock.fastForward(4000);
  await expect(html).toHaveAttribute('data-boot', 'slow');
  await expect(page.getByText(STILL_LOADING)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Reload' }).filter({ visible: true })).toHaveCount(1);

  await page.clock.fastForward(6000);
  await expect(html).toHaveAttribute('data-boot', 'failed');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("Sign-in can't start in this browser");
  await expect(continueButton(page)).toBeHidden();

  await page.clock.resume();
  release();
  await ready(page);
  await expect(page.getByText(STILL_LOADING)).toBeHidden();
  await expect(page.getByRole('heading', { level: 2 })).toBeHidden();
  await continueButton(page).click();
  await agree(page);
  await atAccountOf(page, app);
});

test('R3: a slow module on the callback is told of and still finishes the sign-in', async ({ page, app }) => {
  const answer = await answerFor(page, app);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route(MODULE, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(answer.href);
  await page.clock.fastForward(4000);
  await expect(page.getByText(STILL_LOADING)).toBeVisible();
  await page.clock.fastForward(6000);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText("We couldn't finish your sign-in");
  expect(page.url()).toBe(answer.href);
  await page.clock.resume();
  release();
  await atAccountOf(page, app);
});
