/**
 * Another engine: row R33 of the robustness table, which repeats R1 to R5 and R31 in Firefox. It is the
 * system's own and is driven over WebDriver BiDi, because Playwright drives only a Firefox it has built.
 */
import puppeteer, { type Browser, type HTTPRequest, type Page } from 'puppeteer-core';
import { expect, test as base, type App } from '../../fixtures/index.js';

const BINARY = process.env['WRENGATE_FIREFOX'] || '/usr/bin/firefox-esr';

/** How long it may take to be there, on a busy machine. */
const LAUNCH_MS = 60_000;

interface Firefox {
  /** A page in a browser of its own; without scripts if it is told so. */
  open: (scripts?: 'off') => Promise<Page>;
}

const firefoxTest = base.extend<Firefox>({
  open: async ({}, use) => {
    const browsers: Browser[] = [];
    const errors: unknown[] = [];
    await use(async (scripts) => {
      const browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: BINARY,
        timeout: LAUNCH_MS,
        extraPrefsFirefox: scripts === 'off' ? { 'javascript.enabled': false } : {},
      });
      browsers.push(browser);
      const page = await browser.newPage();
      page.on('pageerror', (error) => errors.push(error));
      return page;
    });
    await Promise.all(browsers.map((browser) => browser.close()));
    expect(errors, 'uncaught').toEqual([]);
  },
});

// A browser of another kind takes its time to start.
firefoxTest.describe.configure({ timeout: 120_000 });

/** What somebody reads there. */
async function reads(page: Page, selector: string): Promise<string> {
  return await page.$eval(selector, (element) => (element as HTMLElement).innerText);
}

async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => reads(page, selector).catch(() => '')).toMatch(text);
}

async function boots(page: Page, state: string): Promise<void> {
  await page.waitForSelector(`html[data-boot="${state}"]`, { timeout: 20_000 });
}

/** Does this with each module that is asked for; tells how to let go of what it does. */
async function meets(page: Page, treat: (request: HTTPRequest) => Promise<void>): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    void (request.url().endsWith('.wasm') ? treat(request) : request.continue());
  });
}

/** Holds every module back until the answer is called. */
async function holdsBack(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  await meets(page, async (request) => {
    await released;
    await request.continue();
  });
  return release;
}

async function presses(page: Page, selector: string): Promise<void> {
  const found = await page.waitForSelector(selector, { visible: true });
  await found?.click();
}

const CONTINUE = 'main [data-start]';

/** Goes through the provider's pages. */
async function agrees(page: Page, app: App): Promise<void> {
  const field = await page.waitForSelector('#name', { visible: true });
  await field?.click({ count: 3 });
  await field?.type('Ada Lovelace');
  await page.keyboard.press('Enter');
  const completed = page.waitForResponse(`${app.origin}/api/complete_sign_in`, { timeout: LAUNCH_MS });
  await presses(page, 'button[value=allow]');
  await completed;
  await expect.poll(() => page.url()).toBe(`${app.origin}/account`);
  await boots(page, 'ready');
}

async function signsIn(page: Page, app: App): Promise<void> {
  await page.goto(`${app.origin}/`);
  await boots(page, 'ready');
  await presses(page, CONTINUE);
  await agrees(page, app);
}

firefoxTest('R33: Firefox with scripts off says what it needs, and leads on', async ({ open, app }) => {
  const page = await open('off');
  await page.goto(`${app.origin}/`);
  await shows(page, 'main', /Signing in needs JavaScript and WebAssembly/);
  await page.goto(`${app.origin}/callback?code=abc&state=${'s'.repeat(43)}`);
  await shows(page, 'main', /This page needs JavaScript and WebAssembly to finish your sign-in/);
  await page.goto(`${app.origin}/problem/too-long`);
  await shows(page, 'h1', 'That took a little too long');
});

firefoxTest('R33: Firefox without the module says so at once', async ({ open, app }) => {
  const page = await open();
  await meets(page, (request) => request.abort());
  await page.goto(`${app.origin}/`);
  await boots(page, 'failed');
  await shows(page, 'main', /Sign-in can't start in this browser/);
});

firefoxTest('R33: Firefox with a slow module tells of it, and still starts', async ({ open, app }) => {
  const page = await open();
  const release = await holdsBack(page);
  await page.goto(`${app.origin}/`);
  await boots(page, 'slow');
  await shows(page, 'main', /The interactive part of this page is still loading/);
  await boots(page, 'failed');
  await shows(page, 'main', /Sign-in can't start in this browser/);
  release();
  await boots(page, 'ready');
  await expect.poll(() => reads(page, 'main')).not.toMatch(/can't start/);
});

firefoxTest('R33: Firefox remembers a press that came too early, and starts once', async ({ open, app, provider }) => {
  const page = await open();
  const release = await holdsBack(page);
  await page.goto(`${app.origin}/`);
  await presses(page, CONTINUE);
  await shows(page, CONTINUE, 'Getting ready…');
  expect((await provider.counts()).authorize).toBe(0);
  release();
  await agrees(page, app);
  expect((await provider.counts()).authorize).toBe(1);
});

firefoxTest('R33: Firefox posts a form before the module is there', async ({ open, app, provider }) => {
  const page = await open();
  await signsIn(page, app);
  const release = await holdsBack(page);
  await page.goto(`${app.origin}/account`);
  await presses(page, 'form[action="/profile/refresh"] button');
  await shows(page, 'main', /Profile updated\./);
  expect((await provider.counts()).userinfo).toBe(2);
  release();
});

firefoxTest('R33: Firefox moves the focus to the heading, there and back', async ({ open, app }) => {
  const page = await open();
  await signsIn(page, app);
  await page.goto(`${app.origin}/problem/cancelled`);
  await boots(page, 'ready');
  const arrives = async (heading: string, title: string): Promise<void> => {
    await shows(page, 'h1', heading);
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await expect.poll(() => page.title()).toBe(title);
  };
  await page.$eval('a[href="/account"]:not([rel])', (link) => { (link as HTMLElement).click(); });
  await arrives('Ada Lovelace', 'Your account — Wrengate');
  await page.evaluate(() => { history.back(); });
  await arrives('You cancelled sign-in', 'You cancelled sign-in — Wrengate');
  await page.evaluate(() => { history.forward(); });
  await arrives('Ada Lovelace', 'Your account — Wrengate');
});
