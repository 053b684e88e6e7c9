// Reads how many tests passed, failed and were skipped out of a runner's own output: count.mjs KIND FILE.
// Prints "PASSED FAILED SKIPPED", or fails: a number that cannot be read must not look like zero failures.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const number = (text, pattern) => Number(text.match(pattern)?.[1] ?? 0);

function last(text, pattern, what) {
  const all = [...text.matchAll(pattern)];
  if (all.length === 0) throw new Error(`no ${what} found`);
  return all[all.length - 1];
}

const readers = {
  // Summary [   0.1s] 3/4 tests run: 1 passed (1 slow), 1 failed, 1 timed out, 2 skipped
  nextest(text) {
    const [, run, planned, rest] = last(text, /^\s*Summary \[[^\]]*\] +(\d+)(?:\/(\d+))? tests? run: (.*)$/gm, "summary of nextest");
    const parts = rest.replace(/\([^)]*\)/g, "");
    const passed = number(parts, /(\d+) passed/);
    const failed = number(parts, /(\d+) failed/) + number(parts, /(\d+) exec failed/) + number(parts, /(\d+) timed out/);
    if (passed + failed !== Number(run)) throw new Error(`${run} tests run, but ${passed} passed and ${failed} failed`);
    const neverRun = Number(planned ?? run) - Number(run);
    return [passed, failed + neverRun, number(parts, /(\d+) skipped/)];
  },

  // test result: ok. 3 passed; 0 failed; 1 ignored; ..., once for each test executable
  libtest(text) {
    const results = [...text.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
    if (results.length === 0) throw new Error("no test result found");
    return [1, 2, 3].map((group) => results.reduce((sum, result) => sum + Number(result[group]), 0));
  },

  // # pass 3, and so on, at the end of node's TAP output
  tap(text) {
    const of = (name) => Number(last(text, new RegExp(`^# ${name} (\\d+)$`, "gm"), `"# ${name}"`)[1]);
    const [passed, failed, skipped] = [of("pass"), of("fail") + of("cancelled"), of("skipped") + of("todo")];
    if (passed + failed + skipped !== of("tests")) throw new Error("the sums of the TAP output do not agree");
    return [passed, failed, skipped];
  },

  // The JSON report of Playwright. Errors outside any test (a broken file, a failed set-up) count as failures.
  playwright(text) {
    const { stats, errors } = JSON.parse(text);
    const counts = [stats.expected + stats.flaky, stats.unexpected + errors.length, stats.skipped];
    if (!counts.every(Number.isInteger)) throw new Error("the report has no statistics");
    return counts;
  },
};

export function count(kind, text) {
  const plain = text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
  return readers[kind](plain);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , kind, file] = process.argv;
  console.log(count(kind, readFileSync(file, "utf8")).join(" "));
}
