// A sheet whose name did not change with it would be kept by browsers for a year.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

test("a_sheet_is_named_after_what_is_in_it_and_replaces_the_one_before", () => {
  const pkg = mkdtempSync(join(tmpdir(), "wrengate-sheets-"));
  try {
    const hashes = join(pkg, "hash.txt");
    writeFileSync(hashes, "js: one\ncss: two");
    writeFileSync(join(pkg, `inspector.${"o".repeat(22)}.css`), "");
    const run = () => execFileSync(process.execPath, ["scripts/sheets.mjs", pkg, hashes], { cwd: ROOT });
    run();
    const first = readFileSync(hashes, "utf8");
    run();
    assert.equal(readFileSync(hashes, "utf8"), first, "twice is as once");
    const hash = /^inspector: ([\w-]{22})$/m.exec(first)?.[1];
    assert.ok(first.startsWith("js: one\ncss: two\n"), first);
    const files = readdirSync(pkg).filter((file) => file.startsWith("inspector.")).sort();
    assert.deepEqual(files, ["css", "css.br", "css.gz"].map((end) => `inspector.${hash}.${end}`));
    const css = readFileSync(join(pkg, `inspector.${hash}.css`), "utf8");
    assert.ok(css.startsWith("@layer pages{"), css.slice(0, 40));
    assert.equal(brotliDecompressSync(readFileSync(join(pkg, `inspector.${hash}.css.br`))).toString("utf8"), css);
  } finally {
    rmSync(pkg, { recursive: true });
  }
});
