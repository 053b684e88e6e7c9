/** Failures that are told beside the button, before anybody leaves. */
import type { Page } from '@playwright/test';
import { expect, type App, type Provider } from '../fixtures/index.js';
import { alertOf } from './failure.js';
import { ready } from './ready.js';
import { continueButton } from './sign-in.js';

/** Presses the button of the start page, which says in an alert why it stays. */
export async function staysAtStart(page: Page, app: App, alert: string | RegExp): Promise<void> {
  await page.goto(`${app.origin}/`);
  await ready(page);
  await continueButton(page).click();
  await staysHere(page, app, alert);
}

/** The page stays, with an alert, and its button can be pressed again. */
export async function staysHere(page: Page, app: App, alert: string | RegExp): Promise<void> {
  await expect(alertOf(page)).toHaveText(alert);
  await expect(page).toHaveURL(`${app.origin}/`);
  await expect(againButton(page)).toBeEnabled();
  const kept = await page.evaluate(() => {
    try {
      return JSON.stringify(sessionStorage);
    } catch {
      return 'no storage';
    }
  });
  expect(kept, 'an attempt that never left').not.toContain('code_verifier');
}

/** The same button reaches the provider now. */
export async function startsNow(page: Page): Promise<void> {
  await againButton(page).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
}

/** Nothing was asked of the provider. */
export async function nobodyWasAsked(provider: Provider): Promise<void> {
  expect(await provider.counts()).toMatchObject({ authorize: 0, token: 0, userinfo: 0 });
}

function againButton(page: Page): ReturnType<Page['getByRole']> {
  return page.getByRole('main').getByRole('button', { name: 'Try again' });
}
