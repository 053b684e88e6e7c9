/** An issuer that ends in a slash: the slash is part of its name, and stands once in its addresses. */
import { expect, test } from '../../fixtures/index.js';
import { signsIn } from './signs-in.js';

for (const path of ['/', '/tenant/a/']) {
  test(`an issuer that ends in ${path} signs in`, async ({ page, startApp, startProvider, canaries, guard }) => {
    guard.allow(401);
    const provider = await startProvider({ env: { PROVIDER_ISSUER_PATH: path } });
    expect(provider.issuer.endsWith(path)).toBe(true);
    const app = await startApp({ provider });
    await signsIn({ page, app, canaries, provider });
  });
}

test('the slash left out of the settings is another issuer', async ({ page, startApp, startProvider, guard }) => {
  guard.allow(502);
  const provider = await startProvider({ env: { PROVIDER_ISSUER_PATH: '/' } });
  const app = await startApp({ provider, issuer: provider.base, until: 'healthy' });
  await expect.poll(() => app.log()).toContain('metadata-wrong');
  expect((await fetch(`${app.origin}/readyz`)).status).toBe(503);
  await page.goto(`${app.origin}/`);
  expect((await provider.counts()).authorize).toBe(0);
});
