import { expect, test } from '../../fixtures/index.js';
import { endsIn, failsBy, goesOn, pageStatus, standsAlone, wayOn, type Row } from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'request-unreadable',
  status: 502,
  h1: "Wrengate sent the development provider a request it couldn't read",
  body: "This is a fault in Wrengate, not something you did. Trying again probably won't help.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, ['invalid_request']);

test('the reference can be copied, for whoever is asked for help', async ({
  page, app, provider, canaries, guard, context,
}) => {
  guard.allow(pageStatus(row));
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
  await provider.arm('invalid_request');
  await begin(page, app);
  await agree(page);
  const reference = await endsIn(row, { page, app, canaries });
  await wayOn(page, 'Copy reference').click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied reference.' })).toBeVisible();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(reference);
});

test('where the browser does not copy, the reference is said instead', async ({ page, app, provider, canaries, guard }) => {
  guard.allow(pageStatus(row));
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
  });
  await provider.arm('invalid_request');
  await begin(page, app);
  await agree(page);
  const reference = await endsIn(row, { page, app, canaries });
  await wayOn(page, 'Copy reference').click();
  await expect(page.getByRole('status').filter({ hasText: `Couldn't copy it. The reference is ${reference}.` })).toBeVisible();
  await expect(page.getByText('Copied reference.')).toHaveCount(0);
});

test('where help has an address, the report goes there with the reference', async ({
  page, provider, canaries, guard, startApp,
}) => {
  guard.allow(pageStatus(row));
  const app = await startApp({ env: { WRENGATE_SUPPORT_EMAIL: 'help@example.org' } });
  await provider.arm('invalid_request');
  await begin(page, app);
  await agree(page);
  const reference = await endsIn(
    { ...row, ways: ['Report this', ...row.ways] }, { page, app, canaries },
  );
  await expect(wayOn(page, 'Report this'))
    .toHaveAttribute('href', `mailto:help@example.org?subject=Reference%20${reference}`);
  await expect(page.getByRole('contentinfo').getByRole('link', { name: 'Help' })).toHaveAttribute('href', '/help');
  await goesOn(page, app, row);
});
