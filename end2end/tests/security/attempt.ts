/** Sign-ins without a browser: for what takes many of them, or values that no browser would send. */
import { createHash, randomBytes } from 'node:crypto';
import { expect, type APIRequestContext } from '@playwright/test';
import type { App } from '../../fixtures/index.js';
import { call, cookiesOf, type RawAnswer } from './raw.js';

export interface Begun {
  state: string;
  verifier: string;
  challenge: string;
  /** Where the provider asks the person. */
  url: string;
  /** The attempt cookie, as it is sent back. */
  cookie: string;
}

/** What completes a sign-in. */
export interface Message {
  state: string;
  iss: string;
  code: string;
  code_verifier: string;
}

export function base64url(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** What begins a sign-in. */
export function beginning(): { state: string; verifier: string; challenge: string } {
  const verifier = base64url();
  return {
    state: base64url(), verifier, challenge: createHash('sha256').update(verifier).digest('base64url'),
  };
}

/** Steps 1 to 5: registers an attempt. */
export async function begin(app: App): Promise<Begun> {
  const values = beginning();
  const answer = await call(app, '/api/begin_sign_in', { code_challenge: values.challenge, state: values.state });
  expect(answer.status, answer.text).toBe(200);
  const [cookie = ''] = cookiesOf(answer);
  const { authorization_url: url } = JSON.parse(answer.text) as { authorization_url: string };
  return { ...values, url, cookie };
}

/** Step 6: signs in at the provider and takes its answer, which the app has not seen. */
export async function authorize(
  request: APIRequestContext, { url, state, verifier }: Begun, name = 'Ada Lovelace',
): Promise<Message> {
  let at = await followed(request, url);
  for (const form of [{ name }, { decision: 'allow' }]) {
    // A person whom the provider knows is asked for less.
    if (at.pathname.startsWith('/interaction/')) at = await followed(request, at.href, form);
  }
  const { iss = '', code = '', ...rest } = Object.fromEntries(at.searchParams);
  expect(rest).toEqual({ state });
  return { state, iss, code, code_verifier: verifier };
}

/** Where the provider's redirects lead: to a page of its own, or to the callback, which is not opened. */
async function followed(
  request: APIRequestContext, address: string, form?: Record<string, string>,
): Promise<URL> {
  let at = new URL(address);
  let answer = form
    ? await request.post(address, { form, maxRedirects: 0 })
    : await request.get(address, { maxRedirects: 0 });
  while (answer.status() >= 300 && answer.status() < 400) {
    at = new URL(answer.headers()['location'] ?? '', at);
    if (at.pathname === '/callback') return at;
    answer = await request.get(at.href, { maxRedirects: 0 });
  }
  return at;
}

/** Step 8, with the attempt cookie. */
export async function complete(app: App, message: Message, cookie: string | undefined): Promise<RawAnswer> {
  return call(app, '/api/complete_sign_in', message, { Cookie: cookie });
}

/** What a failed call says. */
export function failureOf(answer: RawAnswer): string | undefined {
  return (JSON.parse(answer.text) as { failure?: string }).failure;
}

/** Whether a cookie is worth a session. */
export async function isSession(app: App, cookie: string): Promise<boolean> {
  const { status } = await call(app, '/api/session', {}, { Cookie: cookie });
  return status === 200;
}

/** The session cookie among those that an answer sets, as it is sent back. */
export function sessionIn(answer: RawAnswer): string | undefined {
  return cookiesOf(answer).find((cookie) => /^wrengate=./.test(cookie));
}
