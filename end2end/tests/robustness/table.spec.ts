/** The robustness table: each of its rows has a test that is named after it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../../fixtures/index.js';
import { ROOT } from '../../fixtures/child.js';

const ROWS = 33;

test('every row has a test, and every test a row', () => {
  const tests = join(ROOT, 'end2end/tests');
  const files = readdirSync(tests, { recursive: true }).map(String).filter((file) => file.endsWith('.spec.ts'));
  const titles = files.flatMap((file) => [
    ...readFileSync(join(tests, file), 'utf8').matchAll(/^ *(?:test|\w+Test|scriptless)\(['`"]R(\d+): /gm),
  ]);
  const found = new Set(titles.map(([, row]) => Number(row)));
  expect([...found].sort((one, other) => one - other)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
});
