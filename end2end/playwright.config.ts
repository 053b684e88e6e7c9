import { existsSync } from 'node:fs';
import { defineConfig, devices, type Project } from '@playwright/test';

const SYSTEM_BROWSER = '/usr/bin/chromium';

/** The browser that was chosen, else the system's, else the one that Playwright brought. */
function browserPath(): string | undefined {
  return process.env['WRENGATE_BROWSER'] || (existsSync(SYSTEM_BROWSER) ? SYSTEM_BROWSER : undefined);
}

const executablePath = browserPath();

const chromium: Project['use'] = {
  ...devices['Desktop Chrome'],
  launchOptions: {
    ...(executablePath && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      // Nothing but this machine can be reached; the .test name stands for a page that is not
      // on loopback, and so has no secure context without https.
      '--host-resolver-rules=MAP wrengate.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  },
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each worker has a provider and an app of its own, so tests share nothing across workers.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  // What has to be quick is expected to be, in its test. This ends what hangs, on a slow machine too.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    trace: 'retain-on-failure',
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
  projects: [
    // A test that passes at the second try has found something: `make test` names it, and lets very few
    // of them pass. Where the first try may have shown a secret or a way in, there is no second.
    { name: 'security', testMatch: '**/security/*.spec.ts', retries: 0, use: chromium },
    { name: 'chromium', testIgnore: '**/security/*.spec.ts', retries: 1, use: chromium },
  ],
});
