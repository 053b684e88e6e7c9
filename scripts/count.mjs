// Reads how many tests passed, failed and were skipped out of a runner's own output: count.mjs KIND FILE.
// Prints "PASSED FAILED SKIPPED", or fails: a number that cannot be read must not look like zero failures.
// After it a line for each test that failed, as far as the runner names them, and one that begins with
// "again: " for each that passed at its second try only.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** In one run of the browser tests. */
const AGAIN_AT_MOST = 2;

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

  // The JSON report of Playwright. Errors outside any test (a broken file, a failed set-up) count as failures,
  // and so do passes at a second try, once there are more than a busy machine explains.
  playwright(text) {
    const { stats, errors } = JSON.parse(text);
    const excused = stats.flaky <= AGAIN_AT_MOST ? stats.flaky : 0;
    const counts = [stats.expected + excused, stats.unexpected + stats.flaky - excused + errors.length, stats.skipped];
    if (!counts.every(Number.isInteger)) throw new Error("the report has no statistics");
    return counts;
  },
};

const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match.slice(1).filter(Boolean).join(": "));

function* named({ suites = [], specs = [] }, status, titles = []) {
  for (const spec of specs.filter(({ tests }) => tests.some((test) => test.status === status))) {
    const message = spec.tests.flatMap(({ results }) => results.map(({ error }) => error?.message)).find(Boolean);
    const name = `${spec.file}:${spec.line} ${[...titles, spec.title].join(" > ")}`;
    yield message ? `${name}: ${message.split("\n", 1)[0]}` : name;
  }
  // The outermost suites are the files, which the name has already.
  for (const suite of suites) yield* named(suite, status, suite.line ? [...titles, suite.title] : titles);
}

const names = {
  // Nextest tells each failure as it happens and again under the summary.
  nextest: (text) => all(text.slice(text.lastIndexOf(" Summary [")), /^\s*(?:TRY \d+ )?((?!PASS|SLOW|LEAK)[A-Z][A-Z-]+) \[[^\]]*\] (?:\([ \d/]+\) )?(.+)$/gm),
  libtest: (text) => all(text, /^test (.+) \.\.\. FAIL(?:ED)?$/gm),
  tap: (text) => all(text, /^ *not ok \d+ - (?!.* # (?:T[O]DO|SKIP))(.+)$/gm),
  playwright(text) {
    const report = JSON.parse(text);
    const again = [...named(report, "flaky")].map((name) => `again: ${name}`);
    return [...named(report, "unexpected"), ...again, ...report.errors.map(({ message }) => `outside any test: ${String(message).split("\n", 1)[0]}`)];
  },
};

const plain = (text) => text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");

export const count = (kind, text) => readers[kind](plain(text));

export const failures = (kind, text) => names[kind](plain(text)).map((name) => plain(name));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , kind, file] = process.argv;
  const text = readFileSync(file, "utf8");
  console.log([count(kind, text).join(" "), ...failures(kind, text)].join("\n"));
}
