import { expect, test } from '../../fixtures/index.js';
import {
  endsIn, expectCalls, goesOn, pageStatus, standsAlone, WANTED, type Row,
} from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'provider-limit',
  status: 503,
  h1: 'The development provider asked us to slow down',
  body: 'Nothing is wrong with your account. Try again in a minute.',
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
for (const fault of ['token-429', 'userinfo-429']) {
  test(`${fault} ends here and tells how long to wait, as the provider asked`, async ({
    page, app, provider, canaries, guard,
  }) => {
    guard.allow(pageStatus(row));
    await provider.arm(fault);
    await begin(page, app, WANTED);
    const answer = page.waitForResponse('**/api/complete_sign_in');
    await agree(page);
    expect((await answer).headers()['retry-after']).toBe('7');
    const body = 'Nothing is wrong with your account. Try again in 7 seconds.';
    await endsIn({ ...row, body }, { page, app, canaries });
    await expectCalls(provider, fault);
    await goesOn(page, app, row);
  });
}
