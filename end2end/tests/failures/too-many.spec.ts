import type { Page } from '@playwright/test';
import { expect, test, type App } from '../../fixtures/index.js';
import { alertOf, expectSignedIn, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import {
  agree, begin, continueButton, ready,
} from '../../pages/index.js';

const row: Row = {
  code: 'too-many',
  status: 429,
  h1: 'Too many attempts',
  body: "Wait a minute, then try again. The limit protects everyone's account.",
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
/** One call every ten seconds: a test can wait for the next, and the page's own call comes before it. */
const PER_MINUTE = 6;

const LONGEST = 60 / PER_MINUTE;

const WAIT = '(1 second|([2-9]|10) seconds)';

/** Calls until no more calls are allowed. */
async function useUp(app: App, endpoint: string): Promise<void> {
  let status = 0;
  while (status !== row.status) {
    ({ status } = await fetch(`${app.origin}/api/${endpoint}`, {
      method: 'POST', headers: { Origin: app.origin, 'Content-Type': 'application/json' }, body: '{}',
    }));
    expect([400, row.status]).toContain(status);
  }
}

/** Uses up what is allowed when the page asks for the first time, so that no time passes in between. */
async function useUpFirst(page: Page, app: App, endpoint: string): Promise<void> {
  await page.route(`**/api/${endpoint}`, async (route) => {
    await useUp(app, endpoint);
    await route.continue();
  }, { times: 1 });
}

/** Presses until the app takes it; the page that follows may take its time. */
async function pressUntilAllowed(page: Page, endpoint: string): Promise<void> {
  await expect(async () => {
    const [answer] = await Promise.all([
      page.waitForResponse(`**/api/${endpoint}`),
      page.getByRole('button', { name: 'Try again' }).click(),
    ]);
    expect(answer.status()).toBe(200);
  }).toPass();
}

test('at the start it is told beside the button with the seconds to wait, and then the button works', async ({
  page, provider, guard, startApp,
}) => {
  guard.allow(pageStatus(row));
  const app = await startApp({ env: { WRENGATE_RATE_BEGIN: String(PER_MINUTE) } });
  await useUpFirst(page, app, 'begin_sign_in');
  await page.goto(`${app.origin}/`);
  await ready(page);
  const answer = page.waitForResponse('**/api/begin_sign_in');
  await continueButton(page).click();
  expect(Number((await answer).headers()['retry-after'])).toBeLessThanOrEqual(LONGEST);
  const alert = await alertOf(page).innerText();
  const wait = /^Too many attempts\. Wait (.+), then try again\. The limit protects everyone's account\.$/.exec(alert);
  expect(wait?.[1]).toMatch(new RegExp(`^${WAIT}$`));
  await expect(page).toHaveURL(`${app.origin}/`);
  expect(await provider.counts()).toMatchObject({ authorize: 0 });

  await pressUntilAllowed(page, 'begin_sign_in');
  await expect(page.getByLabel('Your name')).toBeVisible();
});

test('at the end the sign-in waits, and is finished by a press that comes late enough', async ({
  page, provider, guard, startApp, canaries,
}) => {
  guard.allow(pageStatus(row));
  const app = await startApp({ env: { WRENGATE_RATE_COMPLETE: String(PER_MINUTE) } });
  await useUpFirst(page, app, 'complete_sign_in');
  await begin(page, app);
  await agree(page);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
  await expect(alertOf(page)).toContainText(new RegExp(`^Wait ${WAIT}, then try again\\.`));
  expect(await provider.counts()).toMatchObject({ token: 0 });
  await canaries.check(page, app);

  await pressUntilAllowed(page, 'complete_sign_in');
  await page.waitForURL(`${app.origin}/account`);
  await expectSignedIn(page);
  expect(await provider.counts()).toMatchObject({ token: 1 });
});
