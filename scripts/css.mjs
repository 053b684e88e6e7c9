// cargo-leptos ships unminified CSS without a word when minifying fails, so this checks what it built:
// sources and bundle must go through lightningcss without an error or a warning, and the bundle be minified.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../end2end/package.json", import.meta.url));
const { bundle, transform } = require("lightningcss");
const problems = [];

function check(name, work) {
  try {
    for (const { message, loc } of work().warnings) problems.push(`${name}:${loc.line}:${loc.column}: ${message}`);
  } catch (error) {
    const at = error.loc ? `:${error.loc.line}:${error.loc.column}` : "";
    problems.push(`${error.fileName ?? name}${at}: ${error.message}`);
  }
}

check("style/main.css", () => bundle({ filename: "style/main.css", minify: true, errorRecovery: false }));

check("style/inspector.css", () => bundle({ filename: "style/inspector.css", minify: true, errorRecovery: false }));

const hashes = readFileSync("target/release/hash.txt", "utf8");
for (const [kind, name] of [["css", "wrengate"], ["inspector", "inspector"]]) {
  const hash = hashes.match(new RegExp(`^${kind}: (.+)$`, "m"))?.[1];
  const file = `target/site/pkg/${name}.${hash}.css`;
  const code = readFileSync(file);
  check(file, () => transform({ filename: file, code, minify: true, errorRecovery: false }));
  // Minified, it is one line. Sizes would not tell: the build writes fallbacks for older browsers.
  if (code.toString("utf8").trim().includes("\n")) problems.push(`${file}: the build did not minify it`);
  console.log(`css: ${file}, ${code.length} bytes`);
}

for (const problem of problems) console.error(`css: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
