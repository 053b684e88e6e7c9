import { expect, test } from '../../fixtures/index.js';
import {
  failsBy, failsByKeys, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'answer-unreadable',
  status: 502,
  h1: "The development provider sent an answer we couldn't read",
  body: 'We got something back, but not what a sign-in needs. Try again; if it keeps happening, send us the reference.',
  ways: ['Try again'],
  report: true,
};

standsAlone(row);
failsBy(row, [
  'token-html', 'token-malformed', 'token-truncated', 'token-text-plain', 'token-duplicate-key',
  'token-huge', 'token-mac-type', 'token-no-access-token', 'token-zero-expiry', 'token-redirect', 'token-bom',
  'userinfo-html', 'userinfo-malformed', 'userinfo-empty', 'userinfo-null', 'userinfo-jwt',
  'userinfo-jwt-none', 'userinfo-lone-surrogate',
  'id-token-missing', 'id-token-jwe', 'id-token-one-part', 'id-token-five-parts', 'id-token-not-base64',
]);
failsByKeys(row, ['jwks-html', 'jwks-many']);

for (const fault of ['discovery-html', 'discovery-huge', 'discovery-redirect']) {
  test(`${fault} stops a sign-in before anybody leaves`, async ({
    page, guard, startApp, startProvider,
  }) => {
    test.slow();
    guard.allow(pageStatus(row));
    const provider = await startProvider();
    await provider.arm(fault);
    const app = await startApp({ provider, until: 'healthy' });
    await staysAtStart(page, app, `${row.h1}. ${row.body}`);
    await nobodyWasAsked(provider);
    expect((await provider.counts()).elsewhere).toBe(0);
    await provider.clear();
    await app.isReady();
    await startsNow(page);
  });
}
