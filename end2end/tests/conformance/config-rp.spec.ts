/** The 6 modules of the Config RP plan; each test has the name of its module. */
import { randomBytes } from 'node:crypto';
import { expect, test, type App } from '../../fixtures/index.js';
import { alertOf } from '../../pages/failure.js';
import { continueButton, ready } from '../../pages/index.js';
import { refuses, signsIn, stage } from './module.js';

/** Keys are asked for again after this, when a token names one that is unknown. */
const COOLDOWN_MS = 1000;

const COOLDOWN = { WRENGATE_JWKS_COOLDOWN_SECONDS: String(COOLDOWN_MS / 1000) };

/** Until the app may ask for the keys again, which it last did before this moment. */
async function cooledDown(app: App, since: number): Promise<void> {
  await expect.poll(() => Date.now() - since).toBeGreaterThan(COOLDOWN_MS);
  expect((await fetch(`${app.origin}/readyz`)).status).toBe(200);
}

test('oidcc-client-test-discovery-openid-config', async ({ page, startApp, startProvider, canaries }) => {
  const { provider, start } = await stage({ startApp, startProvider });
  await signsIn({ page, app: await start(), canaries, provider });
  const paths = (await provider.requests()).filter(({ leg }) => leg === 'discovery').map(({ path }) => path);
  expect(paths).toContain('/.well-known/openid-configuration');
});

test('oidcc-client-test-discovery-jwks-uri-keys', async ({ page, startApp, startProvider, canaries }) => {
  const path = `/jwks/${randomBytes(8).toString('hex')}`;
  const { provider, start } = await stage({ startApp, startProvider }, { PROVIDER_JWKS_PATH: path });
  await signsIn({ page, app: await start(), canaries, provider });
  const asked = (await provider.requests()).filter(({ leg }) => leg === 'jwks');
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every((request) => request.path === path && request.status === 200)).toBe(true);
});

test('oidcc-client-test-discovery-issuer-mismatch', async ({ page, startApp, startProvider, guard }) => {
  guard.allow(502);
  const { provider, start } = await stage({ startApp, startProvider });
  // Of two faults of one leg the first that was armed is taken.
  await provider.clear();
  await provider.arm('discovery-wrong-issuer', { times: 'always' });
  const app = await start({ until: 'healthy' });
  await page.goto(`${app.origin}/`);
  await ready(page);
  await continueButton(page).click();
  await expect(alertOf(page)).toContainText("aren't set up for each other");
  expect(await provider.counts()).toMatchObject({ authorize: 0, token: 0, userinfo: 0 });
});

refuses('oidcc-client-test-idtoken-sig-none', 'id-token-alg-none', 'id-untrusted');

test('oidcc-client-test-signing-key-rotation', async ({
  page, startApp, startProvider, canaries, anotherBrowser,
}) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app = await start({ env: COOLDOWN });
  await signsIn({ page, app, canaries, provider });
  const { jwks } = await provider.counts();
  await cooledDown(app, Date.now());
  await provider.arm('keys-rotated');
  const later = await (await anotherBrowser()).newPage();
  await signsIn({ page: later, app, canaries, provider });
  expect((await provider.counts()).jwks).toBe(jwks + 1);
});

test('oidcc-client-test-signing-key-rotation-just-before-signing', async ({
  page, startApp, startProvider, canaries, anotherBrowser,
}) => {
  const { provider, start } = await stage({ startApp, startProvider });
  const app = await start({ env: COOLDOWN });
  await signsIn({ page, app, canaries, provider });
  const { jwks } = await provider.counts();
  await cooledDown(app, Date.now());
  await provider.arm('id-token-rotated');
  const later = await (await anotherBrowser()).newPage();
  await signsIn({ page: later, app, canaries, provider });
  expect((await provider.counts()).jwks).toBe(jwks + 1);
});
