/** An issuer with a path, as of a realm or a tenant: everything of it is below that path. */
import { expect, test } from '../../fixtures/index.js';
import { signsIn } from './signs-in.js';

test('an issuer with a path signs in', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const provider = await startProvider({ env: { PROVIDER_ISSUER_PATH: '/tenant/a' } });
  expect(provider.issuer).toMatch(/\/tenant\/a$/);
  const app = await startApp({ provider });
  await signsIn({ page, app, canaries, provider });
});
