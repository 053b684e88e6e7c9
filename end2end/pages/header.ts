/** What stands above every page of somebody who is signed in. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The button that opens the menu. */
export function menuButton(page: Page): Locator {
  return page.getByRole('banner').getByRole('button', { name: 'Your account menu' });
}

/** The menu itself; it is there, and hidden until it is opened. */
export function menu(page: Page): Locator {
  return page.locator('#account-menu');
}

/** Opens the menu and signs out with it. */
export async function signOutByMenu(page: Page): Promise<void> {
  await menuButton(page).click();
  await expect(menu(page)).toBeVisible();
  await menu(page).getByRole('button', { name: 'Sign out' }).click();
}
