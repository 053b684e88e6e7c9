import { expect, type Page } from '@playwright/test';
import { ready } from './ready.js';

/** A row of the catalogue, as a person sees it. */
export interface Problem {
  /** The last part of the address. */
  code: string;
  /** The heading. */
  h1?: string;
  /** The status of the page. */
  status?: number;
}

/** The page of a failure: its address, status, heading, a way on, and nothing raw. */
export async function problem(page: Page, expected: Problem | string): Promise<void> {
  const { code, h1, status } = typeof expected === 'string' ? { code: expected } as Problem : expected;
  await page.waitForURL((url) => url.pathname.startsWith('/problem/'));
  expect(new URL(page.url()).pathname).toBe(`/problem/${code}`);
  expect(new URL(page.url()).search).toBe('');
  await ready(page);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveCount(1);
  if (h1 === undefined) await expect(heading).not.toBeEmpty();
  else await expect(heading).toHaveText(h1);
  await heading.focus();
  await expect(heading).toBeFocused();
  if (status !== undefined) expect(await statusOf(page)).toBe(status);
  const main = page.getByRole('main');
  await expect(main.getByRole('link').or(main.getByRole('button')).first()).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('{"');
}

/** The status of the document that is shown. */
export async function statusOf(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    return (entry as PerformanceNavigationTiming).responseStatus;
  });
}

/** The reference that the page shows. */
export async function referenceOf(page: Page): Promise<string> {
  const line = page.getByText(/^Reference\s[0-9A-Z]{4}-[0-9A-Z]{4}\b/);
  await expect(line).toBeVisible();
  return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await line.innerText())?.[0] ?? '';
}
