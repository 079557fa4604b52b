import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root, sources } from "./files.ts";

const files = sources("src", ".ts");

interface Import {
  readonly from: string;
  readonly what: string;
}

/** What a source imports, type imports and dynamic ones included. */
function importsOf(text: string): readonly Import[] {
  const found = text.matchAll(/\b(?:import|export)\s+(?:type\s+)?([^"';()]*?)\s*from\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g);
  return Array.from(found, ([, what = "", from, bare]) => ({ what, from: from ?? bare ?? "" }));
}

/** Lower layers first; an arrow points down or stays in its layer. */
const layers = ["messages", "catalog", "core", "engines", "targets", "readers", "jobs", "pitfalls", "assembly", "cli"];

/** The layer of a source; what puts the parts together stands directly in `src`. */
function layerOf(file: string): string | null {
  const [, folder = "", rest] = file.split("/");
  if (rest !== undefined) return folder;
  return ["version.ts", "templates.d.ts"].includes(folder) ? null : "assembly";
}

const edges = [...files].flatMap(([file, text]) =>
  importsOf(text)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from }) => ({ file, to: path.posix.join(path.posix.dirname(file), from) })),
);

test("the sources are all seen, and so are their imports", () => {
  expect(files.size).toBeGreaterThan(80);
  expect(edges.length).toBeGreaterThan(300);
  for (const { to } of edges) if (to.endsWith(".ts")) expect([...files.keys()]).toContain(to);
});

test("every source is in a layer, and imports from its own layer or a lower one only", () => {
  const upward = edges.flatMap(({ file, to }) => {
    const [from, into] = [layerOf(file), to.startsWith("src/") ? layerOf(to) : null];
    for (const layer of [from, into]) if (layer !== null) expect(layers).toContain(layer);
    if (from === null || into === null) return [];
    return layers.indexOf(into) > layers.indexOf(from) ? [`${file} → ${to}`] : [];
  });
  expect(upward).toEqual([]);
});

test("messages and the catalogue stand by themselves", () => {
  for (const layer of ["messages", "catalog"]) {
    const others = edges.filter(({ file, to }) => layerOf(file) === layer && to.startsWith("src/") && layerOf(to) !== layer);
    expect(others.map(({ file, to }) => `${file} → ${to}`)).toEqual([]);
  }
});

test("an engine knows nothing of the files that are written for it", () => {
  for (const { file, to } of edges) if (file.startsWith("src/engines/")) expect(to, file).not.toMatch(/^(?:src\/targets|templates)\//);
});

test("sources import no circle of values", () => {
  const values = new Map<string, readonly string[]>();
  for (const [file, text] of files) {
    const real = text.replace(/\b(?:import|export)\s+type\s+[^;]*;/g, "").replace(/\{([^}]*)\}(?=\s*from)/g, (_, names: string) =>
      names.split(",").every((name) => /^\s*type\s/.test(name) || name.trim() === "") ? "type" : "{x}",
    ).replace(/\bimport\s+type\s*from\s*"[^"]+";/g, "");
    const static_ = importsOf(real).filter(({ from, what }) => from.startsWith(".") && what !== "");
    values.set(file, static_.map(({ from }) => path.posix.join(path.posix.dirname(file), from)).filter((to) => files.has(to)));
  }
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    expect(way, [...way, file].join(" → ")).not.toContain(file);
    if (done.has(file)) return;
    for (const next of values.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
});

/** The library's border may ask for Node's own SHA-256 where there is one; it does without everywhere else. */
const BORDER = "src/index.ts";
const pure = [...files].filter(([file]) => !file.startsWith("src/cli/") && file !== BORDER);

/** A source without its comments and texts. */
const bare = (text: string): string =>
  text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1").replace(/"(?:\\.|[^"\\\n])*"/g, '""');

describe("everything outside src/cli and the library's border", () => {
  test("imports neither Node's modules nor what talks to a person", () => {
    for (const [file, text] of pure) {
      for (const { from } of importsOf(text)) {
        expect(from, file).not.toMatch(/^(?:node:|yargs|inquirer|@inquirer|prettier)/);
        const parsers = file.startsWith("src/readers/") ? ["jsonc-parser", "yaml", "@lezer/python", "unbash"] : [];
        if (!from.startsWith(".")) expect(["zod", "handlebars", "@noble/hashes/sha2.js", "@noble/hashes/utils.js", ...parsers], file).toContain(from);
      }
    }
  });

  test.each([
    ["process", /\bprocess\b\s*[.[]/],
    ["a clock", /\bDate\b|\bperformance\b|\bsetTimeout\b|\bsetInterval\b/],
    ["console", /\bconsole\b/],
    ["chance", /Math\.random|\bcrypto\b/],
    ["Node's globals", /\bBuffer\b|\bglobalThis\b|\b__dirname\b|\brequire\(/],
    ["the network", /\bfetch\(|\bXMLHttpRequest\b/],
    ["code made of text", /\beval\(|\bnew Function\b/],
  ])("does not use %s", (_, pattern) => {
    for (const [file, text] of pure) expect(bare(text), file).not.toMatch(pattern);
  });
});

test("the library's border imports no module of Node, and asks for nothing of Node but its digest", () => {
  const text = files.get(BORDER) ?? "";
  for (const { from } of importsOf(text.replace(/typeof import\("[^"]+"\)/g, ""))) expect(from).not.toMatch(/^node:/);
  expect(text.match(/getBuiltinModule\?\.\("[^"]*"\)/g) ?? []).toEqual([expect.stringContaining('"node:crypto"')]);
  expect(bare(text)).not.toMatch(/\bDate\b|\bconsole\b|Math\.random|\benv\b|\bargv\b/);
});

test("zod is imported whole, so that a bundler can leave out what is not used", () => {
  for (const [file, text] of files) {
    for (const { from, what } of importsOf(text)) if (from === "zod") expect(what, file).toMatch(/^(?:type )?\* as z$/);
  }
});

test("no source is longer than 350 lines, and no test of the core longer than 250", () => {
  for (const [file, text] of files) expect(text.split("\n").length, file).toBeLessThanOrEqual(350);
  for (const [file, text] of sources("test/core", ".ts")) expect(text.split("\n").length, file).toBeLessThanOrEqual(250);
});

const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Readonly<Record<string, unknown>>;

test("the package installs nothing beside itself", () => {
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"]) {
    expect(Object.keys(manifest[kind] ?? {}), kind).toEqual([]);
  }
  expect(Object.keys((manifest["scripts"] ?? {}) as object)).not.toEqual(expect.arrayContaining(["postinstall"]));
});

test("the library, as it is bundled, needs nothing of Node: every module that it reaches is its own", () => {
  const seen = new Set<string>();
  const outside: string[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(`${root}dist/${file}`, "utf8");
    for (const [, from, bareImport, dynamic] of text.matchAll(/\bfrom\s*["'`]([^"'`]+)["'`]|\bimport\s*["'`]([^"'`]+)["'`]|\bimport\(\s*["'`]([^"'`]+)["'`]/g)) {
      const to = from ?? bareImport ?? dynamic ?? "";
      if (/^\.{1,2}\//.test(to)) visit(path.posix.join(path.posix.dirname(file), to));
      else if (/^(?:node:)?[a-z@][\w./@-]*$/.test(to)) outside.push(`${file}: ${to}`);
    }
  };
  visit("index.js");
  expect(seen.size).toBeGreaterThan(1);
  expect(outside).toEqual([]);
});
