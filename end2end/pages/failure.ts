/** What holds for every failure, so that a test says only what is its own. */
import type { Locator, Page } from '@playwright/test';
import {
  expect, test, type App, type Canaries, type Provider,
} from '../fixtures/index.js';
import { completionsOf } from './callback.js';
import { problem, referenceOf } from './problem.js';
import { ready } from './ready.js';
import {
  agree, allowButton, begin, continueButton, signIn,
} from './sign-in.js';

/** A row of the catalogue, in the words a person reads. */
export interface Row {
  code: string;
  /** The status of its page and of the call that ends in it; a failure of the browser alone has none. */
  status: number | 'browser only';
  h1: string;
  body: string;
  /** The names of its links and buttons, without the one that needs a reference. */
  ways: string[];
  /** Whether it offers to report the reference. */
  report?: boolean;
  /** Whether its title does not call it a problem. */
  calm?: boolean;
  /** Whether it has no details, because there is nothing to find out. */
  bare?: boolean;
}

/** The parts of a test by which a failure is judged. */
export interface Scene {
  page: Page;
  app: App;
  canaries: Canaries;
}

/** How the person goes on from a failure. */
export interface Onward {
  /** The way on that signs in; the first one of the page unless told otherwise. */
  way?: string;
  /** What the provider asks then; nothing, because it knows the person. */
  asks?: 'account' | 'consent' | 'name';
  /** Where it ends. */
  to?: string;
}

/** Where a failing sign-in wants to go, to see that another try still does. */
export const WANTED = '/account?from=a-test';

/** The status of the failure's page. */
export function pageStatus({ status }: Row): number {
  return status === 'browser only' ? 200 : status;
}

/** The page of the failure, opened by hand: complete without any note of what happened. */
export function standsAlone(row: Row): void {
  const status = pageStatus(row);
  test.describe(row.code, () => {
    test('the page opened by hand has its status, its words and its ways on', async ({ page, guard }) => {
      guard.allow(status);
      await page.goto(`/problem/${row.code}`);
      await shows(page, row);
      await expect(page).toHaveTitle(`${row.calm ? '' : 'Sign-in problem: '}${row.h1} — Wrengate`);
      await expectWays(page, row.ways);
      await expect(page.getByText(/^Reference/)).toHaveCount(0);
      if (row.bare) return;
      await page.getByText('Details for developers').click();
      await expect(detail(page, 'Code')).toHaveText(row.code);
      await expect(detail(page, 'HTTP status')).toHaveText(
        row.status === 'browser only' ? 'none; it happens in the browser' : String(row.status),
      );
    });
  });
}

/**
 * Armed at the provider, each of these faults ends a sign-in in the failure; without it, the next way
 * on signs in.
 */
export function failsBy(row: Row, faults: string[], onward: Onward = {}): void {
  for (const fault of faults) {
    test(`${row.code} › ${fault} at the provider ends here, and the way on signs in`, async ({
      page, app, provider, canaries, guard,
    }) => {
      guard.allow(pageStatus(row));
      await provider.arm(fault);
      await begin(page, app, WANTED);
      await agree(page);
      await endsIn(row, { page, app, canaries });
      await expectCalls(provider, fault);
      await provider.clear();
      await goesOn(page, app, row, onward);
    });
  }
}

/**
 * The same for faults of the provider's keys: they show in an app that has no keys yet, at a provider
 * of its own. Whoever the token names, the profile is not asked for.
 */
export function failsByKeys(row: Row, faults: string[]): void {
  for (const fault of faults) {
    test(`${row.code} › ${fault} at the provider ends here without the profile`, async ({
      page, startApp, startProvider, canaries, guard,
    }) => {
      guard.allow(pageStatus(row));
      const provider = await startProvider();
      await provider.arm(fault);
      const app = await startApp({ provider });
      await begin(page, app, WANTED);
      await agree(page);
      await endsIn(row, { page, app, canaries });
      const { token, userinfo, jwks } = await provider.counts();
      expect({ token, userinfo }).toEqual({ token: 1, userinfo: 0 });
      expect(jwks).toBeGreaterThan(0);
    });
  }
}

/** The same for answers that the browser itself refuses: nothing of them is sent. */
export function failsLocallyBy(row: Row, faults: string[]): void {
  for (const fault of faults) {
    test(`${row.code} › ${fault} at the provider ends here unsent, and the way on signs in`, async ({
      page, app, provider, canaries, guard,
    }) => {
      guard.allow(pageStatus(row));
      const sent = completionsOf(page);
      await provider.arm(fault);
      await begin(page, app, WANTED);
      await agree(page);
      await endsLocally(row, { page, app, canaries });
      expect(sent).toHaveLength(0);
      await expectCalls(provider, fault);
      await goesOn(page, app, row, { to: '/account' });
    });
  }
}

/** The failure's page after a failed call: with a reference that the log explains, and no session. */
export async function endsIn(row: Row, scene: Scene): Promise<string> {
  const { page, app } = scene;
  await shows(page, row);
  await expectWays(page, row.report ? [...row.ways, 'Copy reference'] : row.ways);
  const reference = await referenceOf(page);
  await expectLogged(app, row, reference);
  const stored = await page.evaluate(() => JSON.stringify(sessionStorage));
  expect(stored, 'a verifier that was used').not.toContain('code_verifier');
  await leftNothing(scene);
  return reference;
}

/** The failure's page after something that the browser found by itself: nothing to refer to. */
export async function endsLocally(row: Row, scene: Scene): Promise<void> {
  await shows(scene.page, row);
  await expectWays(scene.page, row.ways);
  await expect(scene.page.getByText(/^Reference/)).toHaveCount(0);
  await leftNothing(scene);
}

/** The failure's page in a session that goes on. */
export async function endsInSession(row: Row, { page, app, canaries }: Scene): Promise<void> {
  await shows(page, row);
  await expect(page.getByText("You're signed in now.")).toBeVisible();
  await expectLogged(app, row, await referenceOf(page));
  await canaries.check(page, app);
  await wayOn(page, 'Open your account').click();
  await expectSignedIn(page);
}

/** What passes is told on the account page, which shows what it had, with a way to try again. */
export async function toldAtAccount(row: Row, { page, app, canaries }: Scene): Promise<void> {
  await page.waitForURL('**/account');
  await ready(page);
  const alert = alertOf(page);
  await expect(alert).toContainText("Couldn't refresh your profile from");
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  const reference = /Reference (\S+)/.exec(await alert.innerText())?.[1] ?? 'none';
  await expectLogged(app, row, reference);
  await canaries.check(page, app);
  await expectSignedIn(page);
}

/** The way on leads to the account, in a browser that the provider knows. */
export async function goesOn(page: Page, app: App, row: Row, onward: Onward = {}): Promise<void> {
  const way = onward.way ?? row.ways[0] ?? '';
  await wayOn(page, way).click();
  if (way === 'Back to start') {
    await page.waitForURL(`${app.origin}/`);
    await ready(page);
    await continueButton(page).click();
  }
  if (onward.asks === 'account') await page.getByRole('button', { name: /^Continue as/ }).click();
  if (onward.asks === 'name') await agree(page);
  if (onward.asks === 'consent') await allowButton(page).click();
  const end = app.origin + (onward.to ?? (way === 'Back to start' ? '/account' : WANTED));
  if (onward.asks === undefined) await agreeAgain(page, end);
  await page.waitForURL(end);
  await ready(page);
  await expectSignedIn(page);
}

/**
 * Where the app revoked the tokens of the failed sign-in, the provider has forgotten that it may know
 * the person, and asks once more.
 */
async function agreeAgain(page: Page, end: string): Promise<void> {
  const isAsked = async (): Promise<boolean> => allowButton(page).isVisible();
  await expect(async () => {
    expect(page.url() === end || await isAsked()).toBe(true);
  }).toPass({ intervals: [50] });
  if (await isAsked()) await allowButton(page).click();
}

/** The account of whoever signs in in these tests. */
export async function expectSignedIn(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeVisible();
}

/** No session cookie. */
export async function expectNobody(page: Page): Promise<void> {
  const names = (await page.context().cookies()).map(({ name }) => name);
  expect(names).not.toContain('wrengate');
}

/** A link or a button of the page's main part. */
export function wayOn(page: Page, name: string): Locator {
  const main = page.getByRole('main');
  return main.getByRole('button', { name, exact: true }).or(main.getByRole('link', { name, exact: true }));
}

/** A row of the details for developers. */
export function detail(page: Page, name: string): Locator {
  return page.getByRole('term').filter({ hasText: name }).locator('..').getByRole('definition');
}

/** What the page tells in an alert. */
export function alertOf(page: Page): Locator {
  return page.getByRole('alert').filter({ hasText: /\S/ });
}

/** Lines of the log about this failure. */
export function logged(app: App, { code }: Row): string[] {
  return app.log().split('\n').filter((line) => line.includes(`failure="${code}"`));
}

/** How often the app asks in all, where a fault of the provider is worth another request. */
const ASKED_AGAIN: Record<string, number> = {
  'token-500': 2,
  'token-502-html': 2,
  'token-503': 2,
  'token-slow': 2,
  'token-reset': 2,
  'userinfo-500': 3,
  'userinfo-503': 3,
  'userinfo-reset': 3,
  // Ten seconds are over before there is a third.
  'userinfo-slow': 2,
};

/**
 * A renewal that these faults meet ends here. It takes place because userinfo does not accept the access
 * token. Trouble of the provider costs nobody the session, and what passes is told at the account; somebody
 * else's ID token costs it.
 */
export function failsByRefresh(row: Row, faults: string[], session: 'stays' | 'ends' | 'told' = 'stays'): void {
  for (const fault of faults) {
    test(`${fault} at the renewal of an access token ends here, and the session ${session === 'told' ? 'stays' : session}`, async ({
      page, app, provider, canaries, guard,
    }) => {
      if (session !== 'told') guard.allow(pageStatus(row));
      await signIn(page, app);
      await provider.arm('userinfo-401');
      await provider.arm(fault);
      // The page it leads to may have the address of this one.
      const answered = page.waitForResponse('**/profile/refresh');
      await page.getByRole('button', { name: 'Refresh profile' }).click();
      await answered;
      if (session === 'stays') {
        await endsInSession(row, { page, app, canaries });
      } else if (session === 'told') {
        await toldAtAccount(row, { page, app, canaries });
      } else {
        await page.waitForURL(`**/problem/${row.code}`);
        await leftNothing({ page, app, canaries });
      }
      expect(await provider.counts()).toMatchObject({ token: 2, userinfo: 2 });
    });
  }
}

/** The app asks the provider no further than to where the fault lies, and there no more often than it may. */
export async function expectCalls(provider: Provider, fault: string): Promise<void> {
  const times = ASKED_AGAIN[fault] ?? 1;
  const isToken = fault.startsWith('token-');
  const isUserinfo = fault.startsWith('userinfo-');
  const token = isToken ? times : Number(isUserinfo || fault.startsWith('id-token-'));
  const userinfo = isUserinfo ? times : 0;
  expect(await provider.counts()).toMatchObject({ authorize: 1, token, userinfo, elsewhere: 0 });
}

async function shows(page: Page, row: Row): Promise<void> {
  await problem(page, { code: row.code, h1: row.h1, status: pageStatus(row) });
  await expect(page.getByText(row.body, { exact: true })).toBeVisible();
  await expect(alertOf(page)).toHaveCount(0);
}

/** Exactly these links and buttons. */
async function expectWays(page: Page, ways: string[]): Promise<void> {
  for (const way of ways) await expect(wayOn(page, way)).toBeVisible();
  const main = page.getByRole('main');
  await expect(main.getByRole('button').or(main.getByRole('link'))).toHaveCount(ways.length);
}

/** The reference stands in exactly one line of the log, with the failure. */
async function expectLogged(app: App, row: Row, reference: string): Promise<void> {
  const lines = app.log().split('\n').filter((line) => line.includes(reference));
  expect(lines, 'log lines with the reference').toHaveLength(1);
  expect(lines[0]).toContain(`failure="${row.code}"`);
}

/** No session, and no secret where it can be read. */
async function leftNothing({ page, app, canaries }: Scene): Promise<void> {
  await expectNobody(page);
  await canaries.check(page, app);
}
