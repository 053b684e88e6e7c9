/** Every fault of ID tokens, keys and signed profiles does what it says: the token is taken apart. */
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey } from 'node:crypto';
import {
  after, before, beforeEach, test,
} from 'node:test';
import { FAULTS } from './faults/index.js';
import { isSignedBy, takeApart } from './jws.js';
import { startProvider } from './start.js';
import { App, signIn } from './testing/app.js';
import { Browser } from './testing/browser.js';
import { RemoteSwitchboard } from './testing/switchboard.js';

const SECRET = 'secret-of-the-confidential-client';
const WEEK = 7 * 24 * 60 * 60;

let provider;
let switchboard;
let browser;
let app;

before(async () => {
  provider = await startProvider({
    port: 0, appOrigins: ['http://127.0.0.1:3000'], clientSecret: SECRET,
  });
  switchboard = new RemoteSwitchboard(provider.issuer);
  app = new App(provider);
  browser = new Browser();
});
beforeEach(() => switchboard.clear());
after(() => provider.close());

const publishedKeys = async () => (await (await fetch(`${provider.issuer}/jwks`)).json()).keys;
const keyOf = (jwk) => createPublicKey({ key: jwk, format: 'jwk' });
const now = () => Math.floor(Date.now() / 1000);

/** A sign-in up to the answer of the token endpoint, with what there is to compare it with. */
async function answerWith(fault, options) {
  const nonce = `nonce-of-${fault}`;
  const callback = await signIn(browser, app, { nonce });
  const [key] = await publishedKeys();
  await switchboard.arm(fault, options);
  const body = await (await app.exchange(callback.searchParams.get('code'))).json();
  return { body, token: body.id_token, nonce, key };
}

/** The claims of a token that the real key has signed. */
async function signedClaims(fault, options) {
  const answer = await answerWith(fault, options);
  const { header, claims } = takeApart(answer.token);
  assert.ok(isSignedBy(answer.token, keyOf(answer.key)), `${fault} breaks the signature`);
  assert.deepEqual(header, { alg: 'RS256', typ: 'JWT', kid: answer.key.kid }, fault);
  return { ...answer, claims };
}

const honest = (claims, nonce, left = []) => {
  const all = {
    iss: claims.iss === provider.issuer,
    aud: claims.aud === 'wrengate-dev',
    sub: /^ada-lovelace-[0-9a-f]{8}$/.test(claims.sub),
    nonce: claims.nonce === nonce,
    iat: Math.abs(claims.iat - now()) < 10,
    exp: claims.exp > now(),
  };
  for (const claim of left) delete all[claim];
  return Object.entries(all).filter(([, holds]) => !holds).map(([claim]) => claim);
};

/** The one thing that is wrong, as a check of the claims; all other claims must be honest. */
const CLAIMS = {
  'id-token-wrong-iss': ['iss', ({ iss }) => iss === `${provider.issuer}1`],
  'id-token-other-iss': ['iss', ({ iss }) => iss === 'https://other-provider.example'],
  'id-token-iss-slash': ['iss', ({ iss }) => iss === `${provider.issuer}/`],
  'id-token-wrong-aud': ['aud', ({ aud }) => aud === 'wrengate-dev1'],
  'id-token-foreign-aud': ['aud', ({ aud, azp }) => aud.join() === 'wrengate-dev,somebody-else' && azp === undefined],
  'id-token-wrong-azp': [undefined, ({ azp }) => azp === 'somebody-else'],
  'id-token-no-iss': ['iss', (claims) => !('iss' in claims)],
  'id-token-no-sub': ['sub', (claims) => !('sub' in claims)],
  'id-token-empty-sub': ['sub', ({ sub }) => sub === ''],
  'id-token-no-aud': ['aud', (claims) => !('aud' in claims)],
  'id-token-no-nonce': ['nonce', (claims) => !('nonce' in claims)],
  'id-token-wrong-nonce': ['nonce', (claims, { nonce }) => claims.nonce === `${nonce}1`],
  'id-token-nonce': ['nonce', (claims) => claims.nonce === 'x'],
  'id-token-wrong-at-hash': [undefined, (claims, { body }) => claims.at_hash !== leftHalf(body.access_token) && claims.at_hash.length === 22],
  'id-token-aud-list': ['aud', ({ aud, azp }) => aud.join() === 'wrengate-dev' && azp === 'wrengate-dev'],
  'id-token-at-hash': [undefined, (claims, { body }) => claims.at_hash === leftHalf(body.access_token)],
  'id-token-no-exp': ['exp', (claims) => !('exp' in claims)],
  'id-token-no-iat': ['iat', (claims) => !('iat' in claims)],
  'id-token-expired': ['exp', ({ exp }) => exp < now() - 61],
  'id-token-just-expired': ['exp', ({ exp }) => exp < now() && exp > now() - 55],
  'id-token-iat-ahead': ['iat', ({ iat, exp }) => Math.abs(iat - now() - WEEK) < 10 && exp > iat],
  'id-token-iat-old': ['iat', ({ iat }) => Math.abs(iat - now() + WEEK) < 10],
  'id-token-nbf-ahead': [undefined, ({ nbf }) => nbf > now() + 3000],
};

const leftHalf = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

/** What is wrong about signature, key or form. */
const SIGNATURES = {
  'id-token-alg-none': ({ token }) => takeApart(token).header.alg === 'none' && token.endsWith('.'),
  'id-token-alg-none-signed': ({ token }) => takeApart(token).header.alg === 'none' && takeApart(token).signature.length > 300,
  'id-token-hs256-public-key': ({ token, key }) => isHmacOf(token, keyOf(key).export({ format: 'pem', type: 'spki' })),
  'id-token-hs256-client-secret': ({ token }) => isHmacOf(token, SECRET),
  'id-token-broken-signature': ({ token, key }) => takeApart(token).header.alg === 'RS256' && !isSignedBy(token, keyOf(key)),
  'id-token-no-signature': ({ token, key }) => takeApart(token).header.kid === key.kid && token.endsWith('.'),
  'id-token-foreign-key': ({ token, key }) => takeApart(token).header.kid === key.kid && !isSignedBy(token, keyOf(key)),
  'id-token-other-type': ({ token, key }) => takeApart(token).header.typ === 'at+jwt' && isSignedBy(token, keyOf(key)),
  'id-token-critical': ({ token, key }) => takeApart(token).header.crit.length === 1 && isSignedBy(token, keyOf(key)),
  'id-token-no-kid': ({ token, key }) => !('kid' in takeApart(token).header) && isSignedBy(token, keyOf(key)),
  'id-token-unknown-kid': ({ token, key }) => takeApart(token).header.kid !== key.kid && isSignedBy(token, keyOf(key)),
  'id-token-rotated': async ({ token, key }) => {
    const [fresh, ...others] = await publishedKeys();
    return others.length === 0 && fresh.kid !== key.kid && takeApart(token).header.kid === fresh.kid
      && isSignedBy(token, keyOf(fresh)) && !isSignedBy(token, keyOf(key));
  },
  'id-token-jku': ({ token, key }) => takeApart(token).header.jku.endsWith('/elsewhere') && !isSignedBy(token, keyOf(key)),
  'id-token-x5u': ({ token, key }) => takeApart(token).header.x5u.endsWith('/elsewhere') && !isSignedBy(token, keyOf(key)),
  'id-token-jwk': ({ token, key }) => isSignedBy(token, keyOf(takeApart(token).header.jwk)) && !isSignedBy(token, keyOf(key)),
  'id-token-foreign-headers': ({ token, key }) => {
    const { jku, x5u, jwk } = takeApart(token).header;
    return jku && x5u && !isSignedBy(token, keyOf(jwk)) && isSignedBy(token, keyOf(key));
  },
  'id-token-jwe': ({ token }) => token.split('.').length === 5 && JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).enc === 'A256GCM',
  'id-token-one-part': ({ token }) => !token.includes('.'),
  'id-token-five-parts': ({ token }) => token.split('.').length === 5,
  'id-token-not-base64': ({ token }) => token.includes('.{"'),
  'id-token-missing': ({ body }) => !('id_token' in body) && 'access_token' in body,
};

function isHmacOf(token, secret) {
  const { header, signature } = takeApart(token);
  const signed = token.slice(0, token.lastIndexOf('.'));
  return header.alg === 'HS256' && createHmac('sha256', secret).update(signed).digest('base64url') === signature;
}

test('every fault of the ID token is looked at here', () => {
  const names = FAULTS.filter(({ name }) => name.startsWith('id-token-')).map(({ name }) => name);
  assert.deepEqual(names.sort(), [...Object.keys(CLAIMS), ...Object.keys(SIGNATURES)].sort());
});

test('without a fault the token is honest', async () => {
  const callback = await signIn(browser, app, { nonce: 'n' });
  const { id_token: token } = await (await app.exchange(callback.searchParams.get('code'))).json();
  assert.ok(isSignedBy(token, keyOf((await publishedKeys())[0])));
  assert.deepEqual(honest(takeApart(token).claims, 'n'), []);
});

for (const [fault, [changed, isThere]] of Object.entries(CLAIMS)) {
  test(`${fault}: one claim, under the real key`, async () => {
    const parameter = FAULTS.find(({ name }) => name === fault)?.parameter;
    const answer = await signedClaims(fault, parameter && { value: 'x' });
    assert.ok(isThere(answer.claims, answer));
    assert.deepEqual(honest(answer.claims, answer.nonce, changed ? [changed] : []), []);
  });
}

for (const [fault, isThere] of Object.entries(SIGNATURES)) {
  test(`${fault}: good claims, and the rest as it says`, async () => {
    const answer = await answerWith(fault);
    assert.ok(await isThere(answer));
    const parts = answer.token?.split('.') ?? [];
    if (parts.length === 3 && fault !== 'id-token-not-base64') {
      assert.deepEqual(honest(takeApart(answer.token).claims, answer.nonce), []);
    }
  });
}

test('keys-rotated changes the keys before the code is used, and the old one is gone', async () => {
  const [old] = await publishedKeys();
  await switchboard.arm('keys-rotated');
  const callback = await signIn(browser, app);
  const [fresh, ...others] = await publishedKeys();
  assert.ok(fresh.kid !== old.kid && others.length === 0);
  const { id_token: token } = await (await app.exchange(callback.searchParams.get('code'))).json();
  assert.ok(isSignedBy(token, keyOf(fresh)) && !isSignedBy(token, keyOf(old)));
});

/** What the list of keys is like; `real` is the only one that fits. */
const JWKS = {
  'jwks-empty': (keys) => keys.length === 0,
  'jwks-many': (keys, real) => keys.length === 10_001 && keys.at(-1).n === real.n,
  'jwks-only-oct': (keys, real) => keys.length === 1 && keys[0].kty === 'oct' && keys[0].kid === real.kid,
  'jwks-only-private': (keys, real) => keys.length === 1 && keys[0].n === real.n && 'd' in keys[0],
  'jwks-only-enc': (keys, real) => keys.length === 1 && keys[0].n === real.n && keys[0].use === 'enc',
  'jwks-wrong-alg': (keys, real) => keys.length === 1 && keys[0].n === real.n && keys[0].alg === 'RS512',
  'jwks-unfit': (keys, real) => keys.length === 5 && keys.filter(({ n }) => n === real.n).length === 1 && keys.some(({ d }) => d),
  'jwks-several': (keys, real) => keys.length === 3 && keys[1].n === real.n && keys[0].n !== keys[2].n,
  'jwks-same-kid': (keys, real) => keys.length === 2 && keys[0].kid === keys[1].kid && keys[0].n !== real.n && keys[1].n === real.n,
};

test('every fault of the keys answers what it says', async () => {
  const [real] = await publishedKeys();
  for (const [fault, isThere] of Object.entries(JWKS)) {
    await switchboard.arm(fault);
    assert.ok(isThere(await publishedKeys(), real), fault);
  }
  const answers = async (fault) => {
    await switchboard.arm(fault);
    return fetch(`${provider.issuer}/jwks`);
  };
  assert.equal((await answers('jwks-500')).status, 500);
  assert.match((await answers('jwks-html')).headers.get('content-type'), /^text\/html/);
  const names = FAULTS.filter(({ leg }) => leg === 'jwks').map(({ name }) => name);
  assert.deepEqual(names.sort(), [...Object.keys(JWKS), 'jwks-500', 'jwks-html'].sort());
});

test('a profile as a JWT is signed by the real key, or not at all', async () => {
  for (const [fault, alg] of [['userinfo-jwt', 'RS256'], ['userinfo-jwt-none', 'none']]) {
    const callback = await signIn(browser, app);
    const { access_token: access } = await (await app.exchange(callback.searchParams.get('code'))).json();
    await switchboard.arm(fault);
    const answer = await app.userinfo(access);
    assert.equal(answer.headers.get('content-type'), 'application/jwt');
    const token = await answer.text();
    assert.equal(takeApart(token).header.alg, alg);
    assert.match(takeApart(token).claims.sub, /^ada-lovelace-/);
    assert.equal(isSignedBy(token, keyOf((await publishedKeys())[0])), alg !== 'none');
  }
});
