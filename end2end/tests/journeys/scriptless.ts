/** A second browser for each test, in which scripts are off. */
import type { Page } from '@playwright/test';
import { test as base } from '../../fixtures/index.js';

interface Scriptless {
  /** A page with scripts off, in a browser of its own. */
  plain: Page;
}

export const test = base.extend<Scriptless>({
  plain: async ({ browser, baseURL, guard }, use) => {
    const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) });
    await guard.watch(context);
    await use(await context.newPage());
    await context.close();
  },
});

/** Signs the page without scripts in, with the cookies of a browser that has them. */
export async function bringSession(plain: Page, from: Page): Promise<void> {
  await plain.context().addCookies(await from.context().cookies());
}
