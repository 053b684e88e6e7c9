/** The browser keeps too little: rows R14, R15 and R16 of the robustness table. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { continueButton, problem, ready } from '../../pages/index.js';
import { answerFor } from '../journeys/callback.js';
import { atAccountOf } from '../journeys/session.js';

/** Ways in which a browser refuses a tab its storage. */
const REFUSALS: Record<string, () => void> = {
  'no storage at all': () => Object.defineProperty(window, 'sessionStorage', {
    get: () => { throw new DOMException('The operation is insecure.', 'SecurityError'); },
  }),
  'a storage that is null': () => Object.defineProperty(window, 'sessionStorage', { get: () => null }),
  'a full storage': () => {
    Storage.prototype.setItem = () => { throw new DOMException('It is full.', 'QuotaExceededError'); };
  },
};

async function pressAndStay(page: Page): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(request.url());
  });
  await page.goto('/');
  await ready(page);
  await continueButton(page).click();
  return asked;
}

for (const [what, refuse] of Object.entries(REFUSALS)) {
  test(`R14: ${what} is told before leaving, and nothing else is tried`, async ({ page, app, provider }) => {
    await page.addInitScript(refuse);
    const asked = await pressAndStay(page);
    await expect(page.getByRole('main').getByRole('alert').filter({ hasText: /\S/ })).toContainText(
      'Your browser is blocking what sign-in needs. Sign-in keeps a short-lived security check in this tab',
    );
    expect(page.url()).toBe(`${app.origin}/`);
    expect(asked).toEqual([]);
    expect((await provider.counts()).authorize).toBe(0);
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
    const again = page.getByRole('main').getByRole('button', { name: 'Try again' });
    await expect(again).toBeVisible();
    await expect(again).not.toHaveAttribute('aria-disabled', 'true');
  });
}

test('R14: a storage that is gone on the way back ends on a page that helps', async ({
  page, app, provider, guard,
}) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  await page.addInitScript(REFUSALS['no storage at all'] ?? (() => undefined));
  await page.goto(answer.href);
  await problem(page, 'state-unmatched');
  expect((await provider.counts()).token).toBe(0);
});

test('R15: blocked cookies are told before leaving', async ({ page, app, provider }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });
  });
  const asked = await pressAndStay(page);
  await expect(page.getByRole('main').getByRole('alert').filter({ hasText: /\S/ })).toContainText(
    'Your browser is blocking cookies. Wrengate uses a cookie to keep your sign-in yours.',
  );
  expect(page.url()).toBe(`${app.origin}/`);
  expect(asked).toEqual([]);
  expect((await provider.counts()).authorize).toBe(0);
});

test('R16: a return in another tab is not matched, and the first tab can still finish', async ({
  page, context, app, provider, guard,
}) => {
  guard.allow(400, 401);
  const answer = await answerFor(page, app);
  const other = await context.newPage();
  await other.goto(answer.href);
  await problem(other, { code: 'state-unmatched', h1: "We couldn't match this sign-in", status: 400 });
  expect((await provider.counts()).token).toBe(0);
  await page.goto(answer.href);
  await atAccountOf(page, app);
});
