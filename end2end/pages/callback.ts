/** The answer of the provider, between the provider and the app. */
import type { CDPSession, Page, Request } from '@playwright/test';
import type { App } from '../fixtures/app.js';
import { agree, begin } from './sign-in.js';

const EMPTY_PAGE = Buffer.from('<!doctype html><title>Held</title><link rel="icon" href="data:,">').toString('base64');

/**
 * Goes to the provider and agrees there, but keeps its answer from the app. The browser stands on an
 * empty page of the app's origin then, and the answer can be opened, changed, or taken elsewhere.
 */
export async function holdAnswer(page: Page, app: App, returnTo?: string): Promise<URL> {
  // A redirect can be stopped only below Playwright's own routes.
  const session = await page.context().newCDPSession(page);
  await session.send('Fetch.enable', { patterns: [{ urlPattern: `${app.origin}/callback?*` }] });
  const held = holdNext(session);
  await begin(page, app, returnTo);
  await agree(page);
  const answer = await held;
  await page.waitForURL(answer.href);
  await session.detach();
  return answer;
}

function holdNext(session: CDPSession): Promise<URL> {
  return new Promise((resolve, reject) => {
    session.once('Fetch.requestPaused', ({ requestId, request }) => {
      session.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: 200,
        responseHeaders: [{ name: 'Content-Type', value: 'text/html' }],
        body: EMPTY_PAGE,
      }).then(() => resolve(new URL(request.url)), reject);
    });
  });
}

/** The same answer with some parameters changed, or left out. */
export function changed(answer: URL, changes: Record<string, string | undefined>): string {
  const url = new URL(answer);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

/** What this tab keeps of the attempt that an answer belongs to. */
export async function keptAttempt(page: Page, answer: URL): Promise<string> {
  const kept = await page.evaluate((key) => sessionStorage.getItem(key), keyOf(answer));
  if (kept === null) throw new Error('this tab keeps nothing of the attempt');
  return kept;
}

/** Puts something in its place. */
export async function keepAttempt(page: Page, answer: URL, entry: string): Promise<void> {
  await page.evaluate(([key, value]) => sessionStorage.setItem(key, value), [keyOf(answer), entry] as const);
}

function keyOf(answer: URL): string {
  return `wrengate:attempt:${answer.searchParams.get('state')}`;
}

/** The completions that a page sends from now on. */
export function completionsOf(page: Page): Request[] {
  const sent: Request[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/complete_sign_in') sent.push(request);
  });
  return sent;
}
