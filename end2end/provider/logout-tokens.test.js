import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { takeApart } from './jws.js';
import { LOGOUT_KINDS } from './logout-tokens.js';
import { startProvider } from './start.js';
import { App, signIn } from './testing/app.js';
import { Browser } from './testing/browser.js';

let provider;
let receiver;
let origin;
let received;

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({ path: request.url, token: new URLSearchParams(body).get('logout_token') });
    response.end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `http://127.0.0.1:${receiver.address().port}`;
  provider = await startProvider({
    port: 0, issuerHost: 'localhost', appOrigins: [origin], clientSecret: 'secret',
  });
});
beforeEach(() => {
  received = [];
});
after(async () => {
  await provider.close();
  receiver.close();
});

function send(wanted) {
  return fetch(`${new URL(provider.issuer).origin}/switchboard/logout.json`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ origin, ...wanted }),
  });
}

async function signedIn(browser = new Browser()) {
  const app = new App({ issuer: provider.issuer, origin });
  const code = (await signIn(browser, app)).searchParams.get('code');
  const { id_token: idToken } = await (await app.exchange(code)).json();
  return takeApart(idToken).claims;
}

test('before anybody signed in there is nobody to tell of', async () => {
  assert.equal((await send({ kind: 'valid' })).status, 400);
  assert.deepEqual(received, []);
});

test('a good token names who signed in last, and where', async () => {
  const { sub, sid } = await signedIn();
  assert.ok(sid);
  const answer = await (await send({ kind: 'valid' })).json();
  assert.equal(answer.status, 200);
  const [{ path, token }] = received;
  assert.equal(path, '/backchannel-logout');
  const { header, claims } = takeApart(token);
  assert.equal(header.typ, 'logout+jwt');
  assert.equal(claims.sub, sub);
  assert.equal(claims.sid, sid);
  assert.equal(claims.nonce, undefined);
  assert.ok(claims.jti);
  await send({ kind: 'replay' });
  assert.equal(received[1].token, token);
});

test('each kind is another token, and all are sent', async () => {
  await signedIn();
  for (const kind of LOGOUT_KINDS) assert.equal((await send({ kind })).status, 200, kind);
  assert.equal(received.length, LOGOUT_KINDS.length);
  assert.equal(new Set(received.map(({ token }) => token)).size, LOGOUT_KINDS.length - 1);
});

test('nobody else is told, and other pages can’t ask', async () => {
  await signedIn();
  assert.equal((await send({ kind: 'valid', origin: 'https://evil.example' })).status, 400);
  assert.equal((await send({ kind: 'unknown' })).status, 400);
  const foreign = await fetch(`${new URL(provider.issuer).origin}/switchboard/logout.json`, {
    method: 'POST', headers: { origin: 'http://evil.example', 'content-type': 'application/json' }, body: '{}',
  });
  assert.equal(foreign.status, 403);
  assert.deepEqual(received, []);
});

test('the metadata say that sign-out is told of, and can be made to leave endpoints out', async () => {
  const address = `${provider.issuer}/.well-known/openid-configuration`;
  const metadata = async () => (await fetch(address)).json();
  const arm = (fault) => fetch(`${provider.issuer}/switchboard.json`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ fault }),
  });
  const plain = await metadata();
  assert.equal(plain.backchannel_logout_supported, true);
  assert.ok(plain.end_session_endpoint && plain.revocation_endpoint);
  await arm('discovery-no-end-session');
  assert.equal((await metadata()).end_session_endpoint, undefined);
  await arm('discovery-no-revocation');
  assert.equal((await metadata()).revocation_endpoint, undefined);
});
