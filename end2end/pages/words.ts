/** That all words on a page are taken from the words of its language. */
import { expect, type Page } from '@playwright/test';

/** Whose text is a value and no word: it is the same in every language. */
const VALUES = 'code, pre, bdi, q, time, svg, script, noscript';

/** What says of itself that it is in another language than the page. */
const OTHERWISE = '[lang]:not(html)';

/** Names and units, which stand in sentences as they are. */
const NAMES = [
  /wrengate( \d+\.\d+\.\d+)?/gi, /the development provider/gi, /\b[\d.]+ m?s\b/g, /\bUTC\b/g,
  // Initials in place of a picture.
  /^[A-Z][A-Z\d]?$/g,
  /\b(RFC|NIST SP) [\w-]+(, [\d.]+)?/g,
];

/**
 * In one of the pseudo-languages every letter is replaced, so what stands in plain ones was not in the
 * words. `known` are values of this page that no element sets apart.
 */
export async function saysNothingElse(page: Page, known: RegExp[] = []): Promise<void> {
  const texts = await page.evaluate((values) => {
    const isShown = (element: Element | null): boolean => element !== null && element.closest(values) === null
      && (element.checkVisibility({ visibilityProperty: true }) || element.matches('option, title'));
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (isShown(parentElement)) found.push(textContent ?? '');
    }
    for (const name of ['aria-label', 'alt', 'title', 'placeholder', 'aria-description']) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) {
        if (isShown(element)) found.push(element.getAttribute(name) ?? '');
      }
    }
    return found;
  }, `${VALUES}, ${OTHERWISE}`);
  const foreign = texts.filter((text) => {
    const words = [...NAMES, ...known].reduce((rest, name) => rest.replace(name, ''), text);
    return /[a-z]/i.test(words);
  });
  expect(foreign.map((text) => text.trim()), 'in no language').toEqual([]);
}
