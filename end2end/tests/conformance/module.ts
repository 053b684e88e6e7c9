/**
 * The relying-party modules of the OpenID Foundation's suite, rebuilt: what its provider does in one
 * of them, ours does by a fault. As there, the issuer ends in a slash, the metadata say nothing of
 * PKCE, and the client authenticates by `client_secret_basic`.
 */
import type { Page } from '@playwright/test';
import {
  expect, test, type App, type Canaries, type Provider,
} from '../../fixtures/index.js';
import type { OwnAppOptions } from '../../fixtures/index.js';
import type { ProviderOptions } from '../../fixtures/provider.js';
import { expectNobody } from '../../pages/failure.js';
import { agree, begin, problem } from '../../pages/index.js';
import { atAccountOf, signedInAs } from '../journeys/session.js';

export const SECRET = 'secret-of-the-tested-client';

/** A provider like the suite's, and the app configured for it. */
export interface Stage {
  provider: Provider;
  /** Starts the app; a module may change the provider before. */
  start: (options?: OwnAppOptions) => Promise<App>;
}

interface Fixtures {
  startProvider: (options?: Partial<ProviderOptions>) => Promise<Provider>;
  startApp: (options?: OwnAppOptions) => Promise<App>;
}

export async function stage(fixtures: Fixtures, env: Record<string, string> = {}): Promise<Stage> {
  const provider = await fixtures.startProvider({
    env: { PROVIDER_ISSUER_PATH: '/', PROVIDER_CLIENT_SECRET: SECRET, ...env },
  });
  expect(provider.issuer.endsWith('/')).toBe(true);
  await provider.arm('discovery-pkce-unlisted', { times: 'always' });
  return {
    provider,
    start: (options = {}) => fixtures.startApp({
      ...options,
      provider,
      env: { WRENGATE_CLIENT_ID: 'wrengate-dev-confidential', WRENGATE_CLIENT_SECRET: SECRET, ...options.env },
    }),
  };
}

interface Scene {
  page: Page;
  app: App;
  canaries: Canaries;
  provider: Provider;
}

/** The whole flow: a session, and userinfo asked once more. */
export async function signsIn({ page, app, canaries, provider }: Scene): Promise<void> {
  const { userinfo } = await provider.counts();
  await begin(page, app);
  await agree(page);
  await atAccountOf(page, app);
  expect(await signedInAs(page.context(), app)).toBe('Ada Lovelace');
  expect((await provider.counts()).userinfo).toBe(userinfo + 1);
  await canaries.check(page, app);
}

/** The whole flow: no session, and, unless userinfo is what lies, userinfo not asked. */
export async function signsNobodyIn(
  { page, app, canaries, provider }: Scene, failure: string, userinfo = 0,
): Promise<void> {
  await begin(page, app);
  await agree(page);
  await problem(page, failure);
  await expectNobody(page);
  expect(await signedInAs(page.context(), app)).toBeNull();
  expect(await provider.counts()).toMatchObject({ token: 1, userinfo });
  await canaries.check(page, app);
}

/** A module in which the provider has this fault, and which passes when the app signs in. */
export function accepts(module: string, faults: string[] = []): void {
  test(module, async ({ page, startApp, startProvider, canaries }) => {
    const { provider, start } = await stage({ startApp, startProvider });
    for (const fault of faults) await provider.arm(fault);
    await signsIn({ page, app: await start(), canaries, provider });
  });
}

/** A module in which the provider has this fault, and which passes when the app refuses it. */
export function refuses(module: string, fault: string, failure: string, userinfo = 0): void {
  test(module, async ({ page, startApp, startProvider, canaries, guard }) => {
    guard.allow(502, 401);
    const { provider, start } = await stage({ startApp, startProvider });
    await provider.arm(fault);
    await signsNobodyIn({ page, app: await start(), canaries, provider }, failure, userinfo);
  });
}
