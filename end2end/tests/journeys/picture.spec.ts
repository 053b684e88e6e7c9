/** Picture and names as the provider sends them: drawn as text, in place, and never run. */
import { expect, test } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';

const AVATAR = '**/avatar/*.svg';
const RIGHT_TO_LEFT = 'محمد عبد الرحمن';

test('R29: a picture that is missing leaves the initials in its place', async ({ page, app, guard }) => {
  guard.allow(404);
  await page.route(AVATAR, (route) => route.fulfill({ status: 404 }));
  const missing = page.waitForResponse((response) => (
    response.url().includes('/avatar/ada-') && response.status() === 404
  ));
  await signIn(page, app);
  await missing;
  const initials = page.getByRole('main').getByText('AL', { exact: true });
  await expect(initials).toBeVisible();
  const places = () => Promise.all(
    [initials, page.getByRole('heading', { level: 1 }), page.getByRole('region', { name: 'Profile' })]
      .map((place) => place.boundingBox()),
  );
  const without = await places();

  await page.unroute(AVATAR);
  await page.reload();
  await ready(page);
  await expect(page.getByRole('main').locator('img')).not.toHaveJSProperty('naturalWidth', 0);
  expect(await places()).toEqual(without);
});

test('R30: a hostile profile is text and nothing else', async ({ page, app, provider }) => {
  await provider.arm('userinfo-hostile');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('dialog', (dialog) => {
    asked.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await signIn(page, app);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toContainText(`<img src=x onerror=alert(1)> "quoted" 'quoted' {{7*7}} 👩‍💻`);
  await expect(page.getByRole('definition').nth(1)).toHaveText('<b>Ada</b>');
  await expect(page.getByRole('definition').nth(3)).toHaveText('"><script>alert(1)</script>');
  const name = await heading.innerText();
  expect([...name].length).toBeLessThanOrEqual(200);
  expect(name).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  await expect(page.getByText('Not verified', { exact: true })).toBeVisible();
  await expect(page.getByRole('main').locator('img, script, b')).toHaveCount(0);
  expect(asked.filter((address) => /^(javascript|data|dialog)|\/x$/.test(address))).toEqual([]);
  expect(await page.content()).not.toContain('unsafe-metadata-must-not-be-seen');
});

test('R30: a long name does not make a small page scroll sideways', async ({ page, app, provider }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await provider.arm('userinfo-long-name');
  await signIn(page, app);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Wilhelmina-Alexandrina');
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(client);
});

test('R30: a name from right to left leaves what stands around it in order', async ({ page, app }) => {
  await signIn(page, app, { name: RIGHT_TO_LEFT });
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(RIGHT_TO_LEFT);
  const isolated = await page.evaluate((name) => {
    const texts = [...document.querySelectorAll('main bdi')].filter((element) => element.textContent === name);
    return texts.map((element) => ({
      direction: getComputedStyle(element).direction, isolation: getComputedStyle(element).unicodeBidi,
    }));
  }, RIGHT_TO_LEFT);
  expect(isolated.length).toBeGreaterThanOrEqual(2);
  for (const text of isolated) expect(text).toEqual({ direction: 'rtl', isolation: 'isolate' });
  await expect(page.locator('main')).toHaveCSS('direction', 'ltr');
});

test('a provider that shares nothing leaves a page that says so', async ({ page, app, provider }) => {
  await provider.arm('userinfo-minimal');
  await signIn(page, app);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
  await expect(page.getByRole('main')).toContainText(
    'The development provider shared only an account identifier.',
  );
  await expect(page.getByRole('definition')).toHaveText(Array.from({ length: 5 }, () => 'Not provided'));
});
