/** The help page: what to do, and every failure by who can fix it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../fixtures/child.js';
import { expect } from '../../fixtures/index.js';
import { accessible, ready, signIn } from '../../pages/index.js';
import { test } from './scriptless.js';

const ROW = /^ {4}\w+ "([a-z-]+)" (?:\d{3}|browser) /gm;

test('a failure leads to what the help page says about it, and Back leads to the failure', async ({ page, app, guard }) => {
  guard.allow(400);
  await page.goto('/problem/too-long');
  await ready(page);
  await page.getByText('Details for developers').click();
  await page.getByRole('main').getByRole('link', { name: 'too-long' }).click();

  await page.waitForURL(`${app.origin}/help#too-long`);
  await ready(page);
  await expect(page).toHaveTitle('Help with signing in — Wrengate');
  const entry = page.locator('#too-long');
  await expect(entry.getByRole('heading', { level: 3 })).toHaveText('That took a little too long');
  await expect(entry).toContainText('For your safety a sign-in has to finish within 10 minutes.');
  await expect(entry).toBeInViewport();
  await expect(entry).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');

  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('That took a little too long');
});

test('every failure of the protocol has one entry', async ({ page }) => {
  const source = readFileSync(join(ROOT, 'app/protocol/src/failure.rs'), 'utf8');
  const codes = [...source.matchAll(ROW)].map(([, code]) => code ?? '');
  await page.goto('/help');
  const ids = await page.locator('.help-list > li').evaluateAll((entries) => entries.map(({ id }) => id));
  expect(ids.sort()).toEqual(codes.sort());
  await expect(page.getByRole('heading', { level: 3 })).toHaveCount(codes.length);
});

test('Help is the first link at the foot of every page', async ({ page, app, guard }) => {
  guard.allow(400);
  guard.allow(401);
  guard.allow(404);
  const first = page.getByRole('contentinfo').getByRole('link').first();
  // Before signing in: afterwards these lead on.
  for (const path of ['/callback', '/signed-out']) {
    await page.goto(path);
    await ready(page);
    await expect(first).toHaveText('Help');
  }

  await signIn(page, app);
  for (const path of ['/account', '/sessions', '/inspector', '/problem/too-long', '/nowhere']) {
    await page.goto(path);
    await expect(first).toHaveText('Help');
  }
  await page.getByRole('contentinfo').getByRole('link', { name: 'Help' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Help with signing in');
  await expect(first).toHaveText('Help');
});

test('where help has an address, the page leads there', async ({ page, startApp }) => {
  const app = await startApp({ env: {
    WRENGATE_SUPPORT_EMAIL: 'help@example.org',
    WRENGATE_SUPPORT_URL: 'https://help.example.org/wrengate',
    WRENGATE_SOURCE_URL: 'https://code.example.org/wrengate',
    WRENGATE_PRIVACY_URL: 'https://example.org/privacy',
  } });
  await page.goto(`${app.origin}/help`);
  const ask = page.getByRole('region', { name: 'Ask for help' });
  await expect(ask.getByRole('link', { name: 'help@example.org' })).toHaveAttribute('href', 'mailto:help@example.org');
  await expect(ask.getByRole('link', { name: 'Help for Wrengate' })).toHaveAttribute('href', 'https://help.example.org/wrengate');
  const foot = page.getByRole('contentinfo');
  await expect(foot.getByRole('link', { name: 'Source' })).toHaveAttribute('href', 'https://code.example.org/wrengate');
  await expect(foot.getByRole('link', { name: 'Privacy' })).toHaveAttribute('href', 'https://example.org/privacy');
});

test('with scripts off the page is whole and its links lead within it', async ({ plain, app }) => {
  await plain.goto('/help');
  await expect(plain.getByRole('heading', { level: 3 }).first()).toBeVisible();
  await plain.getByRole('link', { name: 'What the development provider can fix' }).click();
  await plain.waitForURL(`${app.origin}/help#By-provider`);
  await expect(plain.locator('#By-provider')).toBeInViewport();
});

test('the page is accessible in both schemes, narrow and wide', async ({ page }) => {
  await page.goto('/help');
  await ready(page);
  await accessible(page);
});
