import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

/** All that WCAG 2.2 asks for at level AA and a machine can find, and what axe recommends besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SCHEMES = ['light', 'dark'] as const;
/** The least that is supported, and a window on a desk, in CSS pixels. */
export const NARROW = 320;
export const WIDE = 1280;

/** No violation in either scheme, narrow or wide, nor in forced colours, and nothing to scroll sideways for. */
export async function accessible(page: Page, widths: readonly number[] = [NARROW, WIDE]): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 720 });
    expect(await scrollsSideways(page), `scrolls sideways at ${width} px`).toEqual([]);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await hasNoViolation(page, `${colorScheme}, ${width} px`);
    }
  }
  await page.emulateMedia({ forcedColors: 'active' });
  // axe takes the colours of text from a property that Chromium does not force.
  await hasNoViolation(page, 'forced colours', ['color-contrast']);
  await takesForcedColours(page);
  await page.emulateMedia({ colorScheme: null, forcedColors: null, reducedMotion: null });
}

/** No violation as the page is shown now, but of the rules in `without`. */
async function hasNoViolation(page: Page, shown: string, without: string[] = []): Promise<void> {
  // Once for each document; bringing it costs more than running it.
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe.source);
  const found = await page.evaluate(async ([rules, off]) => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const { violations } = await checker.run(document, {
      runOnly: rules,
      rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
      resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, [RULES, without] as const);
  expect(found, shown).toEqual([]);
}

/** Forced colours are the person's own; what the page draws has to be in them. */
async function takesForcedColours(page: Page): Promise<void> {
  const drawings = page.locator('svg');
  const own = await drawings.evaluateAll((all) => all.filter((drawing) => {
    const words = getComputedStyle(drawing.parentElement ?? document.body);
    return getComputedStyle(drawing).color !== words.color;
  }).map(({ outerHTML }) => outerHTML));
  expect(own, 'drawings in a colour of their own').toEqual([]);
}

/** What reaches over the edge; nothing, unless the page has to be scrolled sideways. */
async function scrollsSideways(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const over = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > clientWidth || left < 0;
    });
    return [`${scrollWidth} px of ${clientWidth} px`, ...over.map((element) => element.outerHTML.slice(0, 120))];
  });
}
