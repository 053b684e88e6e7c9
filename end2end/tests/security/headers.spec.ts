/** The headers that stand on every response, the cookies, and what the policy stops in a browser. */
import { expect, test } from '../../fixtures/index.js';
import { freePort } from '../../fixtures/ports.js';
import { ready, signIn } from '../../pages/index.js';
import { authorize, beginning, complete } from './attempt.js';
import { call, cookiesOf, ownHeaders, send, type RawAnswer, type RawRequest } from './raw.js';

/** Where an app behind a proxy would be. */
const HTTPS = 'https://app.example.test';

/** One response of every kind: what is asked, and the status of the answer. */
const RESPONSES: Record<string, { ask: RawRequest; own?: boolean; status: number; cached?: RegExp }> = {
  'the sign-in page': { ask: { path: '/' }, status: 200 },
  'the account, signed out': { ask: { path: '/account' }, status: 303 },
  'the callback': { ask: { path: `/callback?code=abc&state=${'s'.repeat(43)}` }, status: 200 },
  'the signed-out page': { ask: { path: '/signed-out' }, status: 200 },
  'a problem': { ask: { path: '/problem/too-long' }, status: 400 },
  'a server fault': { ask: { path: '/problem/unexpected' }, status: 500 },
  'a page that does not exist': { ask: { path: '/no-such-page' }, status: 404 },
  'a file that does not exist': { ask: { path: '/pkg/no-such-file.js' }, status: 404 },
  'the icon': { ask: { path: '/favicon.svg' }, status: 200, cached: /^public, max-age=\d+$/ },
  'the health check': { ask: { path: '/healthz' }, status: 200 },
  'the readiness check': { ask: { path: '/readyz' }, status: 200 },
  'a call': { ask: { method: 'POST', path: '/api/session', body: '{}' }, own: true, status: 401 },
  'a call with another method': { ask: { path: '/api/session' }, status: 405 },
  'a call from elsewhere': { ask: { method: 'POST', path: '/api/session', body: '{}' }, status: 403 },
  'a call that does not exist': {
    ask: { method: 'POST', path: '/api/no-such-call', body: '{}' }, own: true, status: 404,
  },
  'a preflight': {
    ask: {
      method: 'OPTIONS', path: '/api/session',
      headers: { Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'POST' },
    },
    status: 405,
  },
  'a form from elsewhere': { ask: { method: 'POST', path: '/sign-out', body: '' }, status: 403 },
  'a prefetch': { ask: { path: '/callback', headers: { 'Sec-Purpose': 'prefetch' } }, status: 204 },
};

function directives(answer: RawAnswer): Record<string, string[]> {
  const policy = String(answer.headers['content-security-policy']);
  return Object.fromEntries(policy.split(';').map((text) => {
    const [name = '', ...sources] = text.trim().split(/\s+/);
    return [name, sources];
  }));
}

function checkHeaders(answer: RawAnswer, path: string, pictures: string): void {
  const { headers } = answer;
  const { 'script-src': scripts = [], 'form-action': forms = [], ...policy } = directives(answer);
  expect(policy).toEqual({
    'default-src': ["'none'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", pictures],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
    'frame-ancestors': ["'none'"],
    'worker-src': ["'none'"],
    'manifest-src': ["'self'"],
  });
  const nonces = scripts.filter((source) => source.startsWith("'nonce-"));
  expect(scripts.filter((source) => !nonces.includes(source))).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  const isPage = answer.text.includes('data-module=');
  expect(nonces.length).toBe(isPage ? 1 : 0);
  for (const nonce of nonces) expect(nonce).toMatch(/^'nonce-[\w+/=-]{22,}'$/);
  expect(forms[0]).toBe("'self'");
  expect(forms.slice(1).filter((source) => source !== pictures)).toEqual([]);

  expect(headers).toMatchObject({
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': path.startsWith('/callback') ? 'no-referrer' : 'same-origin',
  });
  for (const feature of ['camera', 'microphone', 'geolocation', 'payment']) {
    expect(headers['permissions-policy']).toContain(`${feature}=()`);
  }
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  expect(headers['strict-transport-security']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
  expect(headers['x-powered-by']).toBeUndefined();
}

function checkCaching({ headers }: RawAnswer, cached: RegExp | undefined): void {
  if (cached) {
    expect(headers['cache-control']).toMatch(cached);
  } else {
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['vary']).toMatch(/\bcookie\b/i);
  }
}

for (const [what, { ask, own = false, status, cached }] of Object.entries(RESPONSES)) {
  test(`${what} has every header`, async ({ app, provider }) => {
    const answer = await send(app, { ...ask, headers: { ...(own && ownHeaders(app)), ...ask.headers } });
    expect(answer.status).toBe(status);
    checkHeaders(answer, ask.path, provider.issuer);
    checkCaching(answer, cached);
  });
}

function filesIn(text: string): Set<string> {
  return new Set(text.match(/\/pkg\/[\w.-]+/g));
}

test('the built files have every header and never change', async ({ page, context, app, provider }) => {
  await signIn(page, app);
  const cookies = await context.cookies(app.origin);
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const { text: first } = await send(app, { path: '/' });
  const { text: account } = await send(app, { path: '/account', headers: { Cookie } });
  const kinds = (text: string): string[] => [...filesIn(text)].map((file) => file.replace(/\.[\w-]{22}\./, '.')).sort();
  const ofEverybody = ['__wasm_split.js', 'wrengate.css', 'wrengate.js', 'wrengate.wasm'].map((file) => `/pkg/${file}`);
  expect(kinds(first)).toEqual(ofEverybody);
  expect(kinds(account)).toEqual([...ofEverybody, '/pkg/split_signed_in.wasm'].sort());
  const files = filesIn(account);
  for (const file of files) {
    for (const encoding of ['identity', 'br', 'gzip']) {
      const answer = await send(app, { path: file, headers: { 'Accept-Encoding': encoding } });
      expect(answer.status).toBe(200);
      if (encoding !== 'identity') expect(answer.headers['content-encoding']).toBe(encoding);
      checkHeaders(answer, file, provider.issuer);
      checkCaching(answer, /^public, max-age=31536000, immutable$/);
    }
  }
});

test('a page with a person on it is kept nowhere', async ({ page, context, app, provider }) => {
  await signIn(page, app);
  const cookies = await context.cookies(app.origin);
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await send(app, { path: '/account', headers: { Cookie } });
  expect(answer.text).toContain('Ada Lovelace');
  checkHeaders(answer, '/account', provider.issuer);
  checkCaching(answer, undefined);
});

test('every response has a nonce of its own, which its scripts carry', async ({ app }) => {
  const seen = new Set<string>();
  for (let times = 0; times < 5; times += 1) {
    const answer = await send(app, { path: '/' });
    const [source = ''] = directives(answer)['script-src']?.filter((one) => one.startsWith("'nonce-")) ?? [];
    const nonce = source.slice("'nonce-".length, -1);
    const tags: string[] = answer.text.match(/<script\b[^>]*>/g) ?? [];
    // What has a type of its own is data and does not run.
    const scripts = tags.filter((tag) => !tag.includes('type="application/json"'));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    seen.add(nonce);
  }
  expect(seen.size).toBe(5);
});

/** A `Set-Cookie`, its value left out, its attributes in order. */
function attributes(cookie: string): { name: string; length: number; attributes: string[] } {
  const [pair = '', ...rest] = cookie.split('; ');
  const [name = '', value = ''] = pair.split('=');
  return { name, length: value.length, attributes: rest.sort() };
}

test('on loopback the cookies have exactly their attributes', async ({ app, request }) => {
  const { state, challenge, verifier } = beginning();
  const begun = await call(app, '/api/begin_sign_in', { state, code_challenge: challenge });
  const [inspector = '', set = '', ...more] = begun.headers['set-cookie'] ?? [];
  expect(more).toEqual([]);
  expect(attributes(inspector)).toEqual({
    name: 'wrengate-inspector', length: 43, attributes: ['HttpOnly', 'Max-Age=1800', 'Path=/', 'SameSite=Strict'],
  });
  expect(attributes(set)).toEqual({
    name: 'wrengate-attempt', length: 43, attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Strict'],
  });
  const { authorization_url: url } = JSON.parse(begun.text) as { authorization_url: string };
  const cookie = set.split(';')[0] ?? '';
  const message = await authorize(request, { state, verifier, challenge, url, cookie });
  const done = await complete(app, message, cookie);
  expect(done.headers['set-cookie']?.map(attributes)).toEqual([
    { name: 'wrengate', length: 43, attributes: ['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax'] },
    { name: 'wrengate-attempt', length: 0, attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict'] },
  ]);
});

test('on https the cookies are bound to host and transport', async ({ startApp, startProvider, request }) => {
  const listening = `http://127.0.0.1:${await freePort()}`;
  const provider = await startProvider({ origins: [listening, HTTPS] });
  const app = await startApp({ provider, env: { WRENGATE_PUBLIC_ORIGIN: HTTPS } });
  const { state, challenge, verifier } = beginning();
  const begun = await call(app, '/api/begin_sign_in', { state, code_challenge: challenge });
  expect(begun.headers['set-cookie']?.map(attributes)).toEqual([{
    name: '__Host-wrengate-attempt',
    length: 43,
    attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Strict', 'Secure'],
  }]);
  expect(begun.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  expect(begun.headers['content-security-policy']).toMatch(/; upgrade-insecure-requests$/);

  const { authorization_url: url } = JSON.parse(begun.text) as { authorization_url: string };
  const [cookie = ''] = cookiesOf(begun);
  const message = await authorize(request, { state, verifier, challenge, url, cookie });
  const done = await complete(app, message, cookie);
  expect(done.headers['set-cookie']?.map(attributes)).toEqual([
    {
      name: '__Host-wrengate',
      length: 43,
      attributes: ['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', 'Secure'],
    },
    {
      name: '__Host-wrengate-attempt',
      length: 0,
      attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict', 'Secure'],
    },
  ]);
});

/** Tries something in the page and tells what came of it. */
const INJECTIONS: Record<string, () => void> = {
  'an inline script': () => {
    const script = document.createElement('script');
    script.textContent = 'document.documentElement.setAttribute("data-injected", "")';
    document.body.append(script);
  },
  'an inline handler': () => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'document.documentElement.setAttribute("data-injected", "")');
    image.src = '/no-such-picture';
    document.body.append(image);
  },
  'an inline script through markup': () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<script>parent.document.documentElement.setAttribute("data-injected", "")</script>';
    document.body.append(frame);
  },
};

for (const [what, inject] of Object.entries(INJECTIONS)) {
  test(`${what} that gets into the page does not run`, async ({ page, guard }) => {
    guard.allowConsole(/Content Security Policy|Violation of the content security policy/i);
    guard.allow(404);
    await page.goto('/');
    await ready(page);
    const stopped = page.waitForEvent('console', (message) => (
      message.text().startsWith('Violation of the content security policy')
    ));
    await page.evaluate(inject);
    await stopped;
    await expect(page.locator('html')).not.toHaveAttribute('data-injected');
  });
}

test('text cannot be made into code', async ({ page, guard }) => {
  guard.allowConsole(/Content Security Policy|Violation of the content security policy/i);
  await page.goto('/');
  await ready(page);
  const outcome = await page.evaluate(() => new Promise<string>((resolve) => {
    // From a task of the page, since the test's own code may do what the page may not.
    setTimeout(() => {
      try {
        resolve(String(new Function('return 1')()));
      } catch (error) {
        resolve((error as Error).name);
      }
    });
  }));
  expect(outcome).toBe('EvalError');
});

test('a script of somebody else is not loaded', async ({ page, guard, provider }) => {
  guard.allowConsole(/Content Security Policy|Violation of the content security policy/i);
  await page.goto('/');
  await ready(page);
  const stopped = page.waitForEvent('console', (message) => (
    message.text().startsWith('Violation of the content security policy')
  ));
  await page.evaluate((source) => {
    const script = document.createElement('script');
    script.src = source;
    document.body.append(script);
  }, `${provider.issuer}/script.js`);
  expect((await stopped).text()).toContain('script-src');
});

