/** Room for words and fingers. */
import { expect, type Page } from '@playwright/test';

/** The distances of WCAG 1.4.12. */
const SPACING = `* {
  line-height: 1.5 !important;
  letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }`;

/** With these distances nothing is cut off, covered, or pushed over the edge. */
export async function hasRoomForText(page: Page): Promise<void> {
  await page.evaluate((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }, SPACING);
  const cut = await page.evaluate(() => {
    const isForEyes = (element: Element): boolean => element.closest('.spoken, .skip:not(:focus), svg') === null
      && element.checkVisibility({ visibilityProperty: true });
    const texts = [...document.body.querySelectorAll('*')].filter((element) => isForEyes(element)
      && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\S/.test(node.textContent ?? '')));
    const found: string[] = [];
    for (const text of texts) {
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const { left, right, top, bottom } of range.getClientRects()) {
        // Whatever clips what is inside, up to the first that may be scrolled.
        for (let box: Element | null = text; box !== null && box !== document.body; box = box.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(box);
          if ([overflowX, overflowY].some((it) => it === 'auto' || it === 'scroll')) break;
          if (overflowX === 'visible' && overflowY === 'visible') continue;
          const area = box.getBoundingClientRect();
          if (left < area.left - 1 || right > area.right + 1 || top < area.top - 1 || bottom > area.bottom + 1) {
            found.push(text.outerHTML.slice(0, 120));
          }
        }
      }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, `${scrollWidth} px of ${clientWidth} px`] : found;
  });
  expect(cut, 'cut off').toEqual([]);
}

/** How high and wide something to press has to be, in CSS pixels (WCAG 2.5.8), and a button of ours. */
const SMALLEST = 24;
const BUTTON = 44;

/** Everything to press is large enough, but for links in a sentence. */
export async function hasLargeTargets(page: Page): Promise<void> {
  const small = await page.evaluate(([smallest, button]) => {
    const targets = document.body.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, summary');
    const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })
      && !element.matches('.skip:not(:focus)');
    // A link in a line of text is as high as the line.
    const isInText = (element: HTMLElement): boolean => element.tagName === 'A'
      && getComputedStyle(element).display === 'inline'
      && [...element.parentElement?.childNodes ?? []].some((node) => node !== element && /\S/.test(node.textContent ?? ''));
    // What stands in a label is pressed by pressing the label.
    const areaOf = (element: HTMLElement): DOMRect => (element.closest('label') ?? element).getBoundingClientRect();
    return [...targets].filter((element) => {
      if (!isShown(element) || isInText(element)) return false;
      const { width, height } = areaOf(element);
      const least = element.matches('.button') ? button : smallest;
      // Half a pixel is how widths are rounded.
      return height < least - 0.5 || width < smallest - 0.5;
    }).map((element) => {
      const { width, height } = areaOf(element);
      return `${Math.round(width)}×${Math.round(height)} ${element.outerHTML.slice(0, 120)}`;
    });
  }, [SMALLEST, BUTTON] as const);
  expect(small, 'too small to press').toEqual([]);
}
