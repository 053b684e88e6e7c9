/** What Lighthouse says: all that it can say of accessibility and best practices, and how fast it found us. */
import lighthouse from 'lighthouse';
import { chromium } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { freePort } from '../../fixtures/ports.js';
import { signIn } from '../../pages/index.js';

// A run takes a quarter of a minute where nothing else does. Two of them at once take each other's time.
test.describe.configure({ mode: 'default', timeout: 120_000 });

for (const path of ['/', '/account']) {
  test(`${path} has full marks`, async ({ app, launchOptions }) => {
    const port = await freePort();
    const browser = await chromium.launch({
      ...launchOptions, args: [...launchOptions.args ?? [], `--remote-debugging-port=${port}`],
    });
    // Lighthouse opens its page in the browser's own context, so that is where the session has to be.
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, app);
    const [cookie] = (await context.cookies(app.origin)).filter(({ name }) => name === 'wrengate');
    await context.close();
    const look = () => lighthouse(`${app.origin}${path}`, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: ['accessibility', 'best-practices', 'performance'],
      ...(path !== '/' && { extraHeaders: { Cookie: `wrengate=${cookie?.value}` } }),
      disableStorageReset: true,
    });
    let result = await look();
    // The browser's record of the run was lost, which says nothing about the page.
    for (let run = 1; run < 3 && result?.lhr.runtimeError?.code === 'NO_NAVSTART'; run += 1) result = await look();
    await browser.close();
    const { categories, configSettings, finalDisplayedUrl, audits, runtimeError } = result?.lhr ?? {};
    expect(runtimeError).toBeUndefined();
    expect(finalDisplayedUrl).toBe(`${app.origin}${path}`);
    const { formFactor, throttlingMethod, throttling } = configSettings ?? {};
    console.info(`Lighthouse ${path}: performance`, categories?.['performance']?.score, {
      formFactor, throttlingMethod, rttMs: throttling?.rttMs, throughputKbps: throttling?.throughputKbps,
      cpuSlowdown: throttling?.cpuSlowdownMultiplier,
    });
    for (const category of ['accessibility', 'best-practices']) {
      const lost = categories?.[category]?.auditRefs
        .filter(({ id, weight }) => weight > 0 && (audits?.[id]?.score ?? 1) < 1)
        .map(({ id }) => `${id}: ${JSON.stringify(audits?.[id]?.details)}`.slice(0, 400));
      expect(lost, category).toEqual([]);
      expect(categories?.[category]?.score, category).toBe(1);
    }
  });
}
