/** Room for words that are set wider apart, and for fingers that are not exact. */
import { test } from '../../fixtures/index.js';
import { SAMPLES } from '../../pages/places.js';
import { hasLargeTargets, hasRoomForText } from '../../pages/room.js';

for (const place of SAMPLES) {
  test(`${place.route} › ${place.state} has room for text and fingers`, async ({
    page, app, provider, guard, anotherBrowser,
  }) => {
    const stage = { page, app, provider, guard, anotherBrowser };
    guard.allow(...place.fails ?? []);
    await place.before?.(stage);
    await place.open(stage);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 720 });
      await test.step(`targets at ${width} px`, () => hasLargeTargets(page));
    }
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 720 });
      await test.step(`text at ${width} px`, () => hasRoomForText(page));
    }
  });
}
