import { expect, test } from '../../fixtures/index.js';
import { endsIn, failsBy, goesOn, pageStatus, standsAlone, WANTED, type Row } from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'step-up',
  status: 403,
  h1: 'The development provider needs a stronger sign-in',
  body: 'Sign in again with your second step, such as a passkey or a code. Nothing has changed until you do.',
  ways: ['Sign in with a second step', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['unmet_authentication_requirements']);

test('the code of RFC 9470 ends here too', async ({
  page, app, provider, canaries, guard,
}) => {
  guard.allow(pageStatus(row));
  await provider.arm('authorize-error', { value: 'insufficient_user_authentication' });
  await begin(page, app, WANTED);
  await agree(page);
  await endsIn(row, { page, app, canaries });
  expect(await provider.counts()).toMatchObject({ authorize: 1, token: 0, userinfo: 0 });
  await goesOn(page, app, row);
});
