import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readFlags } from "../../src/cli/flags.ts";
import { judge, judgeFlags } from "../../src/core/answers.ts";
import { layer } from "../../src/core/layer.ts";
import { findPreset, presetAnswers } from "../../src/core/presets.ts";
import { flagOf, readFlag, writeFlag } from "../../src/core/questions/define.ts";
import { type Answers, type Key, keys, questions } from "../../src/core/questions/table.ts";
import { repeatCommand } from "../../src/core/repeat.ts";
import { accepted, anyAnswers, eachOf, hostileNames, hostileTexts } from "./arbitrary.ts";
import { TELL, toldBy } from "./bash.ts";

test("every answer comes back from its flag as it was, with its type", () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const words = new Map(Object.entries(answers).map(([key, value]) => [key as Key, writeFlag(value)]));
      const read = judgeFlags(words);
      expect(read.bad).toEqual([]);
      expect(read.answers).toStrictEqual(answers);
    }),
    { numRuns: 1000 },
  );
});

test("a flag's words are taken as they are said: blanks around a number, capitals and dashes in a choice, a v before a version", () => {
  const read = (key: Key, words: string): unknown => readFlag(questions.find((row) => row.key === key)?.form ?? { kind: "text" }, words);
  expect([read("gpus", " 8 "), read("lr", "2E-5"), read("gpus", "8.0"), read("lr", ".5")]).toEqual([8, 2e-5, 8, 0.5]);
  expect([read("scheduler", "Cosine-With-Restarts"), read("zero", "3"), read("zero", "auto")]).toEqual(["cosine_with_restarts", 3, "auto"]);
  expect([read("transformers", "v4.57.6"), read("targets", "hf, xtuner"), read("packing", "true")]).toEqual(["4.57.6", ["hf", "xtuner"], true]);
  expect([read("gpus", "eight"), read("gpus", "0x10"), read("gpus", ""), read("lr", "1e"), read("packing", "yes")]).toEqual(["eight", "0x10", "", "1e", "yes"]);
});

test("any value at all is judged without an exception, and a refusal can be told", () => {
  const values = fc.oneof(fc.anything(), hostileTexts, fc.double(), fc.constantFrom(null, "auto", "8", "4.57", -1, 1.5, 1e300, [], ["hf", "x"]));
  fc.assert(
    fc.property(fc.constantFrom(...questions), values, (row, value) => {
      const bad = judge(row.key, row.form, value, row.key);
      if (bad !== null) expect(bad.message.code).toBe("problem.value");
    }),
    { numRuns: 2000 },
  );
});

test.each(["a,b", " a", "a ", "-a", ",", "\u3000a"])("a list item that a flag could not give back is refused: %j", (item) => {
  const row = questions.find(({ key }) => key === "loraTargets");
  expect(judge("loraTargets", row?.form ?? { kind: "text" }, [item], "loraTargets")).not.toBeNull();
});

/** The words that bash makes of some command lines, in one process. */
function wordsOf(commands: readonly string[]): readonly (readonly string[])[] {
  const words = toldBy(`npx() ${TELL}; while IFS= read -r -d '' command; do eval "$command" || exit 1; done`, commands);
  expect(words).toHaveLength(commands.length);
  return words;
}

/** What a preset says by itself, for the method of these answers. */
function baseOf(preset: string | null, { method }: Answers): Answers {
  const found = preset === null ? null : findPreset(preset);
  return found === null ? {} : presetAnswers(found, method);
}

const layered = (preset: string | null, answers: Answers): Answers => layer(baseOf(preset, answers), answers);

test("the command that a README quotes, read by bash and by the command line, gives the same job again", async () => {
  const jobs = fc.sample(fc.tuple(accepted, hostileNames), 300).map(([job, name]) => {
    const preset = job.preset ?? null;
    const answers = layered(preset, job.answers);
    return { job, name, preset, answers, command: repeatCommand(name, preset, baseOf(preset, answers), answers) };
  });
  const words = wordsOf(jobs.map(({ command }) => command));
  const read = await Promise.all(
    jobs.map(async (job, index) => {
      const [tool, ...rest] = words[index] ?? [];
      expect(tool).toBe("create-train-config");
      try {
        return { ...job, flags: await readFlags(rest) };
      } catch (error) {
        throw new Error(`${JSON.stringify(rest)}: ${JSON.stringify(error)}`, { cause: error });
      }
    }),
  );
  eachOf(read, ({ flags, name, preset, answers }) => {
    expect(flags.command).toBe("create");
    expect(flags.positionals.map((each) => path.basename(each))).toEqual([name]);
    expect([flags.preset ?? null, flags.yes]).toEqual([preset, true]);
    expect(layered(preset, flags.answers)).toStrictEqual(answers);
  });
});

test("a folder that is called like a command, or nearly so, is still a folder in that command", async () => {
  const names = ["create", "presets", "regenerate", "completion", "check", "plan", "explain", "lengths", "report", "chekc", "plane", "-", "--", "-p", "qwen-7b"];
  const words = wordsOf(names.map((name) => repeatCommand(name, "bge", {}, {})));
  for (const [index, name] of names.entries()) {
    const { command, positionals } = await readFlags((words[index] ?? []).slice(1));
    expect([command, ...positionals.map((each) => path.basename(each))]).toEqual(["create", name]);
  }
});

test("a repeated command says nothing that the preset says already", () => {
  const preset = findPreset("qwen-7b");
  const base = preset === null ? {} : presetAnswers(preset);
  expect(repeatCommand("run", "qwen-7b", base, base)).toMatch(/^npx create-train-config \S*run --preset qwen-7b --yes$/);
  expect(repeatCommand("run", "qwen-7b", base, { ...base, gpus: 16 })).toContain("--preset qwen-7b --gpus 16 --yes");
});

test("a repeated command says the whole batch where one number of it differs from the preset", () => {
  const said: Answers = { microBatch: 2, gradAccum: 4 };
  const answers = layered("qwen2-72b", said);
  expect(answers).toMatchObject(said);
  expect(answers).not.toHaveProperty("globalBatch");
  const command = repeatCommand("run", "qwen2-72b", baseOf("qwen2-72b", answers), answers);
  expect(command).toContain("--micro-batch 2 --grad-accum 4");
});

test("no two answers share a flag, and every flag is in kebab case", () => {
  const flags = keys.map(flagOf);
  expect(new Set(flags).size).toBe(flags.length);
  for (const flag of flags) expect(flag).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
});

test("a layer's `auto` is no answer: the batch that a preset says stays", () => {
  const below = { microBatch: 2, globalBatch: 256 };
  expect(layer(below, { microBatch: 2, gradAccum: "auto" })).toEqual({ microBatch: 2, gradAccum: "auto", globalBatch: 256 });
  expect(layer(below, { gradAccum: 4 })).toEqual({ gradAccum: 4, globalBatch: 256 });
  expect(layer(below, { gradAccum: 4, microBatch: 1 })).toEqual({ gradAccum: 4, microBatch: 1 });
  expect(layer({ epochs: 3, warmupRatio: 0.1, model: "a" }, { maxSteps: 5, warmupSteps: 1, modelSize: "7B" })).toEqual({ maxSteps: 5, warmupSteps: 1, modelSize: "7B" });
});
