import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../src/check.ts";
import { mend } from "../../src/mend.ts";
import { pitfalls } from "../../src/pitfalls/all.ts";
import { readJson } from "../../src/readers/json.ts";
import { readPython } from "../../src/readers/python.ts";
import { readPins } from "../../src/readers/requirements.ts";
import { readShell } from "../../src/readers/shell.ts";
import { Source, Unreadable } from "../../src/readers/source.ts";
import { readYaml } from "../../src/readers/yaml.ts";

const examples = pitfalls.flatMap(({ bad, good }) => [...bad, ...good].flatMap(({ files }) => Object.entries(files)));
const texts = examples.map(([, text]) => text);
const names = [...new Set(examples.map(([name]) => name))];

/** Real files cut, spliced, and with characters put in, taken out or changed. */
const mutated = fc
  .record({
    name: fc.constantFrom(...names),
    one: fc.constantFrom(...texts),
    two: fc.constantFrom(...texts),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    put: fc.string({ unit: fc.constantFrom(..."{}[]()\"'`$\\#:,=-&|<>*!\n\t \u0000\uFEFF0aé中"), maxLength: 6 }),
    kind: fc.constantFrom("cut", "splice", "insert", "drop", "flip"),
  })
  .map(({ name, one, two, cut, from, put, kind }) => {
    const at = Math.floor(cut * one.length);
    const text =
      kind === "cut" ? one.slice(0, at)
      : kind === "splice" ? one.slice(0, at) + two.slice(Math.floor(from * two.length))
      : kind === "insert" ? one.slice(0, at) + put + one.slice(at)
      : kind === "drop" ? one.slice(0, at) + one.slice(at + 1 + Math.floor(from * 5))
      : one.slice(0, at) + String.fromCharCode((one.charCodeAt(at) || 0) ^ (1 << Math.floor(from * 8))) + one.slice(at + 1);
    return { name, text };
  });

test("no file, however it is broken, stops the readers, and every finding stands in its file", () => {
  fc.assert(
    fc.property(mutated, fc.constantFrom(...texts), ({ name, text }, other) => {
      const files = { [name]: text, "other/ds_config.json": other };
      for (const { file, line, column, endLine } of check(files).findings) {
        const lines = (files[file] ?? "").split("\n");
        expect(line).toBeGreaterThan(0);
        expect(endLine).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      }
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1500) },
  );
});

const readers = [readJson, readYaml, readPython, readShell, readPins];

test("every reader reads or refuses every text, of its own language or not", () => {
  fc.assert(
    fc.property(mutated, fc.constantFrom(...readers), ({ name, text }, reader) => {
      try {
        reader(new Source(name, text));
      } catch (error) {
        // `check` says of such a file that it was not read.
        if (!(error instanceof Unreadable) && !(error instanceof RangeError)) throw error;
      }
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1000) },
  );
});

test("fixes of a broken file come to an end, and a second round changes nothing", () => {
  fc.assert(
    fc.property(mutated, ({ name, text }) => {
      const [once] = mend([new Source(name, text)], {});
      if (once === undefined) return;
      expect(mend([new Source(name, once.after)], {}), once.after).toEqual([]);
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 3000) / 10 },
  );
});

const hostile: readonly (readonly [string, string, string])[] = [
  ["brackets without end", "ds.json", `{"zero_optimization": ${"[".repeat(100_000)}`],
  ["objects in objects", "ds.json", '{"fp16":'.repeat(50_000)],
  ["a hundred thousand keys", "ds.json", `{"zero_optimization": {"stage": 2}, ${Array.from({ length: 100_000 }, (_, index) => `"key_${index}": ${index}`).join(",")}}`],
  ["aliases of aliases", "a.yaml", `model_name_or_path: x\noutput_dir: &a0 [x,x]\n${Array.from({ length: 60 }, (_, index) => `k${index}: &a${index + 1} [*a${index},*a${index}]`).join("\n")}\n`],
  ["an alias of itself", "a.yaml", "output_dir: &a\n  b: *a\nlearning_rate: 1\n"],
  ["indentation without end", "a.yaml", `output_dir:\n${Array.from({ length: 3000 }, (_, index) => `${" ".repeat(index + 1)}a:`).join("\n")}\n`],
  ["brackets in Python", "a.py", `train_cfg = ${"(".repeat(50_000)}`],
  ["calls in calls", "a.py", `x = ${"TrainingArguments(a=".repeat(5000)}`],
  ["a variable that doubles", "run.sh", `A=aaaaaaaa\n${"A=$A$A\n".repeat(60)}torchrun $A train.py --output_dir $A --learning_rate $A\n`],
  ["substitutions in substitutions", "run.sh", `torchrun train.py --learning_rate ${"$(echo ".repeat(5000)}`],
  ["quotes without end", "run.sh", `torchrun train.py --output_dir "${'\\"'.repeat(50_000)}`],
  ["operators without end", "requirements.txt", `transformers${"==4.0".repeat(20_000)}!`],
  ["variables between commands", "run.sh", Array.from({ length: 40_000 }, (_, index) => `A${index}=1\nx\n`).join("")],
  ["a variable that grows", "run.sh", `A=1\n${"A+=b\n".repeat(40_000)}torchrun train.py $A\n`],
  ["here-documents without end", "run.sh", 'cat > a.json <<EOF\n{"train_batch_size": 1}\nEOF\n'.repeat(8000)],
  ["commas without end", "ds.json", `{"train_batch_size": 1${",".repeat(300_000)}}`],
  ["aliases without end", "a.yaml", `output_dir: &a x\n${Array.from({ length: 20_000 }, (_, index) => `k${index}: *a`).join("\n")}\n`],
  ["merges of merges", "a.yaml", `output_dir: x\nb0: &b0 {a: 1}\n${Array.from({ length: 8000 }, (_, index) => `b${index + 1}: &b${index + 1}\n  <<: *b${index}\n  c${index}: 1`).join("\n")}\n`],
  ["dicts in dicts", "a.py", `train_cfg = 1\na0 = dict(x=1)\n${Array.from({ length: 10_000 }, (_, index) => `a${index + 1} = dict(k${index}=1, **a${index})`).join("\n")}\n`],
  ["a comment to ignore on every line", "ds.json", `{"train_batch_size": 1,\n${"# create-train-config-ignore x\n".repeat(3000)}}`],
  ["blanks without end", "run.sh", `deepspeed train.py --deepspeed x.json \\${" ".repeat(100_000)}\n--bf16 \\${" ".repeat(100_000)}x\n`],
];

/** What grows with the square of a file's length would not come back here before the suite gives up. */
test.each(hostile)("%s: refused or read", (_, name, text) => {
  const { findings, skipped } = check({ [name]: text });
  expect(findings.length).toBeLessThan(1000);
  for (const { file } of skipped) expect(file).toBe(name);
});
