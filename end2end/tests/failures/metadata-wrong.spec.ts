import { expect, test } from '../../fixtures/index.js';
import { logged, pageStatus, standsAlone, type Row } from '../../pages/failure.js';
import { nobodyWasAsked, startsNow, staysAtStart } from '../../pages/start-alert.js';

const row: Row = {
  code: 'metadata-wrong',
  status: 502,
  h1: "Wrengate and the development provider aren't set up for each other",
  body: "The development provider doesn't describe itself the way Wrengate expects. Only Wrengate's team can fix this.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
const FAULTS = [
  'discovery-wrong-issuer', 'discovery-issuer-slash', 'discovery-no-s256', 'discovery-404',
  'discovery-http-endpoint', 'discovery-file-endpoint', 'discovery-no-endpoint',
  'discovery-no-jwks', 'discovery-http-jwks',
];

for (const fault of FAULTS) {
  test(`${fault} stops a sign-in before anybody leaves, until the metadata is right`, async ({
    page, guard, startApp, startProvider,
  }) => {
    test.slow();
    guard.allow(pageStatus(row));
    const provider = await startProvider();
    await provider.arm(fault);
    const app = await startApp({ provider, until: 'healthy' });
    expect((await fetch(`${app.origin}/readyz`)).status).toBe(503);
    await staysAtStart(page, app, `${row.h1}. ${row.body}`);
    await nobodyWasAsked(provider);
    expect(logged(app, row).length).toBeGreaterThan(0);
    await provider.clear();
    await app.isReady();
    await startsNow(page);
  });
}
