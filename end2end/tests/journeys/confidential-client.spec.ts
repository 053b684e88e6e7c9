/** A client with a secret: it proves itself at the token endpoint, and nowhere else. */
import { expect, test } from '../../fixtures/index.js';
import { signIn } from '../../pages/index.js';
import { atAccountOf } from './session.js';

/** Characters that RFC 6749, section 2.3.1 has coded before base64. */
const SECRET = 'a secret: 100 % + & = ?';

test('a confidential client signs in with Basic authentication', async ({ page, startApp, startProvider }) => {
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: SECRET },
  });
  await signIn(page, app);
  await atAccountOf(page, app);
  const [exchange] = (await provider.requests()).filter(({ leg }) => leg === 'token');
  expect(exchange).toMatchObject({ status: 200, headers: { authorization: 'Basic' } });
  expect(exchange?.params).not.toContain('client_secret');
  expect(exchange?.params).toContain('code_verifier');
  expect(app.log()).not.toContain(SECRET);
});

test('a wrong secret signs nobody in', async ({ page, startApp, startProvider, guard }) => {
  guard.allow(502);
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: SECRET } });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: `${SECRET}!` },
  });
  await signIn(page, app, { until: 'consent' });
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL('**/problem/client-rejected');
  expect((await provider.counts()).userinfo).toBe(0);
});
