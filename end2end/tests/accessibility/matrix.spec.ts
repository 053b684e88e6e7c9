/**
 * Every page and every error, light and dark, left to right and right to left, narrow and wide, and in
 * forced colours. What is narrow has words that are 40 % longer; what runs from right to left is in a
 * language that does. Both show what was never taken from the words.
 */
import { expect, test } from '../../fixtures/index.js';
import { LONG, RIGHT_TO_LEFT } from '../../fixtures/languages.js';
import { accessible, NARROW, WIDE } from '../../pages/accessibility.js';
import { routes } from '../../pages/catalogue.js';
import { PLACES } from '../../pages/places.js';
import { saysNothingElse } from '../../pages/words.js';

const LANGUAGES = [
  { tag: 'en', dir: 'ltr', widths: [WIDE] },
  { tag: LONG, dir: 'ltr', widths: [NARROW] },
  { tag: RIGHT_TO_LEFT, dir: 'rtl', widths: [NARROW, WIDE] },
] as const;

for (const place of PLACES) {
  for (const { tag, dir, widths } of LANGUAGES) {
    test(`${place.route} › ${place.state} can be read by everybody in ${tag}`, async ({
      page, context, app, provider, guard, anotherBrowser,
    }) => {
      const stage = { page, app, provider, guard, anotherBrowser };
      guard.allow(...place.fails ?? []);
      await place.before?.(stage);
      await context.addCookies([{ name: 'lang', value: tag, url: app.origin }]);
      await place.open(stage);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      const html = page.locator('html');
      await expect(html).toHaveAttribute('lang', tag);
      await expect(html).toHaveAttribute('dir', dir);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      if (tag === 'en') await expect(page).toHaveTitle(place.title);
      else await test.step(`words of ${tag}`, () => saysNothingElse(page, place.values));
      await accessible(page, widths);
    });
  }
}

test('no page is left out', () => {
  const seen = new Set(PLACES.map(({ route }) => route));
  expect(routes().filter((route) => !seen.has(route))).toEqual([]);
});
