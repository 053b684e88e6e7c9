/** Each kind of provider that the settings make signs people in, by a client that knows no library. */
import assert from 'node:assert/strict';
import {
  createPrivateKey, createPublicKey, generateKeyPairSync,
} from 'node:crypto';
import {
  mkdtemp, readFile, rm, stat, writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSignedBy, takeApart } from './jws.js';
import { readSettings, SettingError } from './settings.js';
import { startProvider } from './start.js';
import { App, signIn, throughPages } from './testing/app.js';
import { Browser } from './testing/browser.js';
import { RemoteSwitchboard } from './testing/switchboard.js';

/** A provider with these variables, for as long as a test takes. */
async function providerFor(t, env = {}) {
  const provider = await startProvider(readSettings({ PROVIDER_PORT: '0', ...env }));
  t.after(() => provider.close());
  return provider;
}

/** A folder that nobody else sees. */
async function folderFor(t) {
  const folder = await mkdtemp(join(tmpdir(), 'provider-test-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function metadataOf({ issuer }) {
  return (await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)).json();
}

/** Signs in to the end, checks the ID token with the published key, and gives the metadata. */
async function signsIn(provider, options = {}, begin = (app, more) => app.begin(more)) {
  const app = new App({ issuer: provider.issuer, ...options });
  const metadata = await metadataOf(provider);
  assert.equal(metadata.issuer, provider.issuer);
  const callback = await throughPages(new Browser(), await begin(app, { nonce: 'a-nonce' }));
  assert.equal(callback.searchParams.get('iss'), provider.issuer);
  const answer = await app.exchange(callback.searchParams.get('code'));
  assert.equal(answer.status, 200);
  const tokens = await answer.json();

  const [key] = (await (await fetch(metadata.jwks_uri)).json()).keys;
  assert.ok(isSignedBy(tokens.id_token, createPublicKey({ key, format: 'jwk' })));
  const { header, claims } = takeApart(tokens.id_token);
  assert.deepEqual([header.kid, claims.iss, claims.nonce], [key.kid, provider.issuer, 'a-nonce']);
  const profile = await (await fetch(metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })).json();
  assert.deepEqual([profile.sub, profile.name], [claims.sub, 'Ada Lovelace']);
  return { metadata, header, key };
}

for (const [method, options] of [
  ['none', {}],
  ['client_secret_basic', { clientId: 'wrengate-dev-confidential', secret: 's p:%+' }],
  ['client_secret_post', { clientId: 'wrengate-dev-post', secret: 's p:%+', post: true }],
]) {
  test(`a client that authenticates by ${method} signs in`, async (t) => {
    const provider = await providerFor(t, { PROVIDER_CLIENT_SECRET: 's p:%+' });
    const { metadata } = await signsIn(provider, options);
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes(method));
  });
}

test('the client of one method is refused with another', async (t) => {
  const provider = await providerFor(t, { PROVIDER_CLIENT_SECRET: 'secret' });
  const app = new App({ issuer: provider.issuer, clientId: 'wrengate-dev-post', secret: 'secret' });
  const code = (await signIn(new Browser(), app)).searchParams.get('code');
  assert.equal((await app.exchange(code)).status, 401);
});

test('private_key_jwt: the key that was made signs in, is nobody else’s to read, and outlives a restart', async (t) => {
  const file = join(await folderFor(t), 'client.pem');
  const env = { PROVIDER_CLIENT_KEY_FILE: file };
  const first = await providerFor(t, env);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const pem = await readFile(file);
  const options = { clientId: 'wrengate-dev-key', key: createPrivateKey(pem) };
  await signsIn(first, options);
  await signsIn(await providerFor(t, env), options);
  assert.deepEqual(await readFile(file), pem);
});

test('a file for the client’s key that holds none, or can’t be written, is named', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, 'no.pem'), 'not a key');
  for (const file of ['no.pem', 'missing/folder/client.pem']) {
    await assert.rejects(
      startProvider(readSettings({ PROVIDER_PORT: '0', PROVIDER_CLIENT_KEY_FILE: join(folder, file) })),
      (error) => error instanceof SettingError && error.message.includes(file),
    );
  }
});

test('private_key_jwt: a key of one’s own signs in, another does not', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const provider = await providerFor(t, { PROVIDER_CLIENT_JWK: JSON.stringify(publicKey.export({ format: 'jwk' })) });
  await signsIn(provider, { clientId: 'wrengate-dev-key', key: privateKey });
  const stranger = new App({
    issuer: provider.issuer,
    clientId: 'wrengate-dev-key',
    key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  });
  const code = (await signIn(new Browser(), stranger)).searchParams.get('code');
  const refusal = await stranger.exchange(code);
  assert.deepEqual([refusal.status, (await refusal.json()).error], [401, 'invalid_client']);
});

test('where requests must be pushed, a pushed one signs in and a plain one does not', async (t) => {
  const provider = await providerFor(t, { PROVIDER_PAR: 'required' });
  const { metadata } = await signsIn(provider, {}, (app, more) => app.beginPushed(more));
  assert.equal(metadata.require_pushed_authorization_requests, true);
  const { counts } = await new RemoteSwitchboard(provider.issuer).state();
  assert.equal(counts.par, 1);
  const { url } = await new Browser().visit(new App(provider).begin(), { origin: provider.issuer });
  assert.equal(url.searchParams.get('error'), 'invalid_request');
});

for (const [algorithm, type] of [['RS256', 'RSA'], ['PS256', 'RSA'], ['ES256', 'EC'], ['EdDSA', 'OKP']]) {
  test(`ID tokens signed by ${algorithm} are checked with the published key, after a rotation too`, async (t) => {
    const provider = await providerFor(t, { PROVIDER_ID_TOKEN_ALG: algorithm });
    const { metadata, header, key } = await signsIn(provider);
    assert.deepEqual(metadata.id_token_signing_alg_values_supported, [algorithm]);
    assert.deepEqual([header.alg, key.kty, key.alg], [algorithm, type, algorithm]);
    await new RemoteSwitchboard(provider.issuer).arm('id-token-rotated');
    assert.notEqual((await signsIn(provider)).key.kid, key.kid);
  });
}

test('a signing key that is given is the same after a restart, under the same id', async (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const env = {
    PROVIDER_ID_TOKEN_ALG: 'ES256', PROVIDER_SIGNING_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
  const first = await signsIn(await providerFor(t, env));
  const second = await signsIn(await providerFor(t, env));
  assert.deepEqual(first.key, second.key);
  assert.equal(first.key.x, privateKey.export({ format: 'jwk' }).x);
  assert.throws(() => readSettings({ ...env, PROVIDER_ID_TOKEN_ALG: 'RS256' }), SettingError);
});

for (const path of ['/tenant/a', '/tenant/a/', '/']) {
  test(`an issuer that ends in ${path} is that issuer everywhere`, async (t) => {
    const provider = await providerFor(t, { PROVIDER_ISSUER_PATH: path });
    assert.ok(provider.issuer.endsWith(path));
    const { metadata } = await signsIn(provider);
    const base = provider.issuer.replace(/\/$/, '');
    for (const [name, address] of Object.entries(metadata)) {
      if (/_(endpoint|uri)$/.test(name)) assert.ok(String(address).startsWith(`${base}/`), name);
    }
    const { origin, pathname } = new URL(base);
    const inserted = `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`;
    assert.equal((await (await fetch(inserted)).json()).issuer, provider.issuer);
    if (pathname !== '/') assert.equal((await fetch(`${origin}/token`, { method: 'POST' })).status, 404);
  });
}

test('pages and faults work below a path', async (t) => {
  const provider = await providerFor(t, { PROVIDER_ISSUER_PATH: '/tenant/a' });
  const switchboard = new RemoteSwitchboard(provider.issuer);
  await switchboard.arm('token-redirect');
  const app = new App(provider);
  const callback = await signIn(new Browser(), app);
  const answer = await app.exchange(callback.searchParams.get('code'));
  await fetch(answer.headers.get('location'));
  const { counts } = await switchboard.state();
  assert.deepEqual([counts.authorize, counts.token, counts.elsewhere], [1, 1, 1]);
  const page = await new Browser().visit(app.begin(), { origin: new URL(provider.issuer).origin });
  assert.match(page.text, /action="\/tenant\/a\/interaction\//);
});

test('without discovery there is no metadata, and the endpoints are where they were', async (t) => {
  const provider = await providerFor(t, { PROVIDER_DISCOVERY: 'off' });
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    assert.equal((await fetch(`${provider.issuer}/.well-known/${name}`)).status, 404);
  }
  const app = new App(provider);
  const code = (await signIn(new Browser(), app)).searchParams.get('code');
  const { id_token: token, access_token: access } = await (await app.exchange(code)).json();
  const [key] = (await (await fetch(`${provider.issuer}/jwks`)).json()).keys;
  assert.ok(isSignedBy(token, createPublicKey({ key, format: 'jwk' })));
  assert.equal((await app.userinfo(access)).status, 200);
});

test('the keys are where the setting puts them, and nowhere else', async (t) => {
  const provider = await providerFor(t, { PROVIDER_JWKS_PATH: '/jwks/of-today' });
  const { metadata } = await signsIn(provider);
  assert.equal(metadata.jwks_uri, `${provider.issuer}/jwks/of-today`);
  assert.equal((await fetch(`${provider.issuer}/jwks`)).status, 404);
  await new RemoteSwitchboard(provider.issuer).arm('jwks-500');
  assert.equal((await fetch(metadata.jwks_uri)).status, 500);
});

test('a client without the openid scope gets a profile in the shape of plain OAuth', async (t) => {
  const provider = await providerFor(t);
  const app = new App(provider);
  const callback = await signIn(new Browser(), app, { scope: 'profile email' });
  const tokens = await (await app.exchange(callback.searchParams.get('code'))).json();
  assert.equal('id_token' in tokens, false);
  const profile = await (await app.userinfo(tokens.access_token)).json();
  assert.match(profile.user_id, /^ada-lovelace-/);
  assert.deepEqual([profile.name, 'sub' in profile], ['Ada Lovelace', false]);
  assert.equal((await app.userinfo('made-up')).status, 401);
});

test('a setting that cannot be used is named, and a private key is not repeated', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  for (const [name, value] of [
    ['PROVIDER_ISSUER_PATH', 'tenant'],
    ['PROVIDER_ISSUER_PATH', '/tenant?a=b'],
    ['PROVIDER_JWKS_PATH', '/keys'],
    ['PROVIDER_ID_TOKEN_ALG', 'none'],
    ['PROVIDER_PAR', 'yes'],
    ['PROVIDER_DISCOVERY', 'no'],
    ['PROVIDER_CLIENT_JWK', 'not json'],
    ['PROVIDER_CLIENT_JWK', JSON.stringify(jwk)],
    ['PROVIDER_CLIENT_KEY_FILE', 'client.pem'],
  ]) {
    assert.throws(() => readSettings({ [name]: value }), (error) => (
      error instanceof SettingError && error.message.startsWith(name) && !error.message.includes(jwk.d)
    ), `${name}=${value}`);
  }
  assert.throws(
    () => readSettings({ PROVIDER_CLIENT_JWK: '{}', PROVIDER_CLIENT_KEY_FILE: '/tmp/key' }),
    SettingError,
  );
});
