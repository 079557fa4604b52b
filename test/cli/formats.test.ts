import { readFileSync } from "node:fs";
import Draft04 from "ajv-draft-04";
import formats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { check, type Report } from "../../src/check.ts";
import { asGitHub, asSarif } from "../../src/cli/check/formats.ts";
import { pitfalls } from "../../src/pitfalls/all.ts";
import { root } from "../core/files.ts";

const ajv = new Draft04.default({ strict: false, allErrors: true });
formats.default(ajv as never);
const valid = ajv.compile(JSON.parse(readFileSync(`${root}test/fixtures/sarif-schema-2.1.0.json`, "utf8")));

function expectSarif(report: Report): void {
  for (const language of ["en", "zh"] as const) {
    const log: unknown = JSON.parse(asSarif(report, language));
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
  }
}

const examples = pitfalls.flatMap(({ bad }) => bad);

test("the schema refuses what is no SARIF", () => {
  for (const log of [{}, { version: "2.1.0", runs: [{ tool: {} }] }, { version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [{ message: {} }] }] }]) expect(valid(log)).toBe(false);
});

test("what every pitfall says is SARIF 2.1.0 as its official schema has it, and so is a report of nothing", () => {
  expectSarif(check({}));
  for (const { files, context = {} } of examples) expectSarif(check(files, { context }));
});

test("names of files that no address may hold are SARIF as well", () => {
  const [example] = examples;
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), fc.constantFrom("", "/abs/", "C:/", "../"), (name, before) => {
      const files = Object.fromEntries(Object.entries(example?.files ?? {}).map(([file, text]) => [`${before}${name}/${file}`, text]));
      expectSarif(check(files));
    }),
    { numRuns: 100 },
  );
});

/** As GitHub's runner reads a workflow command: actions/runner src/Runner.Common/ActionCommand.cs. */
function readCommand(line: string): { readonly level: string; readonly properties: Readonly<Record<string, string>>; readonly data: string } {
  const [, level = "", list = "", data = ""] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
  const plain = (text: string): string => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const property = (text: string): string => plain(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
  return { level, properties: Object.fromEntries(list.split(",").map((each) => [each.slice(0, each.indexOf("=")), property(each.slice(each.indexOf("=") + 1))])), data: plain(data) };
}

test("a workflow command says the same after GitHub has read it, whatever stands in a name or a value", () => {
  const [finding] = check(examples[0]?.files ?? {}).findings;
  if (finding === undefined) throw new Error("nothing found");
  const hostile = fc.string({ unit: fc.constantFrom(..."%:,\r\n =;a中\u0007"), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(hostile, hostile, (file, text) => {
      const report = { findings: [{ ...finding, file, message: { en: text, zh: text } }], files: [], skipped: [], jobs: [] };
      const lines = asGitHub(report, "en").split("\n");
      expect(lines).toHaveLength(1);
      const { level, properties, data } = readCommand(lines[0] ?? "");
      expect([level, properties["file"], properties["title"], properties["line"]]).toEqual(["error", file, finding.rule, String(finding.line)]);
      expect(data).toBe(`${text}\n${finding.pitfall.fix.en}`);
    }),
  );
});
