// A file that browsers keep for a year must have another name as soon as anything in it is another.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const name = (letter) => letter.repeat(22);

/** A site as cargo-leptos leaves it, with some of its files in other words. */
function build(scratch, { script = "", module = "", loader = "", part = "", names = { js: "a", wasm: "b", split: "c", part: "d" } } = {}) {
  const pkg = join(scratch, "pkg");
  const hashes = join(scratch, "hash.txt");
  rmSync(pkg, { recursive: true, force: true });
  mkdirSync(pkg);
  const files = {
    [`wrengate.${name(names.js)}.js`]: `import * as l from "./__wasm_split.${name(names.split)}.js"; ${script}`,
    [`wrengate.${name(names.wasm)}.wasm`]: Buffer.from(`\0asm\xff ./__wasm_split.${name(names.split)}.js ${module}`, "latin1"),
    [`__wasm_split.${name(names.split)}.js`]: `import "./wrengate.${name(names.js)}.js"; fetch("./split_signed_in.${name(names.part)}.wasm") ${loader}`,
    [`split_signed_in.${name(names.part)}.wasm`]: Buffer.from(`\0asm\xfe ${part}`, "latin1"),
    [`wrengate.${name("s")}.css`]: "a{}",
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(pkg, file), text);
  writeFileSync(join(pkg, `wrengate.${name(names.js)}.js.br`), "old");
  writeFileSync(hashes, `js: ${name(names.js)}\nwasm: ${name(names.wasm)}\ncss: ${name("s")}\nmanifest: ${name("m")}\nsplit: ${name(names.split)}\n`);
  return { pkg, hashes };
}

function rehash({ pkg, hashes }) {
  const ran = spawnSync(process.execPath, ["scripts/rehash.mjs", pkg, hashes], { encoding: "utf8" });
  return { ...ran, table: readFileSync(hashes, "utf8"), files: readdirSync(pkg).sort() };
}

function inScratch(work) {
  const scratch = mkdtempSync(join(tmpdir(), "wrengate-rehash-"));
  try {
    work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

test("the_family_gets_one_name_and_names_each_other_by_it", () => inScratch((scratch) => {
  const { status, stderr, table, files } = rehash(build(scratch));
  assert.equal(status, 0, stderr);
  const joint = table.match(/^js: ([\w-]{22})$/m)[1];
  assert.equal(table, `js: ${joint}\nwasm: ${joint}\ncss: ${name("s")}\nmanifest: ${name("m")}\nsplit: ${joint}\n`);
  const family = [`__wasm_split.${joint}.js`, `split_signed_in.${joint}.wasm`, `wrengate.${joint}.js`, `wrengate.${joint}.wasm`];
  const expected = [...family.flatMap((file) => [file, `${file}.br`, `${file}.gz`]), `wrengate.${name("s")}.css`].sort();
  assert.deepEqual(files, expected);
  for (const file of family) {
    const bytes = readFileSync(join(scratch, "pkg", file));
    for (const letter of "abcd") assert.ok(!bytes.includes(name(letter)), `${file} names ${letter}`);
    assert.deepEqual(brotliDecompressSync(readFileSync(join(scratch, "pkg", `${file}.br`))), bytes);
    assert.deepEqual(gunzipSync(readFileSync(join(scratch, "pkg", `${file}.gz`))), bytes);
  }
  const module = readFileSync(join(scratch, "pkg", `wrengate.${joint}.wasm`), "latin1");
  assert.equal(module, `\0asm\xff ./__wasm_split.${joint}.js `);
}));

test("a_change_in_any_file_changes_every_name", () => inScratch((scratch) => {
  const seen = new Set();
  for (const change of [{}, { script: "x" }, { module: "x" }, { loader: "x" }, { part: "x" }, { part: "y" }]) {
    seen.add(rehash(build(scratch, change)).table);
  }
  assert.equal(seen.size, 6);
}));

test("the_same_content_has_the_same_name_whatever_it_was_called_before", () => inScratch((scratch) => {
  const first = rehash(build(scratch)).table;
  assert.equal(rehash(build(scratch, { names: { js: "e", wasm: "f", split: "g", part: "h" } })).table, first);
  const again = rehash({ pkg: join(scratch, "pkg"), hashes: join(scratch, "hash.txt") });
  assert.equal(again.status, 0, again.stderr);
  assert.equal(again.table, first);
}));

test("a_build_that_is_not_whole_stops", () => inScratch((scratch) => {
  for (const gone of [`split_signed_in.${name("d")}.wasm`, `__wasm_split.${name("c")}.js`, `wrengate.${name("b")}.wasm`]) {
    const site = build(scratch);
    rmSync(join(site.pkg, gone));
    const { status, stderr } = rehash(site);
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(gone.replaceAll(".", "\\.")));
  }
  const site = build(scratch);
  writeFileSync(site.hashes, `js: ${name("a")}\nwasm: ${name("b")}\n`);
  assert.match(rehash(site).stderr, /no hash of kind split/);
}));
