/**
 * The browser's clock is wrong: row R28 of the robustness table. R29 and R30 are in
 * journeys/picture.spec.ts, R31 and R32 in journeys/navigation.spec.ts.
 */
import { expect, test } from '../../fixtures/index.js';
import { ready, signIn } from '../../pages/index.js';
import { bar, endsIn, hearsNews } from '../../pages/session-end.js';

const DAY_MS = 24 * 60 * 60 * 1000;

for (const [what, offset] of [['a day ahead', DAY_MS], ['a day behind', -DAY_MS]] as const) {
  test(`R28: a clock that is ${what} changes neither the sign-in nor the countdown`, async ({ page, app }) => {
    await page.clock.install({ time: Date.now() + offset });
    await signIn(page, app);
    const token = page.getByRole('region', { name: 'Access token' });
    await expect(token).toContainText(/in 59 min \d{2} s/);
    // The end itself is a moment of the real day, whatever the clock says.
    const shown = /\d{1,2}:\d{2}/.exec(await token.innerText())?.[0];
    const [hour, minute] = (shown ?? '').split(':').map(Number);
    const inAnHour = new Date(Date.now() + DAY_MS / 24);
    const minutes = (date: Date): number => date.getUTCHours() * 60 + date.getUTCMinutes();
    const apart = Math.abs((hour ?? 0) * 60 + (minute ?? 0) - minutes(inAnHour)) % (24 * 60);
    expect(Math.min(apart, 24 * 60 - apart)).toBeLessThanOrEqual(2);
  });
}

test('R28: the countdown goes down and ends in words', async ({ page, app, provider }) => {
  await provider.arm('token-short-expiry');
  await page.clock.install({ time: Date.now() + DAY_MS });
  await signIn(page, app);
  await ready(page);
  await page.clock.fastForward(6000);
  await expect(page.getByRole('region', { name: 'Access token' })).toContainText(
    "Expired. Your Wrengate session still works; the token renews when it's needed.",
  );
});

test('R28: a countdown that has an hour to go counts the seconds', async ({ page, app }) => {
  await page.clock.install();
  await signIn(page, app);
  const token = page.getByRole('region', { name: 'Access token' });
  await expect(token).toContainText(/in 59 min \d{2} s/);
  await page.clock.fastForward('30:00');
  await expect(token).toContainText(/in 29 min \d{2} s/);
  // Less than a minute is left then, whatever these steps have taken of it.
  await page.clock.fastForward('29:00');
  await expect(token).toContainText(/in \d{1,2} s/);
});

for (const [what, offset] of [['a day ahead', DAY_MS], ['a day behind', -DAY_MS]] as const) {
  test(`R28: a clock that is ${what} counts a session down as the server does`, async ({ page, app }) => {
    await page.clock.install({ time: Date.now() + offset });
    await signIn(page, app);
    await endsIn(app, 90);
    await hearsNews(page);
    await expect(bar(page)).toContainText(/You'll be signed out in 1:([0-2]\d|30) because/);
    await page.clock.fastForward(30_000);
    await expect(bar(page)).toContainText(/You'll be signed out in (0:[3-5]\d|1:00) because/);
  });
}
