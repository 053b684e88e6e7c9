/** Where a sign-in ends: at the page that was asked for, and never outside of the app. */
import { expect, test } from '../../fixtures/index.js';
import { agree, begin, continueButton, ready, signIn } from '../../pages/index.js';
import { atAccountOf, signedInAs } from './session.js';

test('a page that needs a sign-in is where the sign-in ends', async ({ page, app }) => {
  await page.goto('/account');
  await ready(page);
  expect(page.url()).toBe(`${app.origin}/?return_to=/account`);
  await expect(page.getByRole('main')).toContainText('Sign in to continue to your account.');
  await continueButton(page).click();
  await agree(page);
  await atAccountOf(page, app);
});

test('a deep link keeps its query through the sign-in', async ({ page, app }) => {
  await page.goto('/account?x=1&y=a%20b');
  await ready(page);
  await continueButton(page).click();
  await agree(page);
  await page.waitForURL((url) => url.origin === app.origin && url.pathname === '/account');
  expect(page.url()).toBe(`${app.origin}/account?x=1&y=a%20b`);
});

test('the wish survives a sign-in that was cancelled and tried again', async ({ page, app }) => {
  await begin(page, app, '/account?tab=access');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.waitForURL('**/problem/cancelled');
  await ready(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(`${app.origin}/account?tab=access`);
});

test('somebody who is signed in is led straight to the page', async ({ page, app }) => {
  await signIn(page, app);
  await page.goto('/?return_to=/account?x=1');
  expect(page.url()).toBe(`${app.origin}/account?x=1`);
  await page.goto('/?return_to=//elsewhere.example');
  expect(page.url()).toBe(`${app.origin}/account`);
});

test('a path that only looks like an address is kept as it is', async ({ page, context, app, guard }) => {
  // There is no such page; that the sign-in ends there is the point.
  guard.allow(404);
  const place = '/ok?x=//h#part';
  await signIn(page, app, { returnTo: place });
  expect(page.url()).toBe(app.origin + place);
  expect(await signedInAs(context, app)).toBe('Ada Lovelace');
});

const HOSTILE = {
  'two slashes': '//h',
  'a slash and a backslash': '/\\h',
  'a scheme without slashes': 'https:h',
  'coded slashes': '/%2f%2fh',
  'a coded backslash': '/%5ch',
  'a script': 'javascript:alert(1)',
  'data': 'data:text/html,<script>alert(1)</script>',
  'a tab after the first slash': '/\t/h',
  'a line end after the first slash': '/\n/h',
  'three slashes': '///h',
  'a host that begins like ours': 'https://app.example.h',
  'user information that looks like our host': 'http://127.0.0.1:3000@h/',
  'no slash': 'account',
  'a way up and out': '/account/../..//h',
  'ten thousand characters': `/${'a'.repeat(10_000)}`,
  'the callback': '/callback?code=x',
  'a call': '/api/session',
  'a call, coded': '/%61pi/session',
  'the way out': '/sign-out',
};

for (const [what, place] of Object.entries(HOSTILE)) {
  test(`${what} as the place to return to becomes the account page`, async ({ page, app }) => {
    await begin(page, app, place);
    await agree(page);
    await atAccountOf(page, app);
  });
}
