import { expect, type Page } from '@playwright/test';

/** Waits until the page is hydrated: from here on its buttons do what they say. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-boot', 'ready');
}
