import { signIn, ready } from '../../pages/index.js';
import { test } from './scriptless.js';

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  'curl/8', 'Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
];
test('shots', async ({ page, app, anotherBrowser }) => {
  test.slow();
  const name = 'Shot Person';
  await signIn(page, app, { name });
  const shoot = async (label: string) => {
    for (const width of [320, 1280]) for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 720 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `/tmp/pages-shots/${label}-${width}-${colorScheme}.png`, fullPage: true });
    }
  };
  await page.goto('/sessions'); await ready(page);
  await shoot('one');
  for (const userAgent of AGENTS) await signIn(await (await anotherBrowser({ userAgent })).newPage(), app, { name });
  await page.goto('/sessions'); await ready(page);
  await shoot('many');
  for (const summary of await page.locator('main summary').all()) await summary.click();
  await shoot('open');
  await page.locator('main li button').first().click();
  await page.getByText(/^Signed out/).waitFor(); await ready(page);
  await shoot('done');
  await page.goto('/account'); await ready(page);
  await shoot('account');
});
