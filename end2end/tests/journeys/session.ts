import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { App } from '../../fixtures/index.js';
import { ready } from '../../pages/index.js';

/** Whom the app takes a browser for, by its cookies alone; null when for nobody. */
export async function signedInAs(context: BrowserContext, app: App): Promise<string | null> {
  const answer = await context.request.post(`${app.origin}/api/session`, {
    headers: { Origin: app.origin }, data: {},
  });
  if (answer.status() === 401) return null;
  expect(answer.status()).toBe(200);
  const { name } = await answer.json() as { name: string };
  return name;
}

/** The account page of this person is shown, and works. */
export async function atAccountOf(page: Page, app: App, name = 'Ada Lovelace'): Promise<void> {
  await page.waitForURL(`${app.origin}/account`);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
}

/** The sign-in page is shown to somebody who is signed out, and nothing of the profile with it. */
export async function atSignIn(page: Page, app: App): Promise<void> {
  await page.waitForURL((url) => url.origin === app.origin && url.pathname === '/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await showsNobody(page);
}

/** Nothing that Ada's profile holds is on the page. */
export async function showsNobody(page: Page): Promise<void> {
  await expect(page.locator('body')).not.toContainText(/Ada|Lovelace|@example\.org/);
}

/** The button on the account page; the menu of the header has another of that name. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
}

/** Also at the provider; the first form of the page has the box that counts for this browser alone. */
export async function signOutAtProviderToo(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Leave' }).getByLabel('Also sign out of the development provider').first().check();
  await signOut(page);
}

/** What opens the question whether to sign out every browser. */
export function everywhere(page: Page): Locator {
  return page.getByRole('region', { name: 'Leave' }).getByText('Sign out everywhere').first();
}

/** Asks for it and agrees. */
export async function signOutEverywhere(page: Page): Promise<void> {
  await everywhere(page).click();
  await page.getByRole('region', { name: 'Leave' }).getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.waitForURL('**/signed-out');
}
