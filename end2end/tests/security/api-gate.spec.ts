/** The gate before the calls: what is not a message of our own pages goes no further. */
import { expect, test, type App } from '../../fixtures/index.js';
import { authorize, base64url, begin, beginning, complete, failureOf } from './attempt.js';
import { call, cookiesOf, ownHeaders, send, type RawAnswer, type RawRequest } from './raw.js';

const CALLS = ['/api/begin_sign_in', '/api/complete_sign_in', '/api/session'];

const LARGEST = 16 * 1024;

/** A reference and nothing of the input; no CORS header, no cookie, no place to go. */
function refused(answer: RawAnswer, status: number, failure?: string): void {
  expect(answer.status, answer.text).toBe(status);
  const { reference, ...rest } = JSON.parse(answer.text) as Record<string, unknown>;
  expect(reference).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  expect(rest).toEqual(failure === undefined ? {} : { failure });
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['location']).toBeUndefined();
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
}

/** A call that would be answered, but for one thing. */
function beginning200(): { state: string; code_challenge: string } {
  const { state, challenge } = beginning();
  return { state, code_challenge: challenge };
}

test('a call of our own page is answered, so that a refusal is for the reason that is tried', async ({ app }) => {
  const answer = await call(app, '/api/begin_sign_in', beginning200());
  expect(answer.status, answer.text).toBe(200);
  expect(cookiesOf(answer).length).toBe(1);
});

for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`${method} is no method of a call`, async ({ app }) => {
    for (const path of CALLS) {
      const answer = await send(app, { method, path, headers: ownHeaders(app) });
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('POST');
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
}

/** Origins that are not ours, each in what it differs. */
function foreignOrigins(app: App): Record<string, string | string[] | undefined> {
  const { host, hostname, port } = new URL(app.origin);
  return {
    'another site': 'https://elsewhere.example',
    'null': 'null',
    'none at all': undefined,
    'an empty one': '',
    'another scheme': `https://${host}`,
    'another port': `http://${hostname}:${Number(port) + 1}`,
    'no port': `http://${hostname}`,
    'another name of this machine': `http://localhost:${port}`,
    'an upper-case scheme': `HTTP://${host}`,
    'a trailing dot': `http://${hostname}.:${port}`,
    'a trailing slash': `${app.origin}/`,
    'a host that begins like ours': `http://${hostname}.elsewhere.example:${port}`,
    'ours as user information': `http://${host}@elsewhere.example`,
    'ours and another': [app.origin, 'https://elsewhere.example'],
    'ours twice': [app.origin, app.origin],
    'a space before it': `\t${app.origin} x`,
  };
}

test('an origin that is not ours byte for byte is refused', async ({ app }) => {
  for (const [what, Origin] of Object.entries(foreignOrigins(app))) {
    await test.step(what, async () => {
      refused(await call(app, '/api/begin_sign_in', beginning200(), { Origin }), 403, 'not-from-here');
    });
  }
});

test('an upper-case host is not ours', async ({ startApp, provider }) => {
  const origin = provider.lease();
  const named = origin.replace('127.0.0.1', 'localhost');
  const app = await startApp({ origin, env: { WRENGATE_PUBLIC_ORIGIN: named } });
  expect((await call(app, '/api/begin_sign_in', beginning200())).status).toBe(200);
  const upper = named.replace('localhost', 'LOCALHOST');
  refused(await call(app, '/api/begin_sign_in', beginning200(), { Origin: upper }), 403, 'not-from-here');
  refused(await call(app, '/api/begin_sign_in', beginning200(), { Origin: origin }), 403, 'not-from-here');
});

test('the origin is not compared with what the sender claims to have asked', async ({ app }) => {
  const headers = {
    Origin: 'https://elsewhere.example',
    Host: 'elsewhere.example',
    'X-Forwarded-Host': 'elsewhere.example',
    'X-Forwarded-Proto': 'https',
    Forwarded: 'host=elsewhere.example;proto=https',
  };
  refused(await call(app, '/api/begin_sign_in', beginning200(), headers), 403, 'not-from-here');
});

const METADATA: Record<string, string[]> = {
  'Sec-Fetch-Site': ['cross-site', 'same-site', 'none', 'Same-Origin', ''],
  'Sec-Fetch-Mode': ['navigate', 'no-cors', 'websocket', 'nested-navigate', ''],
  'Sec-Fetch-Dest': ['document', 'iframe', 'image', 'script', 'empty, document'],
};

for (const [header, values] of Object.entries(METADATA)) {
  test(`${header} must say that a script of our own page asks`, async ({ app }) => {
    for (const value of values) {
      await test.step(`"${value}"`, async () => {
        refused(await call(app, '/api/begin_sign_in', beginning200(), { [header]: value }), 403, 'not-from-here');
      });
    }
    const absent = await call(app, '/api/begin_sign_in', beginning200(), { [header]: undefined });
    expect(absent.status).toBe(200);
  });
}

const CONTENT_TYPES: (string | string[] | undefined)[] = [
  undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json',
  'application/jsonp', 'application/ld+json', 'text/plain; application/json',
  ['application/json', 'text/plain'], ['text/plain', 'application/json'],
];

test('any other content type than JSON is refused', async ({ app }) => {
  for (const type of CONTENT_TYPES) {
    await test.step(String(type), async () => {
      refused(await call(app, '/api/begin_sign_in', beginning200(), { 'Content-Type': type }), 415);
    });
  }
  const charset = { 'Content-Type': 'application/json; charset=utf-8' };
  expect((await call(app, '/api/begin_sign_in', beginning200(), charset)).status).toBe(200);
});

test('whoever asks for HTML gets the same JSON and is led nowhere', async ({ app }) => {
  const headers = { Accept: 'text/html', Referer: 'https://elsewhere.example/' };
  refused(await call(app, '/api/begin_sign_in', '{', headers), 400);
  const failed = await call(app, '/api/session', {}, headers);
  refused(failed, 401, 'session-expired');
  expect(failed.text).not.toContain('__err');
  const answered = await call(app, '/api/begin_sign_in', beginning200(), headers);
  expect(answered.status).toBe(200);
  expect(answered.headers['content-type']).toBe('application/json');
  expect(answered.headers['location']).toBeUndefined();
});

/** A message of exactly this many bytes that is right but for its length. */
function padded(bytes: number): string {
  const message = JSON.stringify(beginning200());
  return message + ' '.repeat(bytes - message.length);
}

test('a message of 16 KiB is read and one byte more is not', async ({ app }) => {
  expect((await call(app, '/api/begin_sign_in', padded(LARGEST))).status).toBe(200);
  refused(await call(app, '/api/begin_sign_in', padded(LARGEST + 1)), 413);
});

test('a message whose length is not announced is measured as well', async ({ app }) => {
  const sent = (body: string, chunked: true | 'endless'): Promise<RawAnswer> => send(app, {
    method: 'POST', path: '/api/begin_sign_in', headers: ownHeaders(app), body, chunked,
  });
  expect((await sent(padded(LARGEST), true)).status).toBe(200);
  refused(await sent(padded(LARGEST + 1), true), 413);
  // Refused as soon as it is too much, without waiting for its end.
  refused(await sent(padded(LARGEST + 1), 'endless'), 413);
});

test('a length that is only announced is refused before anything is read', async ({ app }) => {
  const answer = await send(app, {
    method: 'POST',
    path: '/api/begin_sign_in',
    headers: { ...ownHeaders(app), 'Content-Length': String(1024 ** 3) },
  });
  refused(answer, 413);
});

const MARK = 'TheInputThatMustNotComeBack';

/** Texts that are no message of this call; all have the mark in them. */
function broken(): Record<string, string> {
  const { state, code_challenge: challenge } = beginning200();
  const good = JSON.stringify({ state, code_challenge: challenge });
  return {
    'no JSON': MARK,
    'half of it': `${good.slice(0, -1)},"return_to":"/${MARK}`,
    'something after it': `${good}${MARK}`,
    'two of them': `${good}{"x":"${MARK}"}`,
    'an unknown field': `${good.slice(0, -1)},"${MARK}":1}`,
    'a field twice': `${good.slice(0, -1)},"return_to":"/${MARK}","return_to":"/account"}`,
    'the state twice': `${good.slice(0, -1)},"state":"${MARK}${'x'.repeat(20)}"}`,
    'a number': `{"state":42,"code_challenge":"${MARK}"}`,
    'an object in place of text': `{"state":{"${MARK}":1},"code_challenge":"${challenge}"}`,
    'a list in place of an object': `["${MARK}"]`,
    'a text in place of an object': `"${MARK}"`,
    'null in place of text': `{"state":null,"code_challenge":"${MARK}"}`,
    'deep nesting': `{"state":${'['.repeat(5000)}"${MARK}"${']'.repeat(5000)}}`,
    'an unknown prompt': `${good.slice(0, -1)},"prompt":"${MARK}"}`,
    'a missing field': `{"return_to":"/${MARK}"}`,
    'a short challenge': JSON.stringify({ state, code_challenge: challenge.slice(1), return_to: `/${MARK}` }),
    'a long challenge': JSON.stringify({ state, code_challenge: `${challenge}A`, return_to: `/${MARK}` }),
    'a padded challenge': JSON.stringify({ state, code_challenge: `${challenge.slice(1)}=`, return_to: `/${MARK}` }),
    'a short state': JSON.stringify({ state: 'a'.repeat(21), code_challenge: challenge, return_to: `/${MARK}` }),
    'a long state': JSON.stringify({ state: 'a'.repeat(129), code_challenge: challenge, return_to: `/${MARK}` }),
    'a state of other characters': JSON.stringify({
      state: `${state}+/`, code_challenge: challenge, return_to: `/${MARK}`,
    }),
  };
}

test('what is no message is refused without an echo', async ({ app }) => {
  const logged = app.log().length;
  for (const [what, body] of Object.entries(broken())) {
    await test.step(what, async () => {
      const answer = await call(app, '/api/begin_sign_in', body);
      refused(answer, 400);
      expect(JSON.stringify(answer.headers)).not.toContain(MARK);
    });
  }
  expect(app.log().slice(logged)).not.toContain(MARK);
});

test('a body that is no UTF-8 is refused', async ({ app }) => {
  const body = Buffer.concat([Buffer.from('{"state":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
  refused(await send(app, { method: 'POST', path: '/api/begin_sign_in', headers: ownHeaders(app), body }), 400);
});

test('a state that is in use begins nothing', async ({ app }) => {
  const message = beginning200();
  expect((await call(app, '/api/begin_sign_in', message)).status).toBe(200);
  const again = await call(app, '/api/begin_sign_in', message);
  expect(again.status).toBe(400);
  expect(cookiesOf(again)).toEqual([]);
});

test('a verifier of a wrong form never reaches the provider', async ({ app, request, provider }) => {
  const begun = await begin(app);
  const message = await authorize(request, begun);
  const wrong = {
    short: base64url().slice(1),
    long: 'a'.repeat(129),
    'other characters': `${base64url()}+/=`,
    spaces: `${base64url()} `,
    'not ASCII': `${base64url()}é`,
    empty: '',
  };
  for (const [what, verifier] of Object.entries(wrong)) {
    await test.step(what, async () => {
      const answer = await complete(app, { ...message, code_verifier: verifier }, begun.cookie);
      refused(answer, 400, 'proof-mismatch');
    });
  }
  expect((await provider.counts()).token).toBe(0);
  // A wrong form is no try: the right verifier still works after six of them.
  expect((await complete(app, message, begun.cookie)).status).toBe(200);
});

test('an answer must have a code or an error, and not both', async ({ app, request, provider }) => {
  const begun = await begin(app);
  const message = await authorize(request, begun);
  const { code, code_verifier: verifier, ...nothing } = message;
  const wrong: Record<string, object> = {
    'neither': nothing,
    'both': { ...message, error: 'access_denied' },
    'a verifier alone': { ...nothing, code_verifier: verifier },
    'an empty code': { ...message, code: '' },
    'a code of 4097 characters': { ...message, code: 'a'.repeat(4097) },
    'a code with a line end': { ...message, code: `${code}\r\nx` },
    'a code with NUL': { ...message, code: `${code}\0` },
    'a code that is not ASCII': { ...message, code: `${code}é` },
  };
  for (const [what, body] of Object.entries(wrong)) {
    await test.step(what, async () => {
      refused(await call(app, '/api/complete_sign_in', body, { Cookie: begun.cookie }), 400, 'answer-incomplete');
    });
  }
  expect((await provider.counts()).token).toBe(0);
  expect((await complete(app, message, begun.cookie)).status).toBe(200);
});

test('a state of a wrong form belongs to no attempt', async ({ app, provider }) => {
  const { state, verifier } = beginning();
  for (const wrong of ['', 'short', 'a'.repeat(129), `${state}~`, `${state}é`]) {
    const message = { state: wrong, iss: provider.issuer, code: 'abc', code_verifier: verifier };
    const answer = await complete(app, message, undefined);
    expect([answer.status, failureOf(answer)]).toEqual([400, 'state-unmatched']);
  }
});

/** Paths that are no call, as they go over the wire. */
const PATHS = [
  '/api', '/api/', '/api/nothing', '/api/session/', '/api/session/x', '/api//session', '//api/session',
  '/api/Session', '/API/session', '/api/../pkg', '/api/%2e%2e/pkg', '/%61pi/session', '/api/sess%69on',
  '/api/session%00', '/api/session;x=1', '/api/.', '/api/begin_sign_in2', `/api/${'a'.repeat(8 * 1024)}`,
];

for (const path of PATHS) {
  const shown = path.length > 40 ? `${path.slice(0, 12)}… of ${path.length} characters` : path;
  test(`POST ${shown} is no call and gives no hint`, async ({ app }) => {
    const wanted: RawRequest = { method: 'POST', path, headers: ownHeaders(app), body: '{}' };
    const answer = await send(app, wanted);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toMatch(/server function|server_fn|leptos|register_explicit|registered/i);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
}
