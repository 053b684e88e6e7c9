import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startProvider } from './start.js';
import { App, signIn } from './testing/app.js';
import { Browser } from './testing/browser.js';
import { RemoteSwitchboard } from './testing/switchboard.js';

const SECRET = 'canary-client-secret';
let provider;
let switchboard;

before(async () => {
  provider = await startProvider({
    port: 0, issuerHost: 'localhost', appOrigins: ['http://127.0.0.1:3000'], clientSecret: SECRET,
  });
  switchboard = new RemoteSwitchboard(provider.issuer);
});
beforeEach(() => switchboard.clear());
after(() => provider.close());

test('requests are listed and counted without a value in sight', async () => {
  const app = new App({
    issuer: provider.issuer, clientId: 'wrengate-dev-confidential', secret: SECRET,
  });
  const callback = await signIn(new Browser(), app);
  const code = callback.searchParams.get('code');
  const token = await (await app.exchange(code)).json();
  await app.userinfo(token.access_token);
  await app.revoke(token.refresh_token);

  const state = await switchboard.state();
  const { authorize, token: tokens, userinfo, revocation } = state.counts;
  assert.deepEqual({ authorize, tokens, userinfo, revocation }, {
    authorize: 1, tokens: 1, userinfo: 1, revocation: 1,
  });
  const exchange = state.requests.find(({ leg }) => leg === 'token');
  assert.deepEqual(exchange.params.sort(), ['code', 'code_verifier', 'grant_type', 'redirect_uri']);
  assert.equal(exchange.headers.authorization, 'Basic');
  assert.equal(exchange.status, 200);

  const page = await (await fetch(`${provider.issuer}/switchboard`)).text();
  const basic = Buffer.from(`wrengate-dev-confidential:${SECRET}`).toString('base64');
  for (const shown of [JSON.stringify(state), page]) {
    for (const value of [code, app.state, app.verifier, SECRET, basic, ...Object.values(token)]) {
      if (String(value).length > 10 && value !== token.scope) assert.ok(!shown.includes(value));
    }
  }
});

test('a request answered by a fault is listed like any other', async () => {
  await switchboard.arm('token-500');
  await new App(provider).exchange('made-up-code');
  await switchboard.arm('token-reset');
  await assert.rejects(new App(provider).exchange('made-up-code'));
  const { requests: [failed, lost], counts } = await switchboard.state();
  assert.equal(counts.token, 2);
  assert.equal(failed.status, 500);
  assert.ok(failed.params.includes('code_verifier') || failed.params.includes('code'));
  assert.equal(lost.status, null);
});

test('a fault is armed for a number of requests, or for good', async () => {
  await switchboard.arm('discovery-500', { times: 2 });
  const status = async () => (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).status;
  assert.deepEqual([await status(), await status(), await status()], [500, 500, 200]);
  await switchboard.arm('discovery-500', { times: 'always' });
  assert.deepEqual([await status(), await status()], [500, 500]);
  assert.deepEqual((await switchboard.state()).armed, [{ name: 'discovery-500', remaining: 'always' }]);
});

test('a fault of one sign-in ends when the next one begins, met or not', async () => {
  const armed = async () => (await switchboard.state()).armed.map(({ name }) => name);
  const press = (fault) => fetch(`${provider.issuer}/switchboard`, {
    method: 'POST', body: new URLSearchParams({ fault, for: 'sign-in' }), redirect: 'manual',
  });
  for (const fault of ['token-500', 'denied']) {
    assert.equal((await press(fault)).status, 303);
    const app = new App(provider);
    const address = String(app.begin());
    for (const again of [address, address]) await fetch(again, { redirect: 'manual' });
    assert.deepEqual(await armed(), [fault]);
    await fetch(new App(provider).begin(), { redirect: 'manual' });
    assert.deepEqual(await armed(), []);
  }
  // What tests and people arm stays for as long as they say.
  await switchboard.arm('token-500', { times: 'always' });
  for (const app of [new App(provider), new App(provider)]) {
    await fetch(app.begin(), { redirect: 'manual' });
  }
  assert.deepEqual(await armed(), ['token-500']);
});

test('clearing disarms, and forgets what was asked', async () => {
  await switchboard.arm('token-500');
  await fetch(`${provider.issuer}/jwks`);
  const state = await (await switchboard.clear()).json();
  assert.deepEqual([state.armed, state.requests, state.counts.jwks], [[], [], 0]);
});

test('what can’t be armed is refused with a reason', async () => {
  const unknown = await switchboard.arm('no-such-fault');
  assert.equal(unknown.status, 400);
  const answer = await unknown.json();
  assert.match(answer.error, /no-such-fault/);
  assert.ok(answer.faults.includes('token-500'));
  for (const [fault, options] of [
    ['token-500', { times: 0 }],
    ['token-500', { times: 'often' }],
    ['token-slow', { delay_ms: -1 }],
    ['authorize-error', {}],
  ]) {
    assert.equal((await switchboard.arm(fault, options)).status, 400);
  }
  const malformed = await fetch(`${provider.issuer}/switchboard.json`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{',
  });
  assert.equal(malformed.status, 400);
});

test('pages of other origins can’t throw a switch', async () => {
  const answer = await fetch(`${provider.issuer}/switchboard`, {
    method: 'POST', headers: { origin: 'http://evil.example' }, body: new URLSearchParams({ fault: 'down' }),
  });
  assert.equal(answer.status, 403);
  assert.deepEqual((await switchboard.state()).armed, []);
});

test('the page arms what it takes to see the failure, without script', async () => {
  const address = `${provider.issuer}/switchboard`;
  const post = (fields) => fetch(address, { method: 'POST', body: new URLSearchParams(fields) });
  const page = await (await post({ fault: 'token-503' })).text();
  assert.match(page, /<code>token-503<\/code> until cleared/);
  await post({ fault: 'authorize-error', value: '<b>' });
  assert.match(await (await fetch(address)).text(), /value <code>&lt;b&gt;<\/code>/);
  await post({ clear: 'yes' });
  assert.match(await (await fetch(address)).text(), /Nothing is armed/);
  assert.doesNotMatch(page, /<script/);
});
