/** A sign-in as a person does it, at the app and at the development provider. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from '../fixtures/app.js';
import { ready } from './ready.js';

export interface SignInOptions {
  /** Who signs in; any name will do. */
  name?: string;
  /** Where to go afterwards. */
  returnTo?: string;
  /** How far to go. */
  until?: 'consent' | 'account';
}

/** The button that starts a sign-in on the start page. */
export function continueButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Continue with the development provider' });
}

/** The provider's consent page. */
export function allowButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Allow' });
}

/** Opens the start page and presses the button. */
export async function begin(page: Page, app: App, returnTo?: string): Promise<void> {
  const query = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`;
  await page.goto(`${app.origin}/${query}`);
  await ready(page);
  await continueButton(page).click();
}

/** Says at the provider who is there; the next page asks for consent. */
export async function giveName(page: Page, name = 'Ada Lovelace'): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(allowButton(page)).toBeVisible();
}

/** Goes through the provider's pages to the end, and says nothing of what the app makes of it. */
export async function agree(page: Page, name?: string): Promise<void> {
  await giveName(page, name);
  await allowButton(page).click();
}

/**
 * Signs in. A browser that the provider knows already is sent straight back by it, so there is no
 * name to give then.
 */
export async function signIn(page: Page, app: App, options: SignInOptions = {}): Promise<void> {
  const { name, returnTo, until = 'account' } = options;
  await begin(page, app, returnTo);
  const arrived = (url: URL): boolean => url.href === new URL(returnTo ?? '/account', app.origin).href;
  const atProvider = page.getByLabel('Your name');
  await expect(async () => {
    expect(arrived(new URL(page.url())) || await atProvider.isVisible()).toBe(true);
  }).toPass({ intervals: [50] });
  if (!arrived(new URL(page.url()))) {
    await giveName(page, name);
    if (until === 'consent') return;
    await allowButton(page).click();
    await page.waitForURL(arrived);
  }
  await ready(page);
}
