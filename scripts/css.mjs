// cargo-leptos ships unminified CSS without a word when minifying fails, so this checks what it built:
// sources and bundle must go through lightningcss without an error or a warning, and the bundle be minified.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../end2end/package.json", import.meta.url));
const { bundle, transform } = require("lightningcss");
const problems = [];

function check(name, work) {
  try {
    const { code, warnings } = work();
    for (const { message, loc } of warnings) problems.push(`${name}:${loc.line}:${loc.column}: ${message}`);
    return code.length;
  } catch (error) {
    const at = error.loc ? `:${error.loc.line}:${error.loc.column}` : "";
    problems.push(`${error.fileName ?? name}${at}: ${error.message}`);
    return 0;
  }
}

check("style/main.css", () => bundle({ filename: "style/main.css", minify: true, errorRecovery: false }));

const folder = "target/site/pkg";
const built = readdirSync(folder).filter((name) => name.endsWith(".css"));
if (built.length === 0) problems.push(`${folder} holds no CSS`);
for (const name of built) {
  const file = `${folder}/${name}`;
  const code = readFileSync(file);
  const minified = check(file, () => transform({ filename: file, code, minify: true, errorRecovery: false }));
  if (minified > 0 && code.length > minified * 1.1) {
    problems.push(`${file}: ${code.length} bytes, minified ${minified}: the build did not minify it`);
  }
  console.log(`css: ${file}, ${code.length} bytes`);
}

for (const problem of problems) console.error(`css: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
