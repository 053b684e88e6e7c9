/** ID tokens that are signed by another algorithm than RS256: accepted where the settings name it. */
import { expect, test } from '../../fixtures/index.js';
import { agree, begin, problem } from '../../pages/index.js';
import { signsIn } from './signs-in.js';

for (const algorithm of ['ES256', 'EdDSA', 'PS256']) {
  test(`ID tokens signed by ${algorithm} sign in where the settings name it`, async ({
    page, startApp, startProvider, canaries, guard,
  }) => {
    guard.allow(401);
    const provider = await startProvider({ env: { PROVIDER_ID_TOKEN_ALG: algorithm } });
    const app = await startApp({ provider, env: { WRENGATE_ID_TOKEN_ALGS: `RS256 ${algorithm}` } });
    await signsIn({ page, app, canaries, provider });
    expect((await provider.counts()).jwks).toBeGreaterThan(0);
  });

  test(`ID tokens signed by ${algorithm} sign nobody in where the settings do not`, async ({
    page, startApp, startProvider, guard,
  }) => {
    guard.allow(502);
    const provider = await startProvider({ env: { PROVIDER_ID_TOKEN_ALG: algorithm } });
    const app = await startApp({ provider });
    await begin(page, app);
    await agree(page);
    await problem(page, 'id-untrusted');
    expect((await provider.counts()).userinfo).toBe(0);
  });
}
