/** The whole path, as a person who does everything right walks it. */
import type { Request } from '@playwright/test';
import { expect, test } from '../../fixtures/index.js';
import { agree, begin, continueButton, ready, signIn } from '../../pages/index.js';
import { storageOf } from './callback.js';
import { atAccountOf } from './session.js';

const BASE64URL_43 = /^[\w-]{43}$/;

test('a person signs in and sees who they are', async ({ page, app }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Sign in to Wrengate — Wrengate');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Wrengate');
  await ready(page);
  await continueButton(page).click();

  await agree(page, 'Ada Lovelace');

  await atAccountOf(page, app);
  await expect(page).toHaveTitle('Your account — Wrengate');
  const main = page.getByRole('main');
  const profile = main.getByRole('region', { name: 'Profile' });
  await expect(profile.getByRole('term')).toHaveText(['Name', 'Given name', 'Family name', 'Username', 'Email']);
  await expect(profile.getByRole('definition')).toHaveText([
    'Ada Lovelace', 'Ada', 'Lovelace', 'ada', 'ada@example.org',
  ]);
  await expect(main.getByText('@ada', { exact: true })).toBeVisible();
  await expect(main.getByText('Verified', { exact: true })).toBeVisible();
  await expect(main.getByRole('region', { name: 'Access', exact: true }).getByRole('listitem')).toHaveText([
    /^Who you are: an account identifier\s+openid\s*Granted$/,
    /^Your name, user name and picture\s+profile\s*Granted$/,
    /^Your email address\s+email\s*Granted$/,
  ]);
  const token = main.getByRole('region', { name: 'Access token' });
  await expect(token).toContainText(/Expires at \d{1,2}:\d{2}/);
  await expect(token).toContainText(/in 59 min \d{2} s/);
});

test('the picture of the person is shown', async ({ page, app, provider }) => {
  await signIn(page, app);
  const picture = page.getByRole('main').locator('img');
  await expect(picture).toHaveAttribute('src', new RegExp(`^${provider.issuer}/avatar/ada-lovelace-\\w+\\.svg$`));
  await expect(picture).toHaveAttribute('alt', '');
  await expect(picture).toHaveAttribute('referrerpolicy', 'no-referrer');
  await expect(picture).toHaveJSProperty('complete', true);
  await expect(picture).not.toHaveJSProperty('naturalWidth', 0);
});

test('an e-mail address that nobody verified is said to be so', async ({ page, app }) => {
  await begin(page, app);
  await agree(page, 'Ada Lovelace?');
  await atAccountOf(page, app);
  await expect(page.getByRole('main').getByText('Not verified', { exact: true })).toBeVisible();
  await expect(page.getByRole('main').getByText('Verified', { exact: true })).toHaveCount(0);
});

test('the authorization request has exactly the parameters of the flow', async ({ page, app, provider }) => {
  const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.issuer}/auth?`));
  await begin(page, app);
  const { searchParams } = new URL((await asked).url());
  expect([...searchParams.keys()].sort()).toEqual([
    'client_id', 'code_challenge', 'code_challenge_method', 'nonce', 'redirect_uri', 'response_type', 'scope',
    'state',
  ]);
  expect(Object.fromEntries(searchParams)).toEqual({
    response_type: 'code',
    client_id: 'wrengate-dev',
    redirect_uri: `${app.origin}/callback`,
    scope: 'openid profile email',
    state: expect.stringMatching(BASE64URL_43),
    nonce: expect.stringMatching(BASE64URL_43),
    code_challenge: expect.stringMatching(BASE64URL_43),
    code_challenge_method: 'S256',
  });
});

test('every sign-in has a state, a nonce and a challenge of its own', async ({ page, app, provider }) => {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${provider.issuer}/auth?`)) return;
    const { state, nonce, code_challenge: challenge } = Object.fromEntries(new URL(request.url()).searchParams);
    seen.push(state ?? '', nonce ?? '', challenge ?? '');
  });
  for (let times = 0; times < 3; times += 1) {
    await begin(page, app);
    await expect(page.getByLabel('Your name')).toBeVisible();
  }
  expect(new Set(seen).size).toBe(9);
});

test('the exchange sends the code with its verifier and no secret', async ({ page, app, provider }) => {
  await signIn(page, app);
  const requests = await provider.requests();
  const [exchange, ...more] = requests.filter(({ leg }) => leg === 'token');
  expect(more).toEqual([]);
  expect([...exchange?.params ?? []].sort()).toEqual([
    'client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri',
  ]);
  expect(exchange?.headers['authorization']).toBeUndefined();
  const [userinfo] = requests.filter(({ leg }) => leg === 'userinfo');
  expect(userinfo).toMatchObject({ method: 'GET', params: [], headers: { authorization: 'Bearer' } });
});

test('the address holds no code while the answer is checked, and no request tells it', async ({
  page, app,
}) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/api/complete_sign_in', async (route) => {
    await released;
    await route.continue();
  });
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await begin(page, app);
  const sent = page.waitForRequest('**/api/complete_sign_in');
  await agree(page);
  const exchange = await sent;
  expect(page.url()).toBe(`${app.origin}/callback`);
  await expect(page).toHaveTitle('Signing you in — Wrengate');
  await expect(page.getByRole('listitem')).toHaveText([
    /^Answer from the development provider received\s*Done$/,
    /^Checking the answer\s*In progress$/,
    /^Loading your profile\s*Waiting$/,
  ]);
  release();
  await atAccountOf(page, app);
  expect(await exchange.headerValue('referer')).toBeNull();
  const referers = await Promise.all(requests.map((request) => request.headerValue('referer')));
  expect(referers.filter((address) => address?.includes('/callback'))).toEqual([]);
});

test('the tab keeps neither verifier nor code', async ({ page, app, canaries }) => {
  await signIn(page, app);
  // The state alone stays, as the name of the mark that its attempt was taken.
  const [marks, ...more] = Object.entries(await storageOf(page));
  expect(more).toEqual([]);
  expect(marks?.[0]).toMatch(/^wrengate:attempt:[\w-]{43}$/);
  expect(marks?.[1]).not.toContain('verifier');
  expect(canaries.caught().filter((secret) => marks?.[1].includes(secret))).toEqual([]);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await canaries.check(page, app);
});

test('R9: Back leads to the page before the sign-in and never to the code', async ({ page, app, guard }) => {
  // The provider says that its page is over.
  guard.allow(400);
  const seen: string[] = [];
  await signIn(page, app);
  page.on('framenavigated', (frame) => seen.push(frame.url()));
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await atAccountOf(page, app);
  expect(seen.filter((address) => address.includes('/callback'))).toEqual([]);
});

test('an arrival by a full load moves no focus, so that reading starts at the top', async ({ page, app }) => {
  await signIn(page, app);
  await expect(page.locator('body')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
});
