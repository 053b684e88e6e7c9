/** What holds at every kind of provider: the same program signs in there, by settings alone. */
import {
  expect, type App, type Canaries, type Provider,
} from '../../fixtures/index.js';
import type { Counts, ProviderRequest } from '../../fixtures/provider.js';
import { signIn } from '../../pages/index.js';
import { atAccountOf, signedInAs, signOut } from '../journeys/session.js';
import type { Page } from '@playwright/test';

export interface Scene {
  page: Page;
  app: App;
  canaries: Canaries;
  provider: Provider;
}

/** Signs in and out; each leg is asked once, and nothing secret is left anywhere. */
export async function signsIn({ page, app, canaries, provider }: Scene, more: Partial<Counts> = {}): Promise<void> {
  await signIn(page, app);
  await atAccountOf(page, app);
  await expect(page.getByRole('main').getByText('ada@example.org').first()).toBeVisible();
  expect(await provider.counts()).toMatchObject({
    authorize: 1, token: 1, userinfo: 1, par: 0, elsewhere: 0, ...more,
  });
  await canaries.check(page, app);
  await signOut(page);
  await page.waitForURL((url) => url.pathname !== '/account');
  expect(await signedInAs(page.context(), app)).toBeNull();
}

/** The one request of this leg. */
export async function requestTo(provider: Provider, leg: ProviderRequest['leg']): Promise<ProviderRequest> {
  const [request, ...others] = (await provider.requests()).filter((one) => one.leg === leg);
  if (!request || others.length > 0) throw new Error(`${leg} was asked ${others.length + (request ? 1 : 0)} times`);
  return request;
}
