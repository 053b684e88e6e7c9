/** The way back from the provider, taken apart: its address, and what the tab keeps for it. */
import type { Page } from '@playwright/test';
import type { App } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';

/** Where the app keeps an attempt, followed by its state. */
export const ATTEMPT_KEY = 'wrengate:attempt:';

/**
 * Signs in at the provider and keeps its answer from the app: the address of the callback, which
 * nobody has opened yet. The page stays at the provider.
 */
export async function answerFor(page: Page, app: App, name?: string): Promise<URL> {
  await signIn(page, app, { ...(name !== undefined && { name }), until: 'consent' });
  return answerTo(page);
}

/** Presses Allow on the provider's consent page, without leaving it. */
export async function answerTo(page: Page): Promise<URL> {
  const answer = await page.request.post(page.url(), { form: { decision: 'allow' } });
  return new URL(answer.url());
}

/** Opens a place of the app at which nothing of it runs, to look at what the tab keeps. */
export async function atEmptyPage(page: Page, app: App): Promise<void> {
  const address = `${app.origin}/empty-page-of-the-test`;
  await page.route(address, (route) => route.fulfill({
    contentType: 'text/html', body: '<!doctype html><title>Empty</title><link rel="icon" href="data:,">',
  }));
  await page.goto(address);
  await page.unroute(address);
}

/** What the tab keeps; the page must be one of the app. */
export async function storageOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => ({ ...sessionStorage }));
}

/** Fills the storage of a tab, as "Duplicate tab" does. */
export async function fillStorage(page: Page, items: Record<string, string>): Promise<void> {
  await page.evaluate((all) => {
    for (const [key, value] of Object.entries(all)) sessionStorage.setItem(key, value);
  }, items);
}

/** What it takes to complete a sign-in by hand. */
export interface Proof {
  state: string;
  iss: string;
  code: string;
  code_verifier: string;
}

/** Signs in at the provider and takes everything out of the tab, which stays at an empty page. */
export async function proofFor(page: Page, app: App, name?: string): Promise<Proof> {
  const answer = await answerFor(page, app, name);
  await atEmptyPage(page, app);
  const { state = '', iss = '', code = '' } = Object.fromEntries(answer.searchParams);
  const entry = (await storageOf(page))[ATTEMPT_KEY + state];
  const { attempt } = JSON.parse(entry ?? '{}') as { attempt: { code_verifier: string } };
  return { state, iss, code, code_verifier: attempt.code_verifier };
}

/** The app's answer to a call. */
export interface Answer {
  status: number;
  body: { failure?: string; reference?: string; return_to?: string; profile?: { name: string } };
}

/** Calls the app as its own script does, from a page of the app. */
export async function call(page: Page, path: string, message: object): Promise<Answer> {
  return page.evaluate(async ([address, body]) => {
    const answer = await fetch(address, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body,
    });
    return { status: answer.status, body: await answer.json() as Answer['body'] };
  }, [path, JSON.stringify(message)] as const);
}
