/** The provider signs somebody out: the open page learns it at its next request. */
import { expect, test } from '../../fixtures/index.js';
import type { LogoutKind } from '../../fixtures/provider.js';
import { ready, signIn } from '../../pages/index.js';
import { showsNobody, signedInAs } from './session.js';

const BROKEN: LogoutKind[] = [
  'alg-none', 'wrong-alg', 'wrong-iss', 'wrong-aud', 'no-event', 'wrong-event', 'with-nonce',
];

test('a person whom the provider signed out is told at the next step, and nothing personal is left', async ({
  page, context, provider, app, guard,
}) => {
  guard.allow(401);
  await signIn(page, app);
  expect(await provider.signsOut(app)).toEqual({ status: 200, body: '', cacheControl: 'no-store' });
  await page.getByRole('button', { name: 'Refresh profile' }).click();
  await page.waitForURL(/\/problem\/(access-ended|session-revoked)$/);
  await showsNobody(page);
  expect(await signedInAs(context, app)).toBeNull();
});

test('nobody is signed out by a token that is not true, or by one that was used', async ({
  page, context, provider, app,
}) => {
  await signIn(page, app);
  for (const kind of BROKEN) {
    const answer = await provider.signsOut(app, kind);
    expect({ kind, ...answer }).toEqual({
      kind, status: 400, body: '{"error":"invalid_request"}', cacheControl: 'no-store',
    });
  }
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
  expect((await provider.signsOut(app)).status).toBe(200);
  expect(await signedInAs(context, app)).toBeNull();
  await signIn(page, app);
  expect((await provider.signsOut(app, 'replay')).status).toBe(400);
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

test('who signs out at the provider itself is signed out here', async ({ page, context, startApp, startProvider, guard }) => {
  guard.allow(401);
  const provider = await startProvider();
  const app = await startApp({ provider });
  await signIn(page, app);
  const atProvider = await context.newPage();
  await atProvider.goto(`${provider.base}/session/end`);
  await atProvider.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(atProvider.getByRole('heading', { level: 1 })).toContainText('signed out');
  expect(await signedInAs(context, app)).toBeNull();
  await page.reload();
  await ready(page);
  await showsNobody(page);
});
