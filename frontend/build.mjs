// Makes everything in portal/static/portal/dist: one self-contained file per page, the same bytes
// from the same sources. BUILD.json lets a test without Node tell whether dist is up to date.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(HERE, "..", "portal", "static", "portal", "dist");
const ENTRIES = [
  { in: "src/js/base.js", out: "base" },
  { in: "src/js/upload.js", out: "upload" },
  { in: "src/js/workbench.js", out: "workbench" },
  { in: "src/css/portal.css", out: "portal" },
  { in: "src/css/workbench.css", out: "workbench" },
];
const SHIPPED = ["htmx.org", "idiomorph", "lucide-static", "ol", "quickselect", "rbush", "simplify-js"];
// The oldest browsers a policyholder's phone or an adjuster's desktop is likely to have.
const TARGET = ["chrome109", "firefox115", "safari16"];
const DRAWING = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';

const inPackage = (name, file) => readFile(path.join(HERE, "node_modules", name, file), "utf8");

/** Bundle scripts and styles. */
function bundle() {
  return build({
    absWorkingDir: HERE,
    entryPoints: ENTRIES,
    outdir: DIST,
    bundle: true,
    minify: true,
    format: "iife",
    target: TARGET,
    charset: "utf8",
    // htmx never gets to its eval (allowEval: false); a direct one would keep names long.
    define: { eval: "globalThis.eval" },
    legalComments: "none",
    logLevel: "warning",
  });
}

/** One Lucide icon as a symbol of its own name. */
async function symbol(name) {
  const svg = await inPackage("lucide-static", `icons/${name}.svg`);
  const [, shapes] = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/);
  return `<symbol id="${name}" viewBox="0 0 24 24" ${DRAWING}>${shapes.replace(/\n\s*/g, "")}</symbol>`;
}

async function sprite() {
  const names = JSON.parse(await readFile(path.join(HERE, "src/icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function licence(name) {
  const { version, license } = JSON.parse(await inPackage(name, "package.json"));
  const files = await readdir(path.join(HERE, "node_modules", name));
  const text = await inPackage(name, files.find((file) => file.startsWith("LICENSE")));
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

async function licences() {
  const texts = await Promise.all(SHIPPED.map(licence));
  const line = `\n${"-".repeat(78)}\n\n`;
  return `The files in this folder contain work of others, under these licences.\n${line}${texts.join(line)}`;
}

/** Every file below a folder, as paths with forward slashes, in one fixed order. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join("/"))
    .sort();
}

async function digests(folder, names) {
  const digest = async (name) => {
    const bytes = await readFile(path.join(folder, name));
    return [name, createHash("sha256").update(bytes).digest("hex")];
  };
  return Object.fromEntries(await Promise.all(names.map(digest)));
}

async function record() {
  const written = (await filesBelow(path.join(HERE, "src"))).map((name) => `src/${name}`);
  const sources = ["build.mjs", "package-lock.json", "package.json", ...written];
  return {
    sources: await digests(HERE, sources),
    outputs: await digests(DIST, await filesBelow(DIST)),
  };
}

const write = (name, text) => writeFile(path.join(DIST, name), text);

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST, { recursive: true });
await bundle();
await write("icons.svg", await sprite());
await write("THIRD_PARTY.txt", await licences());
await write("BUILD.json", `${JSON.stringify(await record(), null, 2)}\n`);
