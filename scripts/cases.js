// Judges a folder of cases: what must be found, where, and what is found beyond that. Each folder holds files and a case.json:
// { expect: [rule], mayAlso?: [rule], at: ["file:key"], context?: { worldSize, gpu, gpus, nodes, transformers, deepspeed } }.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { check } from "../dist/index.js";

const words = process.argv.slice(2);
const json = words.includes("--json");
const verbose = words.includes("--verbose");
const folder = words.find((word) => !word.startsWith("--"));
if (folder === undefined) {
  console.error("usage: npm run cases -- FOLDER [--json] [--verbose]");
  process.exit(2);
}
const share = (/** @type {number} */ part, /** @type {number} */ whole) => (whole === 0 ? 1 : part / whole);

const ids = readdirSync(folder)
  .filter((name) => statSync(path.join(folder, name)).isDirectory())
  .sort();
const totals = { cases: 0, expected: 0, found: 0, places: 0, placed: 0, casesPlaced: 0, extra: 0 };
const missing = [];
const misplaced = [];
const extra = [];
for (const id of ids) {
  const files = readdirSync(path.join(folder, id), { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(path.join(folder, id, name)).isFile(),
  );
  if (!files.includes("case.json")) continue;
  const wanted = JSON.parse(readFileSync(path.join(folder, id, "case.json"), "utf8"));
  const sources = Object.fromEntries(
    files
      .filter((name) => name !== "case.json")
      .map((name) => [name, readFileSync(path.join(folder, id, name), "utf8")]),
  );
  const { worldSize, ...context } = wanted.context ?? {};
  const { findings } = check(sources, {
    context: { ...(worldSize === undefined ? {} : { gpus: worldSize }), ...context },
  });
  const expect = wanted.expect ?? [];
  const rules = new Set(findings.map(({ rule }) => rule));
  const places = new Set(findings.filter(({ rule }) => expect.includes(rule)).map(({ file, key }) => `${file}:${key}`));
  totals.cases += 1;
  for (const rule of expect) {
    totals.expected += 1;
    if (rules.has(rule)) totals.found += 1;
    else missing.push(`${id}: ${rule}`);
  }
  const at = wanted.at ?? [];
  for (const place of at) {
    totals.places += 1;
    if (places.has(place)) totals.placed += 1;
    else misplaced.push(`${id}: ${place} (found: ${[...places].join(", ")})`);
  }
  if (at.length === 0 || at.some((place) => places.has(place))) totals.casesPlaced += 1;
  for (const rule of rules) {
    if (expect.includes(rule) || (wanted.mayAlso ?? []).includes(rule)) continue;
    totals.extra += 1;
    const { severity, message, file, key } = findings.find((finding) => finding.rule === rule);
    extra.push(`${id}: ${rule} (${severity}) ${file}:${key}: ${message.en}`);
  }
}
const result = {
  cases: totals.cases,
  recall: share(totals.found, totals.expected),
  places: share(totals.placed, totals.places),
  casesPlaced: share(totals.casesPlaced, totals.cases),
  extra: totals.extra,
  missing,
  misplaced,
  extraFindings: extra,
};
if (!json || verbose) {
  for (const [title, rows] of [
    ["missing", missing],
    ["misplaced", misplaced],
    ["beyond what is expected", extra],
  ]) {
    if (rows.length > 0) console.log(`${title}:\n${rows.map((row) => `  ${row}`).join("\n")}`);
  }
  console.log(
    `${totals.cases} cases: recall ${totals.found}/${totals.expected}, places ${totals.placed}/${totals.places}, cases with a place ${totals.casesPlaced}/${totals.cases}, ${totals.extra} findings beyond`,
  );
}
if (json) console.log(JSON.stringify(result));
process.exitCode = missing.length === 0 ? 0 : 1;
