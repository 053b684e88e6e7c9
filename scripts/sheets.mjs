// Style sheets that one page alone links: cargo-leptos makes one sheet, which a first visit downloads.
// Each is minified, compressed and named after what is in it, and hash.txt gets its name.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const { transform } = createRequire(new URL("../end2end/package.json", import.meta.url))("lightningcss");
const [pkg = "target/site/pkg", hashes = "target/release/hash.txt"] = process.argv.slice(2);
const SHEETS = ["inspector"];

for (const name of SHEETS) {
  const filename = `style/${name}.css`;
  // In the layer that it would have in the one sheet, so that both are read as one.
  const source = Buffer.from(`@layer pages{${readFileSync(filename, "utf8")}}`);
  const { code, warnings } = transform({ filename, code: source, minify: true, errorRecovery: false });
  if (warnings.length > 0) throw new Error(`${filename}:${warnings[0].loc.line}: ${warnings[0].message}`);
  const hash = createHash("sha256").update(code).digest("base64url").slice(0, 22);
  const old = new RegExp(`^${name}\\.[\\w-]{22}\\.css(\\.br|\\.gz)?$`);
  for (const file of readdirSync(pkg)) if (old.test(file)) rmSync(join(pkg, file));
  const path = join(pkg, `${name}.${hash}.css`);
  writeFileSync(path, code);
  writeFileSync(`${path}.br`, brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${path}.gz`, gzipSync(code, { level: 9 }));
  const table = readFileSync(hashes, "utf8").replace(new RegExp(`^${name}: .*\n?`, "m"), "");
  writeFileSync(hashes, `${table.replace(/\n?$/, "\n")}${name}: ${hash}\n`);
  console.log(`sheets: ${path}, ${code.length} bytes`);
}
