import { expect, type Page } from '@playwright/test';

/** On a busy machine a page gives up on its module after ten seconds, and still starts when it comes. */
const LATEST_MS = 20_000;

/** Waits until the page is hydrated: from here on its buttons do what they say. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'ready', { timeout: LATEST_MS });
}
