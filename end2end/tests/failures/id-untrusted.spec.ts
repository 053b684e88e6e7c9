import { expect, test } from '../../fixtures/index.js';
import {
  WANTED, endsIn, failsBy, failsByKeys, failsByRefresh, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'id-untrusted',
  status: 502,
  h1: "We couldn't trust the development provider's answer",
  body: "A security check failed, so we stopped. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
failsByRefresh(row, ['refresh-wrong-iss'], 'ends');

failsBy(row, [
  'id-token-wrong-iss', 'id-token-other-iss', 'id-token-iss-slash', 'id-token-no-iss',
  'id-token-wrong-aud', 'id-token-foreign-aud', 'id-token-no-aud', 'id-token-wrong-azp',
  'id-token-no-sub', 'id-token-empty-sub', 'id-token-no-nonce', 'id-token-wrong-nonce',
  'id-token-wrong-at-hash',
  'id-token-alg-none', 'id-token-alg-none-signed', 'id-token-hs256-public-key',
  'id-token-broken-signature', 'id-token-no-signature', 'id-token-foreign-key',
  'id-token-other-type', 'id-token-critical',
  'id-token-unknown-kid', 'id-token-jku', 'id-token-x5u', 'id-token-jwk',
]);

failsByKeys(row, ['jwks-empty', 'jwks-only-oct', 'jwks-only-private', 'jwks-only-enc', 'jwks-wrong-alg']);

test('the nonce of another attempt ends here', async ({
  page, app, provider, canaries, guard, anotherBrowser,
}) => {
  guard.allow(pageStatus(row));
  const other = await (await anotherBrowser()).newPage();
  const asked = other.waitForRequest((request) => new URL(request.url()).searchParams.has('nonce'));
  await begin(other, app);
  const nonce = new URL((await asked).url()).searchParams.get('nonce') ?? '';
  await provider.arm('id-token-nonce', { value: nonce });
  await begin(page, app, WANTED);
  await agree(page);
  await endsIn(row, { page, app, canaries });
  expect((await provider.counts()).userinfo).toBe(0);
});

test('a token signed with the client secret ends here, whatever the client knows', async ({
  page, startApp, startProvider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  const secret = 'secret-that-must-not-sign';
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: secret } });
  await provider.arm('id-token-hs256-client-secret');
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: secret },
  });
  await begin(page, app, WANTED);
  await agree(page);
  await endsIn(row, { page, app, canaries });
  expect((await provider.counts()).userinfo).toBe(0);
});

test('tokens with ever new key ids ask for the keys once', async ({
  startApp, startProvider, guard, anotherBrowser,
}) => {
  test.slow();
  guard.allow(pageStatus(row));
  const provider = await startProvider();
  // Longer than the sign-ins take together on any machine.
  const app = await startApp({ provider, env: { WRENGATE_JWKS_COOLDOWN_SECONDS: '3600' } });
  await provider.arm('id-token-unknown-kid', { times: 'always' });
  const asked: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const page = await (await anotherBrowser()).newPage();
    await begin(page, app);
    await agree(page);
    await page.waitForURL(`**/problem/${row.code}`);
    asked.push((await provider.counts()).jwks);
  }
  // At most the keys themselves and one more look.
  expect(asked[0]).toBeLessThanOrEqual(2);
  expect(asked).toEqual(asked.map(() => asked[0]));
});
