/** How a session ends that somebody still has the cookie of. */
import { expect } from '../fixtures/index.js';
import { expectNobody, logged, pageStatus, type Row, type Scene } from './failure.js';
import { problem } from './problem.js';

/** The account page leads to the failure, which takes the cookie back and leaves one line in the log. */
export async function endsWithTheSession(row: Row, { page, app, canaries }: Scene): Promise<void> {
  const before = logged(app, row).length;
  await page.goto(`${app.origin}/account`);
  await problem(page, { code: row.code, h1: row.h1, status: pageStatus(row) });
  await expectNobody(page);
  await expect.poll(() => logged(app, row).length).toBe(before + 1);
  expect(await page.content()).not.toContain('ada@example.org');
  await canaries.check(page, app);
}
