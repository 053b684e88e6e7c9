/** Every fault of a refresh does what it says, and leaves codes alone. */
import assert from 'node:assert/strict';
import {
  after, before, beforeEach, test,
} from 'node:test';
import { FAULTS } from './faults/index.js';
import { takeApart } from './jws.js';
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
    port: 0, appOrigins: ['http://127.0.0.1:3000'], clientSecret: 'secret',
  });
  switchboard = new RemoteSwitchboard(provider.issuer);
  app = new App(provider);
  browser = new Browser();
});
beforeEach(() => switchboard.clear());
after(() => provider.close());

async function tokens() {
  const code = (await signIn(browser, app)).searchParams.get('code');
  const answer = await app.exchange(code);
  assert.equal(answer.status, 200);
  return answer.json();
}

/** A refresh while the fault is armed. It was armed before the code, which does not meet it. */
async function refreshWith(fault, options) {
  await switchboard.arm(fault, options);
  const before = await tokens();
  return { before, answer: await app.refresh(before.refresh_token) };
}

test('refused refreshes have their status and code, once', async () => {
  for (const [fault, status, error] of [
    ['refresh-invalid-grant', 400, 'invalid_grant'],
    ['refresh-invalid-client', 401, 'invalid_client'],
    ['refresh-500', 500, undefined],
  ]) {
    const { before, answer } = await refreshWith(fault);
    assert.equal(answer.status, status, fault);
    assert.equal((await answer.json()).error, error, fault);
    assert.equal((await app.refresh(before.refresh_token)).status, 200, `${fault} spends nothing`);
  }
  for (const [fault, status] of [['refresh-400', 400], ['refresh-503', 503]]) {
    assert.equal((await refreshWith(fault)).answer.status, status, fault);
  }
});

test('a slow refresh is answered late, a reset one never', async () => {
  const began = Date.now();
  const { answer } = await refreshWith('refresh-slow', { delay_ms: 300 });
  assert.equal(answer.status, 200);
  assert.ok(Date.now() - began >= 300);
  await assert.rejects(refreshWith('refresh-reset'));
});

test('new ID tokens have one claim changed', async () => {
  for (const [fault, claim, added] of [['refresh-wrong-iss', 'iss', '1'], ['refresh-other-sub', 'sub', 'invalid']]) {
    const { before, answer } = await refreshWith(fault);
    const { claims } = takeApart((await answer.json()).id_token);
    const { claims: honest } = takeApart(before.id_token);
    assert.equal(claims[claim], honest[claim] + added, fault);
    assert.equal(claims.aud, honest.aud, fault);
  }
});

test('what is left out is left out, and the rest is good', async () => {
  for (const [fault, member] of [
    ['refresh-no-refresh-token', 'refresh_token'], ['refresh-no-id-token', 'id_token'],
  ]) {
    const body = await (await refreshWith(fault)).answer.json();
    assert.ok(!(member in body), fault);
    assert.equal((await app.userinfo(body.access_token)).status, 200, fault);
  }
  assert.equal((await (await refreshWith('refresh-short-expiry')).answer.json()).expires_in, 5);
});

test('a refresh without a fault of its own meets that of the token endpoint', async () => {
  const { refresh_token: token } = await tokens();
  await switchboard.arm('token-invalid-client');
  assert.equal((await app.refresh(token)).status, 401);
  assert.equal((await app.refresh(token)).status, 200);
});

test('the log names the parameters of a refresh that a fault answered', async () => {
  await refreshWith('refresh-500');
  const { requests } = await (await fetch(`${provider.issuer}/switchboard.json`)).json();
  assert.deepEqual(requests.at(-1).params.sort(), ['client_id', 'grant_type', 'refresh_token']);
  assert.equal(FAULTS.filter(({ leg }) => leg === 'refresh').length, 12);
});
