import type { Page } from '@playwright/test';

/** Keeps these requests back until the answer is called, so that a slow look at the page comes in time. */
export async function heldBack(page: Page, calls: RegExp | string): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route(calls, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
