/** On paper, in forced colours, without motion and with more space between letters. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import {
  agree, begin, menuButton, openInspector, ready, signIn,
} from '../../pages/index.js';

/** How wide a page of A4 with its margins is, in CSS pixels. */
const PAPER = { width: 673, height: 1000 };
const BLACK = 'rgb(0, 0, 0)';
const WHITE = 'rgb(255, 255, 255)';

async function style(page: Page, selector: string, property: string, pseudo?: string): Promise<string> {
  return page.locator(selector).first().evaluate(
    (element, [name, part]) => getComputedStyle(element, part).getPropertyValue(name ?? ''),
    [property, pseudo] as const,
  );
}

/** Every table and line of text ends within the page. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const right = document.documentElement.clientWidth + 1;
    const elements = [...document.querySelectorAll('main :is(table, td, th, p, dd, pre, li, h1, h2, h3)')];
    return elements
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > right)
      .map((element) => element.outerHTML.slice(0, 80));
  });
}

async function onPaper(page: Page): Promise<void> {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
}

test('the account prints black on white, without what can only be pressed', async ({ page, context, app }) => {
  await context.addCookies([{ name: 'theme', value: 'dark', url: app.origin }]);
  await signIn(page, app);
  expect(await style(page, 'html', 'background-color')).not.toBe(WHITE);
  await onPaper(page);
  expect(await style(page, 'html', 'background-color')).toBe(WHITE);
  expect(await style(page, 'h1', 'color')).toBe(BLACK);
  expect(await style(page, '.facts dt', 'color')).toBe('rgb(51, 51, 51)');
  for (const gone of ['.header-nav', '.menu', '.footer', '.session-bar']) {
    await expect(page.locator(gone), gone).toBeHidden();
  }
  expect(await page.getByRole('button').count()).toBe(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace');
  await expect(page.getByRole('definition')).toHaveText(['Ada Lovelace', 'Ada', 'Lovelace', 'ada', 'ada@example.org']);
  await expect(page.getByRole('heading', { name: 'Preferences' })).toBeHidden();
  expect(await style(page, 'main a', 'text-decoration-line')).toBe('underline');
  expect(await style(page, 'main a', 'color')).toBe(BLACK);
  expect(await cutOff(page)).toEqual([]);
});

test('the report prints with every step open, and no table is cut', async ({ page, app }) => {
  await signIn(page, app);
  await openInspector(page, app);
  const hidden = page.locator('.sequence details:not([open]) .sequence-detail').first();
  expect(await hidden.evaluate((element) => element.checkVisibility())).toBe(false);
  await onPaper(page);
  const steps = page.locator('.sequence .sequence-detail');
  expect(await steps.count()).toBeGreaterThan(6);
  for (const step of await steps.all()) {
    expect(await step.evaluate((element) => element.checkVisibility())).toBe(true);
    expect((await step.boundingBox())?.height).toBeGreaterThan(10);
  }
  for (const gone of ['.header-nav', '.menu', '.footer', '.inspector-tools', '.inspector-faults']) {
    await expect(page.locator(gone).first(), gone).toBeHidden();
  }
  expect(await style(page, '.sequence-name', 'color')).toBe(BLACK);
  expect(await cutOff(page)).toEqual([]);
});

test('details of a failure print open', async ({ page, guard }) => {
  guard.allow(504);
  await page.goto('/problem/provider-timeout');
  await ready(page);
  const facts = page.locator('.details .facts');
  expect(await facts.evaluate((element) => element.checkVisibility())).toBe(false);
  await onPaper(page);
  expect(await facts.evaluate((element) => element.checkVisibility())).toBe(true);
});

test('in forced colours the thread breaks where it broke, and borders and focus stay', async ({ page, guard }) => {
  guard.allow(504);
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await page.goto('/problem/provider-timeout');
  await ready(page);
  const ink = await style(page, 'body', 'color');
  expect(await style(page, '.thread-first', 'background-color')).toBe(ink);
  expect(await style(page, '.thread-second', 'border-block-start-style')).toBe('dashed');
  expect(await style(page, '.thread-second', 'border-block-start-color')).toBe(ink);
  expect(await style(page, '.thread-second', 'background-color')).not.toBe(ink);
  expect(await style(page, '.thread-node', 'border-block-start-color', '::before')).toBe(ink);
  const link = await style(page, '.wordmark', 'color');
  expect(link).not.toBe(ink);
  expect(await style(page, '.wordmark path', 'stroke'), 'a drawing is of the colour of its words').toBe(link);
  expect(await style(page, '.button', 'border-block-start-style')).toBe('solid');
  expect(await style(page, '.button', 'border-block-start-width')).toBe('1px');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await style(page, ':focus-visible', 'outline-style')).toBe('solid');
  expect(await style(page, ':focus-visible', 'outline-width')).toBe('2px');
});

test('in forced colours a status is still a sign and a word', async ({ page, app }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signIn(page, app);
  const badge = page.locator('.badge', { hasText: 'Granted' }).first();
  await expect(badge.locator('svg')).toBeVisible();
  const [sign, word] = await badge.evaluate((element) => {
    const path = element.querySelector('path');
    return [path && getComputedStyle(path).stroke, getComputedStyle(element).color];
  });
  expect(sign).toBe(word);
  expect(await style(page, '.badge', 'border-block-start-style')).toBe('solid');
  await menuButton(page).click();
  expect(await style(page, '#account-menu', 'border-block-start-style')).toBe('solid');
  await page.goto('/sessions');
  expect(await style(page, '.session-list svg', 'color')).toBe(await style(page, 'body', 'color'));
});

test('with reduced motion nothing moves', async ({ page, app }) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/api/complete_sign_in', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/');
  expect(await style(page, '.button', 'transition-duration')).not.toBe('0s');
  await begin(page, app);
  await agree(page);
  await page.waitForURL(`${app.origin}/callback`);
  const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length);
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
  expect(await style(page, '.thread-line', 'animation-name', '::after')).toBe('none');
  release();
  await page.waitForURL(`${app.origin}/account`);
  expect(await style(page, '.button', 'transition-property')).toBe('none');
});

for (const width of [320, 1280]) {
  test(`more space between letters, words and lines cuts nothing off at ${width} px`, async ({ page, app, guard }) => {
    guard.allow(400);
    await signIn(page, app);
    await page.setViewportSize({ width, height: 720 });
    for (const path of ['/account', '/sessions', '/help', '/display', '/inspector', '/problem/too-long']) {
      await page.goto(path);
      await ready(page);
      // WCAG 2.2, success criterion 1.4.12.
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
          p { margin-block-end: 2em !important }`);
        document.adoptedStyleSheets = [sheet];
      });
      const cut = await page.evaluate(() => [...document.querySelectorAll('body *:not(.avatar, .avatar *, pre, .skip, svg, svg *)')]
        .filter((element) => {
          const { overflowX, overflowY, clipPath } = getComputedStyle(element);
          const clips = [overflowX, overflowY].some((it) => it !== 'visible') && clipPath === 'none';
          return clips && element.checkVisibility()
            && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
        })
        .map((element) => element.outerHTML.slice(0, 80)));
      expect(cut, `${path} at ${width} px`).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sideways, `${path} at ${width} px`).toBeLessThanOrEqual(0);
    }
  });
}
