import { expect, test } from '../../fixtures/index.js';
import {
  expectNobody, failsLocallyBy, pageStatus, standsAlone, wayOn, type Row,
} from '../../pages/failure.js';
import { begin, completionsOf, ready } from '../../pages/index.js';

const row: Row = {
  code: 'no-state',
  status: 400,
  h1: "This sign-in didn't start here",
  body: "The link you followed isn't from a sign-in you began in this browser. For your safety we ignored it.",
  ways: ['Start sign-in', 'Back to start'],
};

standsAlone(row);
failsLocallyBy(row, ['missing-state']);

test('a forged link shows nothing of what it says, and sends nothing', async ({
  page, app, provider, guard,
}) => {
  guard.allow(pageStatus(row));
  const sent = completionsOf(page);
  const forged = new URLSearchParams({
    error: 'access_denied',
    error_description: 'Call 0123 456789 to unlock your account',
    error_uri: 'https://phishing.example/',
  });
  await page.goto(`/callback?${forged}`);
  await page.waitForURL(`**/problem/${row.code}`);
  await ready(page);
  await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
  expect(await page.content()).not.toMatch(/0123|phishing|access_denied/);
  expect(sent).toHaveLength(0);
  expect(await provider.counts()).toMatchObject({ authorize: 0, token: 0 });
  await expectNobody(page);
  await wayOn(page, 'Start sign-in').click();
  await expect(page.getByLabel('Your name')).toBeVisible();
  expect(new URL(page.url()).origin).not.toBe(app.origin);
});

test('a forged link does not end a sign-in that is under way', async ({
  page, app, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await begin(page, app);
  await expect(page.getByLabel('Your name')).toBeVisible();
  const beforeTheLink = page.url();
  await page.goto(`${app.origin}/callback?error=access_denied`);
  await page.waitForURL(`**/problem/${row.code}`);
  await ready(page);
  await page.goto(beforeTheLink);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(`${app.origin}/account`);
  await canaries.check(page, app);
});
