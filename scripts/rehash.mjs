// A module that comes in parts is a family of files that name each other: script, module, loader, parts.
// cargo-leptos computes their hashes before it writes those names in, so a change in a part alone would
// change what is in a file and not its name, and a browser that keeps the file for a year would ask for
// parts that are gone. Here the family gets one name that depends on everything in all of them.
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [pkg = "target/site/pkg", hashes = "target/release/hash.txt"] = process.argv.slice(2);
const FAMILY = { js: "wrengate.HASH.js", wasm: "wrengate.HASH.wasm", split: "__wasm_split.HASH.js" };
const PART = /\b((?:split|chunk)_\w+)\.([\w-]{22})\.wasm\b/g;

const table = readFileSync(hashes, "utf8");
const read = (name, hash) => ({ name, hash, text: readFileSync(join(pkg, name), "latin1") });
const family = Object.entries(FAMILY).map(([kind, pattern]) => {
  const hash = table.match(new RegExp(`^${kind}: ([\\w-]{22})$`, "m"))?.[1];
  if (hash === undefined) throw new Error(`${hashes} has no hash of kind ${kind}`);
  return read(pattern.replace("HASH", hash), hash);
});
const loader = family.at(-1);
const parts = [...new Map([...loader.text.matchAll(PART)].map(([name, , hash]) => [name, hash]))];
if (parts.length === 0) throw new Error(`${loader.name} names no part`);
family.push(...parts.map(([name, hash]) => read(name, hash)));

// Names are of one length, so nothing moves in the modules.
const named = (text, hash) => family.reduce((text, it) => text.replaceAll(it.name, it.name.replace(it.hash, hash)), text);
const digest = createHash("sha256");
for (const { name, hash, text } of family) digest.update(`${name.replace(hash, "")}\n${text.length}\n${named(text, "-".repeat(22))}`, "latin1");
const joint = digest.digest("base64url").slice(0, 22);

for (const { name, hash, text } of family) {
  const bytes = Buffer.from(named(text, joint), "latin1");
  const path = join(pkg, name.replace(hash, joint));
  renameSync(join(pkg, name), path);
  writeFileSync(path, bytes);
  for (const ending of ["br", "gz"]) rmSync(join(pkg, `${name}.${ending}`), { force: true });
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
writeFileSync(hashes, table.replace(/^(js|wasm|split): .*$/gm, `$1: ${joint}`));
console.log(`rehash: ${family.length} files are ${joint}`);
