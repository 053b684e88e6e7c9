/** The catalogue as a whole: what each failure must have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../../fixtures/index.js';
import { ROOT } from '../../fixtures/child.js';

const ROW = /^ {4}\w+ "([a-z-]+)" (?:\d{3}|browser) /gm;

test('every failure of the protocol has one file of tests, and no file is about anything else', () => {
  const source = readFileSync(join(ROOT, 'app/protocol/src/failure.rs'), 'utf8');
  const codes = [...source.matchAll(ROW)].map(([, code]) => `${code}.spec.ts`);
  expect(codes.length).toBeGreaterThan(50);
  const files = readdirSync(join(ROOT, 'end2end/tests/failures'));
  expect(files.filter((file) => file !== 'catalogue.spec.ts').sort()).toEqual(codes.sort());
});

test('every fault of the development provider is tried, where its failure is tested', async ({ provider }) => {
  const tests = join(ROOT, 'end2end/tests');
  const read = (file: string): string => readFileSync(join(tests, file), 'utf8');
  const files = readdirSync(tests, { recursive: true }).map(String).filter((file) => file.endsWith('.spec.ts'));
  const everything = files.map(read).join('\n');
  const untried = (await provider.faults()).filter(({ name, failure }) => {
    const where = failure === null ? everything : read(`failures/${failure}.spec.ts`);
    return !where.includes(`'${name}'`);
  });
  expect(untried).toEqual([]);
});
