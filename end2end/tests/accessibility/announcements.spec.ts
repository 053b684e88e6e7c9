/** What is spoken without being asked for: each region is there before it speaks, and quiet until then. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { continueButton, heldBack, ready } from '../../pages/index.js';
import { SAMPLES } from '../../pages/places.js';
import { answerFor } from '../journeys/callback.js';

const REGIONS = '[role=status], [role=alert], [aria-live]';

/** Remembers the live regions of each document as it came, and what changes in them afterwards. */
async function listens(page: Page): Promise<void> {
  await page.addInitScript((regions) => {
    addEventListener('DOMContentLoaded', () => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      for (const region of document.querySelectorAll(regions)) region.setAttribute('data-from-the-start', '');
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const region = element?.closest(regions);
          if (region !== null && region !== undefined) heard.push(region.outerHTML);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  }, REGIONS);
}

async function heardOn(page: Page): Promise<string[]> {
  return await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}

for (const place of SAMPLES.filter(({ route }) => route !== '/callback')) {
  test(`${place.route} › ${place.state} says nothing unasked`, async ({
    page, app, provider, guard, anotherBrowser,
  }) => {
    const stage = { page, app, provider, guard, anotherBrowser };
    guard.allow(...place.fails ?? []);
    await place.before?.(stage);
    await listens(page);
    await place.open(stage);
    expect(await heardOn(page)).toEqual([]);
    await expect(page.locator(REGIONS).and(page.locator(':not([data-from-the-start])'))).toHaveCount(0);
  });
}

test('what stops a sign-in before it starts is said in a region that was there', async ({ page, context }) => {
  await listens(page);
  await page.goto('/');
  await ready(page);
  await context.setOffline(true);
  await continueButton(page).click();
  const said = page.getByRole('alert').filter({ hasText: "You're offline." });
  await expect(said).toHaveAttribute('data-from-the-start', '');
});

test('what became of a visit to the callback page is read out and named', async ({ page, guard }) => {
  guard.allow(401);
  const release = await heldBack(page, '**/api/session');
  await page.goto('/callback');
  await ready(page);
  await expect(page).toHaveTitle('Signing you in — Wrengate');
  release();
  await expect(page.getByRole('heading', { level: 1, name: 'No sign-in is waiting here' })).toBeFocused();
  await expect(page).toHaveTitle('No sign-in is waiting here — Wrengate');
});

test('what takes long on the way back is said in a region that was there', async ({ page, app }) => {
  const answer = await answerFor(page, app);
  await listens(page);
  await page.clock.install();
  await page.route('**/api/complete_sign_in', () => { /* Nobody answers. */ });
  await page.goto(answer.href);
  await ready(page);
  await page.clock.fastForward(4000);
  const said = page.getByRole('status').filter({ hasText: 'Still waiting for' });
  await expect(said).toHaveAttribute('data-from-the-start', '');
  await page.clock.fastForward(11_000);
  await expect(page.getByRole('status').filter({ hasText: 'longer than it should' })).toHaveAttribute('data-from-the-start', '');
});
