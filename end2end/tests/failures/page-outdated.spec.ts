/** The app was deployed anew while its page was open: row R26 of the robustness table. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { standsAlone, type Row } from '../../pages/failure.js';
import {
  agree, begin, continueButton, ready, signIn,
} from '../../pages/index.js';
import { nameField } from '../../pages/session-end.js';
import { nobodyWasAsked, staysAtStart } from '../../pages/start-alert.js';
import { atAccountOf } from '../journeys/session.js';

const row: Row = {
  code: 'page-outdated',
  status: 409,
  h1: 'This page is out of date',
  body: 'Wrengate was updated while this page was open. Reload to get the new version; what you typed is kept.',
  ways: ['Reload'],
};

standsAlone(row);

/** The next call to this endpoint is made as only a page of another version makes it. */
async function speaksAnOlderVersion(page: Page, endpoint: string): Promise<void> {
  await page.route(`**/api/${endpoint}`, async (route) => {
    const message = route.request().postDataJSON() as Record<string, unknown>;
    await route.continue({ postData: JSON.stringify({ ...message, from_before: true }) });
  }, { times: 1 });
}

test('R26: an update is told beside the button, and after a reload what was typed is there', async ({
  page, app, guard,
}) => {
  guard.allow(400);
  await signIn(page, app, { name: 'Ada Lovelace R26' });
  await nameField(page).fill('Countess');
  await speaksAnOlderVersion(page, 'save_preferences');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').filter({ hasText: row.body })).toBeVisible();
  const loaded = page.waitForEvent('load');
  await page.getByRole('main').getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await ready(page);
  await expect(page.getByRole('status').filter({ hasText: 'We kept what you typed.' })).toBeVisible();
  await expect(nameField(page)).toHaveValue('Countess');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Countess');
});

test('R26: an update before the start is told beside the button', async ({ page, app, provider, guard }) => {
  guard.allow(400);
  await speaksAnOlderVersion(page, 'begin_sign_in');
  await staysAtStart(page, app, `${row.h1}. ${row.body}`);
  await nobodyWasAsked(provider);
  await page.reload();
  await ready(page);
  await continueButton(page).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
});

test('R26: an update on the way back loses nothing; the page loaded anew signs in', async ({
  page, app, provider, guard,
}) => {
  guard.allow(400);
  await begin(page, app);
  await speaksAnOlderVersion(page, 'complete_sign_in');
  await agree(page);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(row.h1);
  expect((await provider.counts()).token).toBe(0);
  await page.reload();
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});
