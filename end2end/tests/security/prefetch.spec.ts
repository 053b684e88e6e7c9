/** A browser, a mail scanner or a chat that looks ahead uses nothing up. */
import { expect, test } from '../../fixtures/index.js';
import { answerFor } from '../journeys/callback.js';
import { atAccountOf } from '../journeys/session.js';
import { send } from './raw.js';

const AHEAD = {
  'Sec-Purpose: prefetch': { 'Sec-Purpose': 'prefetch' },
  'Sec-Purpose: prefetch;prerender': { 'Sec-Purpose': 'prefetch;prerender' },
  'Purpose: prefetch': { Purpose: 'prefetch' },
};

for (const [header, headers] of Object.entries(AHEAD)) {
  test(`a callback that was fetched ahead with ${header} still signs in`, async ({ page, context, app, provider }) => {
    const answer = await answerFor(page, app);
    const cookies = await context.cookies(app.origin);
    const ahead = await send(app, {
      path: answer.pathname + answer.search,
      headers: { ...headers, Cookie: cookies.map(({ name, value }) => `${name}=${value}`) },
    });
    expect([ahead.status, ahead.text]).toEqual([204, '']);
    expect(ahead.headers['cache-control']).toBe('no-store');
    expect(ahead.headers['set-cookie']).toBeUndefined();
    expect((await provider.counts()).token).toBe(0);

    await page.goto(answer.href);
    await atAccountOf(page, app);
    expect((await provider.counts()).token).toBe(1);
  });
}

test('a scanner that opens the link without script uses nothing up', async ({ page, app, provider }) => {
  const answer = await answerFor(page, app);
  const opened = await send(app, { path: answer.pathname + answer.search });
  expect(opened.status).toBe(200);
  expect(opened.headers['set-cookie']).toBeUndefined();
  await page.goto(answer.href);
  await atAccountOf(page, app);
  expect((await provider.counts()).token).toBe(1);
});

test('the callback page is the same for everybody', async ({ page, app }) => {
  const answer = await answerFor(page, app);
  const plain = (html: string): string => html
    .replace(/nonce="[^"]+"/g, '')
    .replace(/"now\\?":\d+/g, '');
  const [bare, full] = await Promise.all([
    send(app, { path: '/callback' }), send(app, { path: answer.pathname + answer.search }),
  ]);
  expect(plain(full.text)).toBe(plain(bare.text));
  expect(full.text).not.toContain(answer.searchParams.get('code'));
});
