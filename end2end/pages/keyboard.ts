/** The keyboard: going from stop to stop, and seeing where one is. */
import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any page has. */
const ENOUGH = 120;

/** Presses Tab until this has the focus; each stop on the way can be seen. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < ENOUGH; presses += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
    await expectSeen(page);
  }
  await expect(target).toBeFocused();
}

async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate((element) => element === document.activeElement);
}

/** The element with the focus has an outline, and nothing covers it. */
export async function expectSeen(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const style = getComputedStyle(element);
    const area = element.getBoundingClientRect();
    // Long things, such as a block of text, are seen by their beginning.
    const y = Math.max(area.top, 0) + Math.min(area.height, innerHeight - Math.max(area.top, 0)) / 2;
    const top = document.elementFromPoint(area.left + area.width / 2, y);
    return {
      what: element.outerHTML.slice(0, 120),
      isOutlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
      // A label in front of its own field hides nothing of anybody else.
      isUncovered: top !== null && (element.contains(top) || top.contains(element)),
      isInside: area.bottom > 0 && area.top < innerHeight && area.width > 0,
    };
  });
  expect(seen).toEqual({ what: seen.what, isOutlined: true, isUncovered: true, isInside: true });
}

/** What Tab stops at, in the order of the document; they are marked with their number. */
export async function stopsOf(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const reachable = [...document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex]',
    )].filter((element) => element.tabIndex >= 0
      && !element.matches(':disabled, [type=hidden]')
      && element.closest('[hidden], [inert]') === null
      && element.checkVisibility({ visibilityProperty: true }));
    // Of radio buttons with one name, the chosen one alone is a stop.
    const isChosen = (element: HTMLElement): boolean => !(element instanceof HTMLInputElement)
      || element.type !== 'radio' || element.checked
      || document.querySelector(`input[name="${element.name}"]:checked`) === null;
    const stops = reachable.filter(isChosen);
    stops.forEach((element, index) => { element.dataset['stop'] = String(index); });
    return stops.length;
  });
}

/** The number of the stop that has the focus. */
export async function currentStop(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement ? Number(activeElement.dataset['stop'] ?? -1) : -1;
  });
}

/** Gives the focus to a stop, as if the keyboard had come to it. */
export async function startAt(page: Page, stop: number): Promise<void> {
  await page.locator(`[data-stop="${stop}"]`).focus();
}
