// The sums that `make test` ends with are only as true as this reading of four runners' outputs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { count, failures } from "./count.mjs";

test("nextest_counts_passed_slow_and_skipped", () => {
  const text = "     Summary [   0.011s] 12 tests run: 12 passed (1 slow, 1 leaky), 3 skipped\n";
  assert.deepEqual(count("nextest", text), [12, 0, 3]);
});

test("nextest_counts_timeouts_and_tests_never_run_as_failed", () => {
  const text = "     Summary [ 180.000s] 4/6 tests run: 1 passed, 1 failed, 1 exec failed, 1 timed out, 0 skipped\n";
  assert.deepEqual(count("nextest", text), [1, 5, 0]);
});

test("nextest_reads_through_colours_and_the_singular", () => {
  const text = "\x1b[32;1m     Summary\x1b[0m [   0.003s] \x1b[1m1\x1b[0m test run: \x1b[1m1\x1b[0m passed, \x1b[1m0\x1b[0m skipped";
  assert.deepEqual(count("nextest", text), [1, 0, 0]);
});

test("libtest_adds_up_every_executable", () => {
  const text = [
    "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
    "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s",
  ].join("\n");
  assert.deepEqual(count("libtest", text), [5, 1, 1]);
});

test("tap_counts_cancelled_as_failed", () => {
  const text = "# tests 6\n# suites 1\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n# duration_ms 5\n";
  assert.deepEqual(count("tap", text), [3, 2, 1]);
});

test("playwright_counts_errors_outside_tests_as_failed", () => {
  const report = { stats: { expected: 4, flaky: 1, unexpected: 1, skipped: 2 }, errors: [{ message: "no such file" }] };
  assert.deepEqual(count("playwright", JSON.stringify(report)), [5, 2, 2]);
});

test("playwright_excuses_two_passes_at_a_second_try_and_no_more", () => {
  const of = (flaky) => count("playwright", JSON.stringify({ stats: { expected: 9, flaky, unexpected: 0, skipped: 0 }, errors: [] }));
  assert.deepEqual(of(2), [11, 0, 0]);
  assert.deepEqual(of(3), [9, 3, 0]);
});

test("output_without_numbers_is_refused", () => {
  for (const kind of ["nextest", "libtest", "tap", "playwright"]) {
    assert.throws(() => count(kind, "error: could not compile `wrengate`\n"));
  }
});

test("sums_that_disagree_are_refused", () => {
  assert.throws(() => count("nextest", "Summary [ 1s] 5 tests run: 3 passed, 1 failed, 0 skipped"));
  assert.throws(() => count("tap", "# tests 6\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n"));
});

test("nextest_names_each_failure_once", () => {
  const text = [
    "        FAIL [   0.010s] (3/4) wrengate-server::it a::b",
    "     Summary [   0.011s] 4 tests run: 2 passed (1 slow), 1 failed, 1 timed out, 0 skipped",
    "        SLOW [   9.000s] (1/4) wrengate-server::it a::slow",
    "        FAIL [   0.010s] (3/4) wrengate-server::it a::b",
    "     TIMEOUT [ 180.000s] ( 4/4) wrengate-server::it a::c",
  ].join("\n");
  assert.deepEqual(failures("nextest", text), ["FAIL: wrengate-server::it a::b", "TIMEOUT: wrengate-server::it a::c"]);
});

test("libtest_and_the_runner_of_wasm_name_their_failures", () => {
  assert.deepEqual(failures("libtest", "test a::b ... ok\ntest a::c ... FAILED\ntest d ... FAIL\n"), ["a::c", "d"]);
});

test("tap_names_failures_but_not_what_is_to_do", () => {
  const text = "ok 1 - fine\nnot ok 2 - broken\n    not ok 1 - inner\nnot ok 3 - later # \x54ODO\n";
  assert.deepEqual(failures("tap", text), ["broken", "inner"]);
});

test("playwright_names_file_line_titles_and_the_first_line_of_the_message", () => {
  const spec = (title, status, ...errors) => ({ title, file: "a.spec.ts", line: 7, tests: [{ status, results: errors.map((error) => ({ error })) }] });
  const report = {
    suites: [
      {
        title: "a.spec.ts",
        line: 0,
        specs: [spec("fine", "expected", undefined), spec("slow", "flaky", { message: "Error: late\nmore" }, undefined)],
        suites: [{ title: "dark", line: 3, specs: [spec("broken", "unexpected", { message: "\x1b[31mError: no\x1b[39m\nmore" })] }],
      },
    ],
    errors: [{ message: "no such file\nat b" }],
  };
  assert.deepEqual(failures("playwright", JSON.stringify(report)), [
    "a.spec.ts:7 dark > broken: Error: no",
    "again: a.spec.ts:7 slow: Error: late",
    "outside any test: no such file",
  ]);
});
