// A file that is not found here is not counted, and the budget would hold for nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moduleImports, parts, references } from "./size.mjs";

const BASE = "http://127.0.0.1:1/";

test("every_file_that_a_page_names_is_of_the_visit", () => {
  const page = `<link rel="stylesheet" href="/pkg/a.css"><link rel="modulepreload" href="/pkg/a.js">
    <link rel="modulepreload" href="/pkg/__wasm_split.a-_0.js"><script data-module="/pkg/a.wasm" data-words="/words/en-all.0.txt">import(script)</script>
    <link rel="icon" href="/favicon.svg">`;
  const found = [...references(page, BASE)].map((address) => new URL(address).pathname).sort();
  assert.deepEqual(found, ["/pkg/__wasm_split.a-_0.js", "/pkg/a.css", "/pkg/a.js", "/pkg/a.wasm", "/words/en-all.0.txt"]);
});

test("what_a_script_imports_is_of_the_visit", () => {
  const script = 'import*as x from"./__wasm_split.b.js";import "./c.js";const later=import("../d.js")';
  const found = [...moduleImports(script, `${BASE}pkg/a.js`)].map((address) => new URL(address).pathname).sort();
  assert.deepEqual(found, ["/d.js", "/pkg/__wasm_split.b.js", "/pkg/c.js"]);
});

test("what_the_loader_fetches_later_is_a_part", () => {
  const loader = 'import { initSync } from "./wrengate.b.js"; fetch(new URL("./split_signed_in.b-_1.wasm", import.meta.url))';
  assert.deepEqual([...parts(loader, `${BASE}pkg/__wasm_split.b.js`)], [`${BASE}pkg/split_signed_in.b-_1.wasm`]);
});
