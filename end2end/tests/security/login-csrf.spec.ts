/**
 * Login CSRF: a page of somebody else makes the victim's browser post the attacker's own code, state
 * and verifier, so that the victim works in the attacker's account without knowing it.
 *
 * The victim's browser even holds the attacker's attempt cookie, as a neighbouring port or subdomain
 * could plant it: what is left to refuse the post is the gate.
 */
import type { APIRequestContext, BrowserContext, Request } from '@playwright/test';
import { expect, type App } from '../../fixtures/index.js';
import { problem, signIn } from '../../pages/index.js';
import { signedInAs } from '../journeys/session.js';
import { PLACES, formThatPosts, test } from './attacker.js';
import { authorize, begin, complete, type Message } from './attempt.js';

/** A sign-in of the attacker that only has to be completed. */
interface Loot {
  message: Message;
  cookie: string;
}

async function prepare(request: APIRequestContext, victim: BrowserContext, app: App): Promise<Loot> {
  const begun = await begin(app);
  const message = await authorize(request, begun, 'Mallory');
  const [name = '', value = ''] = begun.cookie.split('=');
  await victim.addCookies([{ name, value, url: app.origin }]);
  return { message, cookie: begun.cookie };
}

/** The victim is nobody, the attempt untouched, and the loot was good: the attacker can still use it. */
async function nothingHappened(victim: BrowserContext, app: App, { message, cookie }: Loot): Promise<void> {
  const names = (await victim.cookies(app.origin)).map((kept) => kept.name);
  expect(names).toEqual(['wrengate-attempt']);
  expect(await signedInAs(victim, app)).toBeNull();
  const own = await complete(app, message, cookie);
  expect(own.status, own.text).toBe(200);
}

/** JSON that is a single form field: its name, an equals sign, its value. */
function jsonAsField(message: Message): Record<string, string> {
  const json = JSON.stringify({ ...message, error_description: '=' });
  const [name = '', value = ''] = json.split(/=(?="}$)/);
  return { [name]: value };
}

const FORMS = {
  'an urlencoded form': ({ message }: Loot) => ({
    fields: { ...message }, enctype: 'application/x-www-form-urlencoded',
  }),
  'a multipart form': ({ message }: Loot) => ({ fields: { ...message }, enctype: 'multipart/form-data' }),
  'a text form that is JSON': ({ message }: Loot) => ({ fields: jsonAsField(message), enctype: 'text/plain' }),
};

const SCRIPTS: Record<string, (address: string, body: string) => string> = {
  'a fetch without CORS': (address, body) => (
    `fetch(${address}, { method: 'POST', mode: 'no-cors', credentials: 'include', body: ${body} }).catch(() => {})`
  ),
  'a fetch without CORS that claims JSON': (address, body) => (
    `fetch(${address}, { method: 'POST', mode: 'no-cors', credentials: 'include', body: ${body},
      headers: { 'Content-Type': 'application/json' } }).catch(() => {})`
  ),
  'a simple fetch with CORS': (address, body) => (
    `fetch(${address}, { method: 'POST', credentials: 'include', body: ${body} }).catch(() => {})`
  ),
  'a beacon': (address, body) => `navigator.sendBeacon(${address}, ${body})`,
};

for (const place of PLACES) {
  for (const [kind, build] of Object.entries(FORMS)) {
    test(`${kind} from ${place} signs the victim in nowhere`, async ({
      page: victim, context, request, app, provider, guard, attacker,
    }) => {
      // What the refusal is shown in has no icon.
      guard.allow(403, 404);
      const loot = await prepare(request, context, app);
      const { fields, enctype } = build(loot);
      const address = `${app.origin}/api/complete_sign_in`;
      const trap = (await attacker(place)).page(formThatPosts(address, fields, enctype));

      const posted = victim.waitForRequest(address);
      await victim.goto(trap);
      const sent = await posted;

      expect((await sent.response())?.status()).toBe(403);
      // Not for want of a cookie.
      expect(await sent.headerValue('cookie')).toBe(loot.cookie);
      expect((await provider.counts()).token).toBe(0);
      await nothingHappened(context, app, loot);
    });
  }

  for (const [kind, build] of Object.entries(SCRIPTS)) {
    test(`${kind} from ${place} signs the victim in nowhere`, async ({
      page: victim, context, request, app, provider, guard, attacker,
    }) => {
      guard.allow(403, 'network');
      guard.allowConsole(/blocked by CORS policy/);
      const loot = await prepare(request, context, app);
      const address = `${app.origin}/api/complete_sign_in`;
      const body = JSON.stringify(JSON.stringify(loot.message));
      const script = build(JSON.stringify(address), body);
      const trap = (await attacker(place)).page(`<script>${script}</script>`);
      const logged = app.log().length;

      // The browser keeps the answer from everybody, so only the app can tell that it refused.
      const failed = victim.waitForEvent('requestfailed', (asked) => asked.url() === address);
      await victim.goto(trap);
      await failed;

      await expect.poll(() => app.log().slice(logged)).toContain('not-from-here');
      expect((await provider.counts()).token).toBe(0);
      await nothingHappened(context, app, loot);
    });
  }

  test(`a fetch that needs a preflight never leaves ${place}`, async ({
    page: victim, context, request, app, provider, guard, attacker,
  }) => {
    guard.allow('network');
    guard.allowConsole(/blocked by CORS policy/);
    const loot = await prepare(request, context, app);
    const script = `fetch(${JSON.stringify(`${app.origin}/api/complete_sign_in`)}, {
      method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' },
      body: ${JSON.stringify(JSON.stringify(loot.message))},
    }).then(() => { document.title = 'answered'; }, () => { document.title = 'refused'; })`;
    await victim.goto((await attacker(place)).page(`<script>${script}</script>`));
    await expect(victim).toHaveTitle('refused');
    expect((await provider.counts()).token).toBe(0);
    await nothingHappened(context, app, loot);
  });

  test(`a link from ${place} with the attacker's code is not matched`, async ({
    page: victim, context, request, app, provider, guard, attacker,
  }) => {
    guard.allow(400, 401);
    const loot = await prepare(request, context, app);
    const { state, iss, code } = loot.message;
    const link = `${app.origin}/callback?${new URLSearchParams({ code, state, iss }).toString()}`;
    const calls: Request[] = [];
    victim.on('request', (asked) => {
      if (asked.url().endsWith('/api/complete_sign_in')) calls.push(asked);
    });
    await victim.goto((await attacker(place)).page(`<a href="${link.replaceAll('&', '&amp;')}">Win</a>`));
    await victim.getByRole('link', { name: 'Win' }).click();
    await problem(victim, 'state-unmatched');
    expect(calls).toEqual([]);
    expect((await provider.counts()).token).toBe(0);
    await nothingHappened(context, app, loot);
  });

  for (const path of ['/sign-out', '/profile/refresh']) {
    test(`a form from ${place} to ${path} does nothing to somebody who is signed in`, async ({
      page: victim, context, app, provider, guard, attacker,
    }) => {
      // The page of the refusal has no icon.
      guard.allow(403, 404);
      await signIn(victim, app);
      const { userinfo } = await provider.counts();
      const form = formThatPosts(app.origin + path, { where: 'everywhere' }, 'application/x-www-form-urlencoded');
      const posted = victim.waitForRequest(app.origin + path);
      await victim.goto((await attacker(place)).page(form));
      expect((await (await posted).response())?.status()).toBe(403);
      expect(await signedInAs(context, app)).toBe('Ada Lovelace');
      expect((await provider.counts()).userinfo).toBe(userinfo);
    });
  }
}
