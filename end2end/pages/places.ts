/** Every page, in every state that looks different: what a check of all that is shown goes through. */
import { expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import type { App, Guard, Provider } from '../fixtures/index.js';
import { answerFor } from '../tests/journeys/callback.js';
import { failures } from './catalogue.js';
import { ready } from './ready.js';
import { agree, begin, signIn } from './sign-in.js';

/** What a place is opened with. */
export interface Stage {
  page: Page;
  app: App;
  provider: Provider;
  guard: Guard;
  anotherBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
}

/** A page in one of its states. */
export interface Place {
  /** The page, as the server's router writes it. */
  route: string;
  /** The state. */
  state: string;
  title: string | RegExp;
  /** Values in it that no element sets apart from words. */
  values?: RegExp[];
  /** Statuses that its documents and calls answer with. */
  fails?: number[];
  /** What happens before, once. */
  before?: (stage: Stage) => Promise<void>;
  /** Opens it. */
  open: (stage: Stage) => Promise<void>;
}

/** A state of a sign-out, in the form that the server's cookie has. */
const RANDOM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0';

/** When the page of the callback has said all that it says of a slow answer. */
const SLOW_MS = 15_500;

const FIREFOX = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
};

/** Products; the word between browser and system is one of ours. */
const BROWSERS = [/\b(Chrome|Firefox) \d+/g, /\b(Windows|Linux)\b/g];

function opens(path: string): (stage: Stage) => Promise<void> {
  return async ({ page, app }) => {
    await page.goto(app.origin + path);
    await ready(page);
  };
}

/** The page after a sign-out that came to this. */
function saysFarewell(code: string, query = ''): (stage: Stage) => Promise<void> {
  return async (stage) => {
    const cookie = { name: 'wrengate-signed-out', value: code, url: stage.app.origin };
    await stage.page.context().addCookies([cookie]);
    await opens(`/signed-out${query}`)(stage);
  };
}

/** Whoever signs in here is alone with the list of sessions. */
async function signInAsNobodyElse({ page, app }: Stage): Promise<void> {
  await signIn(page, app, { name: `Grace ${crypto.randomUUID().slice(0, 8)}` });
}

/** A sign-in that fails while tokens are asked for. */
async function fails({ page, app, provider }: Stage): Promise<void> {
  await provider.arm('id-token-wrong-aud');
  await begin(page, app);
  await agree(page);
  await page.waitForURL('**/problem/id-untrusted');
}

const HOME: Place[] = [
  { route: '/', state: 'signed out', title: 'Sign in to Wrengate — Wrengate', open: opens('/') },
  {
    route: '/', state: 'sent here from a page', title: 'Sign in to Wrengate — Wrengate', open: opens('/?return_to=/account'),
  },
  {
    route: '/',
    state: 'without the module',
    title: 'Sign in to Wrengate — Wrengate',
    before: async ({ page, guard }) => {
      guard.allow('network');
      await page.route('**/pkg/*.wasm', (route) => route.abort());
    },
    open: async ({ page, app }) => {
      await page.goto(app.origin);
      await expect(page.locator('html')).toHaveAttribute('data-boot', 'failed');
    },
  },
];

const CALLBACK: Place[] = [
  {
    route: '/callback',
    state: 'empty',
    title: 'No sign-in is waiting here — Wrengate',
    fails: [401],
    open: async (stage) => {
      await opens('/callback')(stage);
      await expect(stage.page.locator('main .button:visible')).toBeVisible();
    },
  },
  {
    route: '/callback',
    state: 'in progress, and slow',
    title: 'Signing you in — Wrengate',
    before: async ({ page, app }) => {
      const answer = await answerFor(page, app);
      await page.clock.install();
      // However long the page is looked at: it does not end its wait meanwhile.
      await page.addInitScript((last) => {
        const { setTimeout: later } = window;
        const soonOrNever = (act: () => void, after = 0): number => (after > last ? 0 : later(act, after));
        Object.assign(window, { setTimeout: soonOrNever });
      }, SLOW_MS);
      await page.route('**/api/complete_sign_in', () => { /* Nobody answers. */ });
      const waits = page.waitForRequest('**/api/complete_sign_in');
      await page.goto(answer.href);
      await waits;
    },
    open: async ({ page, app }) => {
      // The tab remembers what it waits for.
      await page.goto(`${app.origin}/callback`);
      await ready(page);
      await page.clock.fastForward(SLOW_MS);
      await expect(page.locator('main .actions')).toBeVisible();
    },
  },
];

const ACCOUNT: Place[] = [
  {
    route: '/account',
    state: 'full',
    title: 'Your account — Wrengate',
    before: ({ page, app }) => signIn(page, app),
    open: opens('/account'),
  },
  {
    route: '/account',
    state: 'with an empty profile',
    title: 'Your account — Wrengate',
    before: async ({ page, app, provider }) => {
      await provider.arm('userinfo-minimal');
      await signIn(page, app);
    },
    open: opens('/account'),
  },
];

const SESSIONS: Place[] = [
  {
    route: '/sessions',
    state: 'one',
    values: BROWSERS,
    title: "Where you're signed in — Wrengate",
    before: signInAsNobodyElse,
    open: opens('/sessions'),
  },
  {
    route: '/sessions',
    state: 'several',
    values: BROWSERS,
    title: "Where you're signed in — Wrengate",
    before: async (stage) => {
      const name = `Grace ${crypto.randomUUID().slice(0, 8)}`;
      await signIn(stage.page, stage.app, { name });
      for (const another of [await stage.anotherBrowser(FIREFOX), await stage.anotherBrowser()]) {
        await signIn(await another.newPage(), stage.app, { name });
      }
    },
    open: opens('/sessions'),
  },
];

const SIGNED_OUT: Place[] = [
  { state: 'by hand', open: opens('/signed-out') },
  { state: 'here, with a way on to the provider', open: saysFarewell(`here.over.ticket.${RANDOM}`) },
  { state: 'everywhere', open: saysFarewell('everywhere.over.unknown') },
  { state: 'at both', open: saysFarewell(`here.over.state.${RANDOM}`, `?state=${RANDOM}`) },
  { state: 'with a token that was not revoked', open: saysFarewell('here.1767225600.unknown') },
].map((place) => ({ route: '/signed-out', title: "You're signed out — Wrengate", ...place }));

const HELP: Place[] = [
  { route: '/help', title: /\S — Wrengate$/ },
  { route: '/display', title: /\S — Wrengate$/ },
].map((place) => ({ state: 'signed out', open: opens(place.route), ...place }));

const INSPECTOR: Place[] = [
  { state: 'empty' },
  { state: 'a sign-in that went well', before: ({ page, app }: Stage) => signIn(page, app) },
  { state: 'a sign-in that failed', before: fails, fails: [502] },
].map((place) => ({
  route: '/inspector', title: 'Flow inspector — Wrengate', open: opens('/inspector'), ...place,
}));

const PROBLEMS: Place[] = failures().map(({ code, status }) => ({
  route: '/problem/{id}',
  state: code,
  title: /^(Sign-in problem: )?\S.+ — Wrengate$/,
  fails: [status],
  open: opens(`/problem/${code}`),
}));

const NOWHERE: Place = {
  route: 'an address that is no page',
  state: 'not found',
  title: "There's nothing here — Wrengate",
  fails: [404],
  open: opens('/no-such-page'),
};

/** Every one, in the order of the routes. */
export const PLACES: Place[] = [
  ...HOME, ...CALLBACK, ...ACCOUNT, ...SESSIONS, ...SIGNED_OUT, ...HELP, ...INSPECTOR, ...PROBLEMS, NOWHERE,
];

/** Pages of problems have one shape: these have all of its parts. */
const SAMPLE_CODES = ['cancelled', 'not-allowed', 'unexpected'];

/** One of each shape, for what does not depend on the words. */
export const SAMPLES = PLACES.filter(({ route, state }) => route !== '/problem/{id}' || SAMPLE_CODES.includes(state));
