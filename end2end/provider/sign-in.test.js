import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startProvider } from './start.js';
import { App, signIn } from './testing/app.js';
import { Browser } from './testing/browser.js';

const SECRET = 'a secret: 100%+1';
let provider;

before(async () => {
  provider = await startProvider({
    port: 0,
    issuerHost: 'localhost',
    appOrigins: ['http://127.0.0.1:3000', 'http://127.0.0.1:3001'],
    clientSecret: SECRET,
  });
});
after(() => provider.close());

const newApp = (options) => new App({ issuer: provider.issuer, ...options });

async function claimsOf(app, callback) {
  const token = await (await app.exchange(callback.searchParams.get('code'))).json();
  return (await app.userinfo(token.access_token)).json();
}

test('a name signs in and comes back as claims', async () => {
  const app = newApp();
  const callback = await signIn(new Browser(), app);
  assert.equal(callback.searchParams.get('state'), app.state);
  assert.equal(callback.searchParams.get('iss'), provider.issuer);

  const answer = await app.exchange(callback.searchParams.get('code'));
  const token = await answer.json();
  assert.equal(answer.status, 200);
  assert.ok(token.refresh_token && token.id_token);

  const claims = await (await app.userinfo(token.access_token)).json();
  assert.match(claims.sub, /^ada-lovelace-[0-9a-f]{8}$/);
  assert.match(claims.phone_number, /^\+447700900\d{3}$/);
  delete claims.phone_number;
  assert.deepEqual(claims, {
    sub: claims.sub,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    preferred_username: 'ada',
    picture: `${provider.issuer}/avatar/${claims.sub}.svg`,
    email: 'ada@example.org',
    email_verified: true,
  });
});

test('the picture is a drawing from the issuer itself', async () => {
  const app = newApp();
  const { picture } = await claimsOf(app, await signIn(new Browser(), app));
  const answer = await fetch(picture);
  assert.match(answer.headers.get('content-type'), /^image\/svg\+xml/);
  assert.match(await answer.text(), /<svg[^]*>AL<\/text>/);
});

test('a question mark after the name leaves the e-mail unverified', async () => {
  const app = newApp();
  const claims = await claimsOf(app, await signIn(new Browser(), app, { name: 'Grace Hopper?' }));
  assert.equal(claims.name, 'Grace Hopper');
  assert.equal(claims.email_verified, false);
});

test('a name without Latin letters signs in too', async () => {
  const app = newApp();
  const claims = await claimsOf(app, await signIn(new Browser(), app, { name: '李雷' }));
  assert.equal(claims.name, '李雷');
  assert.match(claims.sub, /^person-[0-9a-f]{8}$/);
});

test('the confidential client needs its secret', async () => {
  const clientId = 'wrengate-dev-confidential';
  const app = newApp({ clientId, secret: SECRET });
  const code = (await signIn(new Browser(), app)).searchParams.get('code');
  app.secret = 'wrong';
  assert.equal((await app.exchange(code)).status, 401);
  app.secret = SECRET;
  assert.equal((await app.exchange(code)).status, 200);
});

test('Deny answers access_denied with the right state', async () => {
  const app = newApp();
  const callback = await signIn(new Browser(), app, { decision: 'deny' });
  assert.equal(callback.searchParams.get('error'), 'access_denied');
  assert.equal(callback.searchParams.get('state'), app.state);
  assert.equal(callback.searchParams.get('code'), null);
});

test('the second sign-in of a browser shows no page', async () => {
  const browser = new Browser();
  const app = newApp();
  await signIn(browser, app);
  const { url, text } = await browser.visit(app.begin(), { origin: provider.issuer });
  assert.equal(text, undefined);
  assert.ok(url.searchParams.get('code'));
});

test('the other registered origin is served too, an unknown one is not', async () => {
  const callback = await signIn(new Browser(), newApp({ origin: 'http://127.0.0.1:3001' }));
  assert.equal(callback.origin, 'http://127.0.0.1:3001');
  const unknown = newApp({ origin: 'http://127.0.0.1:3002' });
  const page = await new Browser().visit(unknown.begin(), { origin: provider.issuer });
  assert.equal(page.status, 400);
  assert.match(page.text, /invalid_redirect_uri/);
});

test('a request without PKCE is refused', async () => {
  const app = newApp();
  const address = app.begin();
  address.searchParams.delete('code_challenge');
  address.searchParams.delete('code_challenge_method');
  const { url } = await new Browser().visit(address, { origin: provider.issuer });
  assert.equal(url.searchParams.get('error'), 'invalid_request');
});

test('prompt=login asks for a name again and can change the person', async () => {
  const browser = new Browser();
  const app = newApp();
  await signIn(browser, app);
  const page = await browser.visit(app.begin({ prompt: 'login' }), { origin: provider.issuer });
  assert.match(page.text, /Your name/);
  const claims = await claimsOf(app, await signIn(browser, app, { prompt: 'login', name: 'Grace Hopper' }));
  assert.equal(claims.name, 'Grace Hopper');
});

test('prompt=select_account offers the current account', async () => {
  const browser = new Browser();
  const app = newApp();
  await signIn(browser, app);
  const page = await browser.visit(app.begin({ prompt: 'select_account' }), { origin: provider.issuer });
  assert.match(page.text, /Continue as <strong><bdi>Ada Lovelace/);
  const { url } = await browser.submit(page, { account: 'current' });
  assert.equal((await claimsOf(app, url)).name, 'Ada Lovelace');
});

test('prompt=select_account takes another name', async () => {
  const browser = new Browser();
  const app = newApp();
  await signIn(browser, app);
  const callback = await signIn(browser, app, { prompt: 'select_account', name: 'Grace Hopper' });
  assert.equal((await claimsOf(app, callback)).name, 'Grace Hopper');
});

test('prompt=select_account is answered by the sign-in page when nobody is signed in', async () => {
  const app = newApp();
  const callback = await signIn(new Browser(), app, { prompt: 'select_account' });
  assert.equal((await claimsOf(app, callback)).name, 'Ada Lovelace');
});

test('prompt=none without a session answers login_required', async () => {
  const { url } = await new Browser().visit(newApp().begin({ prompt: 'none' }), { origin: provider.issuer });
  assert.equal(url.searchParams.get('error'), 'login_required');
});

test('prompt=consent asks again', async () => {
  const browser = new Browser();
  const app = newApp();
  await signIn(browser, app);
  const page = await browser.visit(
    app.begin({ prompt: 'consent', scope: 'openid profile offline_access' }),
    { origin: provider.issuer },
  );
  assert.match(page.text, /Wrengate asks for:[^]*offline_access/);
  const { url } = await browser.submit(page, { decision: 'allow' });
  assert.ok(url.searchParams.get('code'));
});

test('a refresh token is given, rotates, and ends by revocation', async () => {
  const app = newApp();
  const callback = await signIn(new Browser(), app);
  const first = await (await app.exchange(callback.searchParams.get('code'))).json();
  const second = await (await app.refresh(first.refresh_token)).json();
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await app.revoke(second.refresh_token)).status, 200);
  assert.equal((await app.refresh(second.refresh_token)).status, 400);
});

test('signing out asks, then leads to the app', async () => {
  const browser = new Browser();
  const app = newApp();
  const callback = await signIn(browser, app);
  const token = await (await app.exchange(callback.searchParams.get('code'))).json();
  const address = new URL('/session/end', provider.issuer);
  address.search = new URLSearchParams({
    id_token_hint: token.id_token,
    post_logout_redirect_uri: 'http://127.0.0.1:3000/signed-out',
    state: 'after',
  });
  const page = await browser.visit(address, { origin: provider.issuer });
  assert.match(page.text, /Sign out of the development provider\?/);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)[1];
  const { url } = await browser.submit(page, { xsrf, logout: 'yes' });
  assert.equal(url.href, 'http://127.0.0.1:3000/signed-out?state=after');
});

test('pages load nothing from elsewhere and can go on to the app', async () => {
  const page = await new Browser().visit(newApp().begin(), { origin: provider.issuer });
  const policy = page.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /form-action 'self' http:\/\/127\.0\.0\.1:3000 http:\/\/127\.0\.0\.1:3001/);
  assert.equal(page.headers.get('x-frame-options'), 'DENY');
  assert.doesNotMatch(page.text, /<script|https?:\/\//);
});

test('an empty name is asked for again, a hostile one is drawn as text', async () => {
  const browser = new Browser();
  const page = await browser.visit(newApp().begin(), { origin: provider.issuer });
  const again = await browser.submit(page, { name: ' ' });
  assert.equal(again.status, 422);
  const consent = await browser.submit(again, { name: '<img src=x>' });
  assert.match(consent.text, /&lt;img src=x&gt;/);
  assert.doesNotMatch(consent.text, /<img src=x/);
});

test('a page that is no longer open says so', async () => {
  const page = await new Browser().visit(`${provider.issuer}/interaction/unknown`);
  assert.equal(page.status, 400);
  assert.match(page.text, /no longer open/);
});

test('cookies carry the port, which the browser ignores', async () => {
  const browser = new Browser();
  await signIn(browser, newApp());
  const { port } = new URL(provider.issuer);
  assert.ok(browser.cookieNames.every((name) => name.includes(`_${port}_`)));
});
