import { expect, test } from '../../fixtures/index.js';
import { expectSignedIn, logged, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { signIn } from '../../pages/index.js';

const row: Row = {
  code: 'not-from-here',
  status: 403,
  h1: "We couldn't tell where that came from",
  body: "The request didn't come from a page of Wrengate, so nothing was changed. Open the page again and repeat it there.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
for (const path of ['/sign-out', '/profile/refresh']) {
  test(`a form that another site posts to ${path} changes nothing, and says so on a page`, async ({
    page, app, provider, canaries, guard, startSite,
  }) => {
    guard.allow(pageStatus(row));
    await signIn(page, app);
    await provider.clear();
    const before = logged(app, row).length;
    const site = await startSite(`<!doctype html><title>Win a prize</title><link rel="icon" href="data:,">
      <form method="post" action="${app.origin}${path}"><button>Claim it</button></form>`);
    await page.goto(site);
    const answer = page.waitForResponse(app.origin + path);
    await page.getByRole('button', { name: 'Claim it' }).click();
    expect((await answer).status()).toBe(row.status);
    expect((await answer).headers()['set-cookie']).toBeUndefined();
    await expect(page.getByRole('heading', { level: 1, name: row.h1 })).toBeVisible();
    const reference = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await page.getByText(/^Reference/).innerText())?.[0] ?? '';
    const lines = logged(app, row).slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`reference="${reference}"`);
    expect(await provider.counts()).toMatchObject({ userinfo: 0, revocation: 0 });
    await canaries.check(page, app);

    await page.getByRole('link', { name: 'Back to start' }).click();
    await page.waitForURL(`${app.origin}/account`);
    await expectSignedIn(page);
  });
}
