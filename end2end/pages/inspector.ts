/** The flow inspector's page. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from '../fixtures/app.js';

/** Opens it and waits until it follows what happens. */
export async function openInspector(page: Page, app: App): Promise<void> {
  await page.goto(`${app.origin}/inspector`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Flow inspector');
  await expect(page.locator('html[data-inspector]')).toBeAttached();
}

export function verdict(page: Page): Locator {
  return page.getByRole('region', { name: 'Verdict' });
}

/** The step of a number, with what it opens to. */
export function step(page: Page, number: number): Locator {
  return page.locator(`#details-${number}`);
}
