/** Answers that are unusual and must not keep anybody out: the catalogue's faults that end in no failure. */
import { expect, test } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';
import { atAccountOf } from '../journeys/session.js';

const ANSWERS = [
  'extra-parameter',
  'token-no-expiry', 'token-string-expiry', 'token-charset', 'token-lowercase-bearer',
  'id-token-aud-list', 'id-token-at-hash', 'id-token-just-expired', 'id-token-no-kid', 'id-token-foreign-headers',
];

for (const fault of ANSWERS) {
  test(`${fault}: the sign-in goes on, and nobody is asked besides`, async ({ page, app, provider, canaries }) => {
    await provider.arm(fault);
    await signIn(page, app);
    await atAccountOf(page, app);
    expect(await provider.counts()).toMatchObject({ token: 1, userinfo: 1, elsewhere: 0 });
    await canaries.check(page, app);
  });
}

for (const fault of ['jwks-unfit', 'jwks-several', 'jwks-same-kid']) {
  test(`${fault}: the key that fits is found`, async ({ page, startApp, startProvider }) => {
    const provider = await startProvider();
    await provider.arm(fault);
    const app = await startApp({ provider });
    await signIn(page, app);
    await atAccountOf(page, app);
    expect((await provider.counts()).jwks).toBeGreaterThan(0);
  });
}

test('without a key id the fitting one of several keys is found', async ({ page, startApp, startProvider }) => {
  const provider = await startProvider();
  await provider.arm('jwks-several');
  await provider.arm('id-token-no-kid');
  const app = await startApp({ provider });
  await signIn(page, app);
  await atAccountOf(page, app);
});

for (const fault of ['discovery-pkce-unlisted', 'discovery-unknown-members']) {
  test(`${fault}: the metadata are good enough`, async ({ page, startApp, startProvider }) => {
    const provider = await startProvider();
    await provider.arm(fault);
    const app = await startApp({ provider });
    await signIn(page, app);
    await atAccountOf(page, app);
  });
}

test('keys that are known serve while the provider has lost them', async ({
  page, startApp, startProvider, anotherBrowser,
}) => {
  const provider = await startProvider();
  const app = await startApp({ provider });
  await signIn(page, app);
  await provider.arm('jwks-500');
  const later = await (await anotherBrowser()).newPage();
  await signIn(later, app);
  await atAccountOf(later, app);
});

test('claims from elsewhere are not fetched', async ({ page, app, provider }) => {
  await provider.arm('userinfo-claim-sources');
  await signIn(page, app);
  await atAccountOf(page, app);
  expect((await provider.counts()).elsewhere).toBe(0);
});

test('an e-mail of which nothing is said is shown as not verified', async ({ page, app, provider }) => {
  await provider.arm('userinfo-verification-unknown');
  await signIn(page, app);
  await atAccountOf(page, app);
  await expect(page.getByText('Verified', { exact: true })).toHaveCount(0);
});

test('a name of 100 KB with NUL and zero-width characters is cut and harmless', async ({ page, app, provider }) => {
  await provider.arm('userinfo-huge-name');
  await signIn(page, app);
  const name = await page.getByRole('heading', { level: 1 }).innerText();
  expect(name).toMatch(/^Ada/);
  expect(name.length).toBeLessThanOrEqual(201);
  expect(name).not.toContain('\u0000');
});

const PICTURES = [
  'javascript:alert(1)', 'data:image/svg+xml,<svg/>', 'http://example.com/a.png', '//example.com/a.png',
  'file:///etc/passwd', 'https://other.example/a.png', `https://other.example/${'a'.repeat(10_000)}`,
];

for (const picture of PICTURES) {
  test(`the picture ${picture.slice(0, 40)} is not asked for`, async ({ page, app, provider }) => {
    await provider.arm('userinfo-picture', { value: picture });
    await signIn(page, app);
    await atAccountOf(page, app);
    await expect(page.getByRole('main').locator('img')).toHaveCount(0);
  });
}
