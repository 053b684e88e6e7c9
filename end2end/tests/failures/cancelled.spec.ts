import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, failsBy, goesOn, standsAlone, WANTED, type Row,
} from '../../pages/failure.js';
import { begin, giveName } from '../../pages/index.js';

const row: Row = {
  code: 'cancelled',
  status: 200,
  h1: 'You cancelled sign-in',
  body: 'You chose not to share your details with Wrengate. Nothing was shared and nothing changed.',
  ways: ['Try again', 'Back to start'],
  calm: true,
};

standsAlone(row);
failsBy(row, ['denied']);

test('pressing Deny at the provider ends here; nothing starts by itself, and Try again signs in', async ({
  page, app, provider, canaries,
}) => {
  await begin(page, app, WANTED);
  await giveName(page);
  await page.getByRole('button', { name: 'Deny' }).click();
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ authorize: 1, token: 0, userinfo: 0 });
  await goesOn(page, app, row, { asks: 'consent' });
});

test('a reload shows the same page again and asks nobody', async ({ page, app, provider, canaries }) => {
  await provider.arm('denied');
  await begin(page, app);
  await giveName(page);
  await page.getByRole('button', { name: 'Deny' }).click();
  const reference = await endsIn(row, { page, app, canaries });
  await page.reload();
  expect(await endsIn(row, { page, app, canaries })).toBe(reference);
  expect(await provider.counts()).toMatchObject({ authorize: 1, token: 0 });
});
