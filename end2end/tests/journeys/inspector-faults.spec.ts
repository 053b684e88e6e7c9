/** The flow inspector where a sign-in failed: the step, the verdict, the likeliest cause. */
import { expect, test } from '../../fixtures/index.js';
import {
  accessible, agree, begin, openInspector, ready, step, verdict,
} from '../../pages/index.js';
import { bringSession, test as scriptless } from './scriptless.js';

/** A fault, the step it fails in, the code, how the first advice begins. */
const ROWS: [fault: string, step: number, code: string, advice: string][] = [
  ['invalid_scope', 3, 'scope-refused', 'Compare WRENGATE_SCOPES'],
  ['server_error', 3, 'provider-fault', 'The provider failed'],
  ['unauthorized_client', 3, 'client-not-allowed', 'At the provider, allow this client'],
  ['wrong-issuer', 4, 'wrong-issuer', 'The answer is of https://other-provider.example'],
  ['missing-issuer', 4, 'wrong-issuer', 'The answer has no iss'],
  ['token-invalid-grant', 5, 'code-expired', 'Start again: a code works once'],
  ['token-invalid-client', 5, 'client-rejected', 'The client wrengate-dev authenticated with none'],
  ['token-500', 5, 'provider-fault', 'The token endpoint answered with status 500'],
  ['id-token-expired', 5, 'clock-skew', 'By our clock exp of the ID token is'],
  ['id-token-wrong-nonce', 5, 'id-untrusted', 'nonce of the ID token is not that of this attempt'],
  ['id-token-wrong-aud', 5, 'id-untrusted', 'aud of the ID token is'],
  ['id-token-foreign-key', 5, 'id-untrusted', "No key at the provider's jwks_uri"],
  ['userinfo-other-sub', 6, 'subject-mismatch', 'ID token and userinfo are about two people'],
  ['userinfo-500', 6, 'provider-fault', 'The userinfo endpoint answered with status 500'],
];

for (const [fault, number, code, advice] of ROWS) {
  test(`${fault} is shown with its step and its likeliest cause`, async ({
    page, startApp, provider, canaries, guard,
  }) => {
    guard.allow(400, 502);
    // Five failures of an endpoint in a row open the app's breaker, and no other test shall have begun them.
    const app = await startApp();
    await provider.arm(fault);
    await begin(page, app);
    await agree(page);
    await page.waitForURL(`${app.origin}/problem/${code}`);
    await page.getByText('Details for developers').click();
    await page.getByRole('link', { name: 'Open in inspector' }).click();
    await expect(verdict(page).getByRole('heading', { level: 2 })).toHaveText(new RegExp(`^Failed at step ${number}, .*: ${code}$`));
    const first = verdict(page).getByRole('listitem').first();
    await expect(first).toHaveText(new RegExp(`^${advice.replace(/[.*+?()]/g, '\\$&')}.{10,}`, 's'));
    await expect(step(page, number)).toHaveAttribute('open', '');
    await expect(step(page, number)).toHaveAttribute('data-progress', 'bad');
    if (number > 4) await expect(step(page, number).locator('.exchange-line').first()).toBeVisible();
    await canaries.check(page, app);
  });
}

test('cancelling is shown as an outcome', async ({ page, app, provider }) => {
  await provider.arm('denied');
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`${app.origin}/problem/cancelled`);
  await openInspector(page, app);
  await expect(verdict(page).getByRole('heading', { level: 2 })).toHaveText('Cancelled');
  await expect(verdict(page)).toContainText('That is an outcome, not an error.');
});

test('a failure can be read by everybody, narrow or wide, light or dark', async ({ page, app, provider, guard }) => {
  guard.allow(502);
  await provider.arm('id-token-wrong-aud');
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`${app.origin}/problem/id-untrusted`);
  await openInspector(page, app);
  await ready(page);
  await accessible(page);
});

scriptless('without scripts every step opens and nothing is dead', async ({
  page, plain, app, provider, guard,
}) => {
  guard.allow(502);
  await provider.arm('token-500');
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`${app.origin}/problem/provider-fault`);
  await bringSession(plain, page);
  await plain.goto(`${app.origin}/inspector`);
  await expect(verdict(plain).getByRole('heading', { level: 2 })).toContainText('Failed at step 5');
  for (const number of [0, 2, 4, 5]) {
    if (await step(plain, number).getAttribute('open') === null) await step(plain, number).locator('summary').first().click();
    await expect(step(plain, number).getByRole('heading', { level: 3 })).toBeVisible();
  }
  await expect(plain.getByRole('button', { name: 'Copy report' })).toBeHidden();
  await plain.getByRole('button', { name: 'Clear' }).click();
  await expect(plain.getByText('No sign-in recorded yet.')).toBeVisible();
});
