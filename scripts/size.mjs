// What a first visit to `/` costs, against the budget: the server itself is started and asked, so that
// only files the page really names are counted, in the size in which they are really sent.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

// What is promised for a first visit, and what it may become one day.
const BUDGET = { total: 135_000, html: 8_000, css: 8_000 };
const STRETCH = 105_000;
const SITE = "target/site";
const SERVER = "target/release/wrengate";

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
const row = (name, raw, sent, note = "") =>
  console.log(`${name.padEnd(48)} ${String(raw).padStart(9)} ${String(sent).padStart(9)}  ${note}`.trimEnd());

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

function listSite() {
  row("file of the site", "raw", "brotli");
  for (const path of [...filesUnder(SITE)].sort()) {
    if (/\.(br|gz)$/.test(path)) continue;
    const compressed = existsSync(`${path}.br`) ? statSync(`${path}.br`).size : brotli(readFileSync(path)).length;
    row(relative(SITE, path), statSync(path).size, compressed);
  }
}

function fetchRaw(url) {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { "accept-encoding": "br", accept: "text/html,*/*" }, timeout: 10_000 }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const sent = Buffer.concat(chunks);
        const isBrotli = response.headers["content-encoding"] === "br";
        resolve({ status: response.statusCode, sent: sent.length, isBrotli, body: isBrotli ? brotliDecompressSync(sent) : sent });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer`)));
    request.on("error", reject);
  });
}

async function fetchOk(url) {
  const answer = await fetchRaw(url);
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
  return answer;
}

async function startServer(scratch) {
  const port = execFileSync(process.execPath, ["scripts/net.mjs", "port"], { encoding: "utf8" }).trim();
  const origin = `http://127.0.0.1:${port}`;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(WRENGATE|LEPTOS)_/.test(name));
  const server = spawn(SERVER, ["serve"], {
    env: {
      ...Object.fromEntries(inherited),
      WRENGATE_ADDR: `127.0.0.1:${port}`,
      WRENGATE_PUBLIC_ORIGIN: origin,
      WRENGATE_PROVIDER: "local",
      WRENGATE_STORE: `sqlite:${join(scratch, "size.db")}`,
      WRENGATE_SITE_ROOT: SITE,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  server.stdout.on("data", (chunk) => (output += chunk));
  server.stderr.on("data", (chunk) => (output += chunk));
  const ended = new Promise((resolve) => server.once("close", resolve));
  server.once("error", (error) => (output += error.message));

  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (server.exitCode !== null || server.pid === undefined) break;
    const healthy = await fetchRaw(`${origin}/healthz`).catch(() => undefined);
    if (healthy?.status === 200) return { origin, server, ended };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill("SIGKILL");
  throw new Error(`${SERVER} did not start:\n${output.slice(-2000)}`);
}

// Addresses of styles, scripts, WASM and words in a page; of further modules in a script; of what a loader
// fetches later.
export function references(text, base) {
  const found = new Set();
  const inPage = /["'(]([^"'()\s<>]+\.(?:css|js|wasm|txt))(?:\?[^"'()\s]*)?["')]/g;
  for (const [, address] of text.matchAll(inPage)) found.add(new URL(address, base).href);
  return found;
}
export function moduleImports(text, base) {
  const found = new Set();
  for (const [, address] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{0,2}\/[^"']+\.js)["']/g)) found.add(new URL(address, base).href);
  return found;
}

export function parts(text, base) {
  const found = new Set();
  for (const [, address] of text.matchAll(/new URL\(["'](\.\/[^"']+\.wasm)["']/g)) found.add(new URL(address, base).href);
  return found;
}

// The parts of the module that other pages fetch. A page that names one fetches it, so `/` may name none.
async function listParts(later, seen) {
  if (later.size > 0) row("\nnot of a first visit", "raw", "brotli");
  for (const url of later) {
    if (seen.has(url)) throw new Error(`a first visit fetches ${url}`);
    const asset = await fetchOk(url);
    row(new URL(url).pathname, asset.body.length, asset.sent, asset.isBrotli ? "" : "sent uncompressed");
  }
}

async function measureVisit(origin) {
  const page = await fetchOk(`${origin}/`);
  const html = brotli(page.body).length;
  const sums = { html, css: 0, js: 0, wasm: 0, txt: 0 };
  row("\nfirst visit to /", "raw", "brotli");
  row("HTML", page.body.length, html, page.isBrotli ? "" : "sent uncompressed; compressed here for the budget");

  const queue = [...references(page.body.toString("utf8"), `${origin}/`)];
  const seen = new Set();
  const later = new Set();
  while (queue.length > 0) {
    const url = queue.shift();
    if (seen.has(url)) continue;
    seen.add(url);
    if (!url.startsWith(`${origin}/`)) throw new Error(`the page names a file of another origin: ${url}`);
    const kind = url.slice(url.lastIndexOf(".") + 1);
    const asset = await fetchOk(url);
    sums[kind] += asset.sent;
    row(new URL(url).pathname, asset.body.length, asset.sent, asset.isBrotli ? "" : "sent uncompressed");
    if (kind !== "js") continue;
    const script = asset.body.toString("utf8");
    queue.push(...moduleImports(script, url));
    if (url.includes("/__wasm_split.")) for (const part of parts(script, url)) later.add(part);
  }
  await listParts(later, seen);
  for (const kind of ["css", "js", "wasm", "txt"]) {
    if (sums[kind] === 0) throw new Error(`the page names no ${kind} file, so this is not the whole visit`);
  }
  return sums;
}

function judge(sums) {
  const total = Object.values(sums).reduce((sum, size) => sum + size, 0);
  const limits = [
    ["HTML", sums.html, BUDGET.html],
    ["CSS", sums.css, BUDGET.css],
    ["all", total, BUDGET.total],
  ];
  console.log("");
  let over = 0;
  for (const [name, size, limit] of limits) {
    const fits = size <= limit;
    if (!fits) over += 1;
    console.log(`${name.padEnd(6)} ${String(size).padStart(7)} of ${String(limit).padStart(7)} bytes  ${fits ? "ok" : "OVER BUDGET"}`);
  }
  const left = total - STRETCH;
  console.log(`stretch ${String(STRETCH).padStart(16)} bytes  ${left <= 0 ? "reached" : `${left} to go`}`);
  return over;
}

async function main() {
  listSite();
  const scratch = mkdtempSync(join(tmpdir(), "wrengate-size-"));
  let running;
  try {
    running = await startServer(scratch);
    process.exitCode = judge(await measureVisit(running.origin)) > 0 ? 1 : 0;
  } catch (error) {
    console.error(`size: ${error.message}`);
    process.exitCode = 1;
  } finally {
    running?.server.kill("SIGTERM");
    await running?.ended;
    rmSync(scratch, { recursive: true, force: true });
  }
}

// Its tests import it.
if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
