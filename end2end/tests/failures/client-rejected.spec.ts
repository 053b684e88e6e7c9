import { expect, test } from '../../fixtures/index.js';
import {
  WANTED, endsIn, failsBy, failsByRefresh, goesOn, pageStatus, standsAlone, type Row,
} from '../../pages/failure.js';
import { agree, begin } from '../../pages/index.js';

const row: Row = {
  code: 'client-rejected',
  status: 502,
  h1: "Wrengate couldn't prove who it is",
  body: "The development provider rejected Wrengate's own credentials. Only Wrengate's team can fix this.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsByRefresh(row, ['refresh-invalid-client']);
failsBy(row, ['token-invalid-client']);

test('a wrong secret ends here and is seen nowhere; with the right one the same person signs in', async ({
  page, canaries, guard, startApp, startProvider,
}) => {
  guard.allow(pageStatus(row));
  const right = 'the-secret-of-the-development-client';
  const wrong = 'a-secret-of-another-environment';
  const provider = await startProvider({ env: { PROVIDER_CLIENT_SECRET: right } });
  const app = await startApp({
    provider,
    env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: wrong },
  });
  await begin(page, app, WANTED);
  await agree(page);
  await endsIn(row, { page, app, canaries });
  expect(app.log() + await page.content()).not.toContain(wrong);
  const [asked, ...more] = (await provider.requests()).filter(({ leg }) => leg === 'token');
  expect(asked).toMatchObject({ status: 401, headers: { authorization: 'Basic' } });
  expect(asked?.params).not.toContain('client_secret');
  expect(more).toHaveLength(0);
  await app.restart({ WRENGATE_CLIENT_SECRET: right });
  await goesOn(page, app, row);
});
