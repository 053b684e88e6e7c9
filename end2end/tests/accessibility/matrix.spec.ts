/**
 * Every page and every error, light and dark, left to right and right to left, narrow and wide, and in
 * forced colours.
 */
import { expect, test } from '../../fixtures/index.js';
import { accessible } from '../../pages/index.js';
import { routes } from '../../pages/catalogue.js';
import { PLACES } from '../../pages/places.js';

const DIRECTIONS = ['ltr', 'rtl'] as const;

for (const place of PLACES) {
  test(`${place.route} › ${place.state} can be read by everybody`, async ({
    page, app, provider, guard, anotherBrowser,
  }) => {
    const stage = { page, app, provider, guard, anotherBrowser };
    guard.allow(...place.fails ?? []);
    await place.before?.(stage);
    for (const direction of DIRECTIONS) {
      await place.open(stage);
      await page.evaluate((dir) => {
        document.documentElement.dir = dir;
        for (const details of document.querySelectorAll('details')) details.open = true;
      }, direction);
      await expect(page.locator('html')).toHaveAttribute('lang', /\S/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(place.title);
      await test.step(direction, () => accessible(page));
    }
  });
}

test('no page is left out', () => {
  const seen = new Set(PLACES.map(({ route }) => route));
  expect(routes().filter((route) => !seen.has(route))).toEqual([]);
});
