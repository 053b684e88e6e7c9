/** A session that ends while its page is open. */
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { App } from '../fixtures/app.js';
import { changeStore } from '../fixtures/store.js';
import { continueButton } from './sign-in.js';
import { ready } from './ready.js';

/** How long a session may go unused, by default. */
const IDLE_SECONDS = 30 * 60;

/** The warning at the top of the page. */
export function bar(page: Page): Locator {
  return page.getByRole('main').locator('.session-bar');
}

/** What stands before a page whose session is over. */
export function overlay(page: Page): Locator {
  return page.getByRole('dialog');
}

/** The field with work in it. */
export function nameField(page: Page): Locator {
  return page.getByLabel('What we call you');
}

/** Every session goes unused until it ends in so many seconds; none is left for a negative number. */
export async function endsIn(app: App, seconds: number): Promise<void> {
  const end = `CAST(strftime('%s', 'now') AS INTEGER) + ${seconds}`;
  const statement = `UPDATE sessions SET idle_end = ${end}, last_used = ${end} - ${IDLE_SECONDS}`;
  expect(await changeStore(app, statement)).toBeGreaterThan(0);
}

/** Another tab of this browser tells that something happened, and this one asks the server. */
export async function hearsNews(page: Page): Promise<void> {
  await page.evaluate(() => { new BroadcastChannel('wrengate').postMessage('signed-in'); });
}

/** The page is put away for this reason, and nothing of the person is left in the document. */
export async function isOver(page: Page, title: string): Promise<void> {
  await expect(overlay(page).getByRole('heading', { level: 2, name: title })).toBeFocused();
  const content = await page.content();
  expect(content).not.toContain('ada@example.org');
  expect(content).not.toContain('Lovelace');
}

/** The page is back, with all that it shows. */
export async function isBack(page: Page): Promise<void> {
  await expect(overlay(page)).toBeHidden();
  await expect(page.getByRole('main').getByText('ada@example.org').first()).toBeVisible();
}

/** How often the form was sent from this tab. */
export function savesOf(page: Page): () => number {
  let saves = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/save_preferences') saves += 1;
  });
  return () => saves;
}

/** Follows the link to the sign-in page in a new tab. */
export async function newTab(page: Page, context: BrowserContext): Promise<Page> {
  const opened = context.waitForEvent('page');
  await overlay(page).getByRole('link', { name: 'Sign in in a new tab' }).click();
  const tab = await opened;
  await ready(tab);
  return tab;
}

/** Signs in again in the new tab, as whom the provider remembers. */
export async function signInBeside(tab: Page): Promise<void> {
  await continueButton(tab).click();
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText("You're signed in again");
}
