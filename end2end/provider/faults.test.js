import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { FAULTS } from './faults/index.js';
import { startProvider } from './start.js';
import { App, signIn } from './testing/app.js';
import { Browser } from './testing/browser.js';
import { RemoteSwitchboard } from './testing/switchboard.js';

let provider;
let switchboard;
let browser;
let app;

before(async () => {
  provider = await startProvider({
    port: 0, issuerHost: 'localhost', appOrigins: ['http://127.0.0.1:3000'], clientSecret: 'secret',
  });
  switchboard = new RemoteSwitchboard(provider.issuer);
  app = new App(provider);
  browser = new Browser();
  await signIn(browser, app);
});
beforeEach(() => switchboard.clear());
after(() => provider.close());

/** The parameters that reach the app's callback while the fault is armed. */
async function callbackWith(fault, options) {
  await switchboard.arm(fault, options);
  return (await signIn(browser, app)).searchParams;
}

async function exchangeWith(fault, options) {
  const code = (await signIn(browser, app)).searchParams.get('code');
  await switchboard.arm(fault, options);
  return app.exchange(code);
}

async function userinfoWith(fault, options) {
  const code = (await signIn(browser, app)).searchParams.get('code');
  const { access_token: token } = await (await app.exchange(code)).json();
  await switchboard.arm(fault, options);
  return app.userinfo(token);
}

const discoveryAddress = () => `${provider.issuer}/.well-known/openid-configuration`;
const discovery = () => fetch(discoveryAddress());

test('every fault can be armed, and names are unique', async () => {
  assert.equal(new Set(FAULTS.map(({ name }) => name)).size, FAULTS.length);
  for (const { name, parameter } of FAULTS) {
    const answer = await switchboard.arm(name, parameter && { value: 'x' });
    assert.equal(answer.status, 200, name);
    const { armed } = await answer.json();
    assert.ok(armed.some((fault) => fault.name === name), name);
  }
});

test('every authorization fault changes the answer, and only the next one', async () => {
  const plain = (params) => JSON.stringify([...params].filter(([name]) => !['code', 'state'].includes(name)));
  for (const { name, parameter } of FAULTS.filter(({ leg, name }) => leg === 'authorize' && name !== 'keys-rotated')) {
    const faulty = await callbackWith(name, parameter && { value: 'x' });
    const good = (await signIn(browser, app)).searchParams;
    assert.ok(good.get('code'), `${name} was over after one sign-in`);
    const changed = plain(faulty) !== plain(good)
      || faulty.getAll('code').length !== 1 || !faulty.get('code') || !faulty.get('state')
      || /~$/.test(faulty.get('state'));
    assert.ok(changed, name);
  }
});

test('denied, not-assigned and an error of one’s choice keep the state', async () => {
  for (const [fault, options, error] of [
    ['denied', {}, 'access_denied'],
    ['not-assigned', {}, 'access_denied'],
    ['unmet_authentication_requirements', {}, 'unmet_authentication_requirements'],
    ['authorize-error', { value: 'my_error' }, 'my_error'],
  ]) {
    const params = await callbackWith(fault, options);
    assert.equal(params.get('error'), error);
    assert.equal(params.get('state'), app.state);
    assert.equal(params.get('code'), null);
  }
});

test('wrong-state keeps the code, denied-wrong-state has none', async () => {
  const wrong = await callbackWith('wrong-state');
  assert.ok(wrong.get('code') && wrong.get('state') !== app.state);
  const denied = await callbackWith('denied-wrong-state');
  assert.ok(!denied.has('code') && denied.get('state') !== app.state);
});

test('the issuer is changed by one slash', async () => {
  assert.equal((await callbackWith('issuer-slash')).get('iss'), `${provider.issuer}/`);
});

test('a hostile error holds what it says', async () => {
  const params = await callbackWith('hostile-error');
  const words = params.get('error_description');
  assert.equal(params.get('error_uri'), 'javascript:alert(1)');
  assert.ok(words.includes('<img src=x onerror=alert(1)>') && words.includes('\u202E'));
  assert.ok(words.includes('\u0001') && words.length > 2000);
});

test('an authorization fault waits for the answer, through the pages', async () => {
  await switchboard.arm('denied');
  const callback = await signIn(new Browser(), app);
  assert.equal(callback.searchParams.get('error'), 'access_denied');
});

test('token errors have their status and code', async () => {
  for (const [fault, status, error] of [
    ['token-invalid-grant', 400, 'invalid_grant'],
    ['token-invalid-grant-401', 401, 'invalid_grant'],
    ['token-error-200', 200, 'invalid_grant'],
    ['token-invalid-client', 401, 'invalid_client'],
    ['token-unsupported-grant-type', 400, 'unsupported_grant_type'],
  ]) {
    const answer = await exchangeWith(fault);
    assert.equal(answer.status, status, fault);
    assert.equal((await answer.json()).error, error);
  }
  const limited = await exchangeWith('token-429');
  assert.equal(limited.headers.get('retry-after'), '7');
  assert.ok((await (await exchangeWith('token-clerk-errors')).json()).clerk_trace_id);
});

test('an error in place of the answer leaves the code unspent', async () => {
  const code = (await signIn(browser, app)).searchParams.get('code');
  await switchboard.arm('token-500', { times: 2 });
  assert.equal((await app.exchange(code)).status, 500);
  assert.equal((await app.exchange(code)).status, 500);
  assert.equal((await app.exchange(code)).status, 200);
});

test('token-reset spends the code', async () => {
  const code = (await signIn(browser, app)).searchParams.get('code');
  await switchboard.arm('token-reset');
  await assert.rejects(app.exchange(code));
  assert.equal((await (await app.exchange(code)).json()).error, 'invalid_grant');
});

test('token-slow answers after its delay', async () => {
  const start = Date.now();
  const answer = await exchangeWith('token-slow', { delay_ms: 300 });
  assert.ok((await answer.json()).access_token && Date.now() - start >= 300);
});

test('whoever leaves token-slow before its end leaves the code unspent', async () => {
  const code = (await signIn(browser, app)).searchParams.get('code');
  await switchboard.arm('token-slow', { delay_ms: 60_000 });
  await assert.rejects(fetch(`${provider.issuer}/token`, {
    method: 'POST', body: new URLSearchParams({ code }), signal: AbortSignal.timeout(100),
  }));
  assert.equal((await app.exchange(code)).status, 200);
});

test('token-drip starts at once and doesn’t end', async () => {
  const answer = await exchangeWith('token-drip');
  assert.ok(Number(answer.headers.get('content-length')) > 100);
  const reader = answer.body.getReader();
  assert.equal((await reader.read()).value.length, 1);
  await reader.cancel();
});

test('altered token answers differ in the one thing', async () => {
  const json = async (fault) => (await exchangeWith(fault)).json();
  assert.equal((await json('token-mac-type')).token_type, 'mac');
  assert.equal((await json('token-lowercase-bearer')).token_type, 'bearer');
  assert.equal('access_token' in await json('token-no-access-token'), false);
  assert.equal((await json('token-zero-expiry')).expires_in, 0);
  assert.equal((await json('token-short-expiry')).expires_in, 5);
  assert.equal((await json('token-string-expiry')).expires_in, '3600');
  assert.equal('expires_in' in await json('token-no-expiry'), false);
});

test('rewritten token answers have their bytes and type', async () => {
  const truncated = await exchangeWith('token-truncated');
  const text = await truncated.text();
  assert.equal(Number(truncated.headers.get('content-length')), text.length);
  assert.throws(() => JSON.parse(text));

  const twice = await (await exchangeWith('token-duplicate-key')).text();
  assert.equal(twice.match(/"access_token"/g).length, 2);
  const mark = Buffer.from(await (await exchangeWith('token-bom')).arrayBuffer());
  assert.equal(mark.subarray(0, 3).toString('hex'), 'efbbbf');
  const huge = await (await exchangeWith('token-huge')).arrayBuffer();
  assert.ok(huge.byteLength > 10 * 1024 * 1024);

  const type = async (fault) => (await exchangeWith(fault)).headers.get('content-type');
  assert.match(await type('token-html'), /^text\/html/);
  assert.match(await type('token-text-plain'), /^text\/plain/);
  assert.equal(await type('token-charset'), 'application/json; charset=UTF-8');
});

test('a followed redirect is counted', async () => {
  const answer = await exchangeWith('token-redirect');
  assert.equal(answer.status, 302);
  await fetch(answer.headers.get('location'));
  assert.equal((await switchboard.state()).counts.elsewhere, 1);
});

test('userinfo faults answer what they say', async () => {
  assert.equal((await userinfoWith('userinfo-401')).status, 401);
  assert.match((await userinfoWith('userinfo-403')).headers.get('www-authenticate'), /insufficient_scope/);
  assert.equal(await (await userinfoWith('userinfo-empty')).text(), '');
  assert.equal(await (await userinfoWith('userinfo-null')).text(), 'null');
  assert.match(await (await userinfoWith('userinfo-lone-surrogate')).text(), /"name":"Ada \\ud800"/);
  await assert.rejects(userinfoWith('userinfo-reset'));
});

test('unusual profiles have their shape', async () => {
  const json = async (fault) => (await userinfoWith(fault)).json();
  assert.equal('sub' in await json('userinfo-no-sub'), false);
  assert.equal((await json('userinfo-number-sub')).sub, 42);
  assert.equal((await json('userinfo-empty-sub')).sub, '');
  assert.match((await json('userinfo-other-sub')).sub, /^ada-lovelace-[0-9a-f]{8}invalid$/);
  const clerk = await json('userinfo-clerk');
  assert.ok(clerk.user_id === clerk.sub && clerk.private_metadata && clerk.username === 'ada');
  const old = await json('userinfo-clerk-old');
  assert.ok(old.user_id && old.private_metadata && !('sub' in old));
  assert.deepEqual(Object.keys(await json('userinfo-minimal')), ['sub']);
  assert.equal((await json('userinfo-long-name')).name.length, 200);
  assert.equal((await json('userinfo-hostile')).name.length, 300);
  assert.equal((await json('userinfo-unverified')).email_verified, false);
  assert.equal('email_verified' in await json('userinfo-verification-unknown'), false);
  const huge = (await json('userinfo-huge-name')).name;
  assert.ok(huge.includes('\u0000') && huge.length > 100_000);
  const elsewhere = await json('userinfo-claim-sources');
  assert.equal(elsewhere._claim_sources.source.endpoint, `${provider.issuer}/elsewhere`);
  const picture = await (await userinfoWith('userinfo-picture', { value: '//evil.example/a.png' })).json();
  assert.equal(picture.picture, '//evil.example/a.png');
});

test('discovery faults change the metadata for both paths', async () => {
  await switchboard.arm('discovery-wrong-issuer', { times: 'always' });
  assert.notEqual((await (await discovery()).json()).issuer, provider.issuer);
  const other = await fetch(`${provider.issuer}/.well-known/oauth-authorization-server`);
  assert.notEqual((await other.json()).issuer, provider.issuer);
  await switchboard.clear();
  assert.equal((await (await discovery()).json()).issuer, provider.issuer);

  await switchboard.arm('discovery-no-s256');
  assert.deepEqual((await (await discovery()).json()).code_challenge_methods_supported, ['plain']);
  await switchboard.arm('discovery-404');
  assert.equal((await discovery()).status, 404);
  await switchboard.arm('discovery-redirect');
  assert.equal((await fetch(discoveryAddress(), { redirect: 'manual' })).status, 302);

  const json = async (fault) => {
    await switchboard.arm(fault);
    return (await discovery()).json();
  };
  assert.equal((await json('discovery-issuer-slash')).issuer, `${provider.issuer}/`);
  assert.equal('jwks_uri' in await json('discovery-no-jwks'), false);
  assert.equal((await json('discovery-http-jwks')).jwks_uri, 'http://example.com/jwks');
  assert.equal('token_endpoint' in await json('discovery-no-endpoint'), false);
  assert.match((await json('discovery-file-endpoint')).userinfo_endpoint, /^file:/);
  assert.ok((await json('discovery-huge')).padding.length >= 20 * 1024 * 1024);
  assert.equal('code_challenge_methods_supported' in await json('discovery-pkce-unlisted'), false);
  assert.ok('x_example' in await json('discovery-unknown-members'));
});

test('down breaks everything but the switchboard', async () => {
  await switchboard.arm('down', { times: 'always' });
  await assert.rejects(discovery());
  await assert.rejects(fetch(`${provider.issuer}/auth`));
  assert.equal((await switchboard.state()).armed[0].name, 'down');
  await switchboard.clear();
  assert.equal((await discovery()).status, 200);
});
