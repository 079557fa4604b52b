import { describe, expect, test } from "vitest";
import { type Ran, put, refused, room, run, succeeds } from "./run.ts";

const YAML = "model: qwen2.5-7b\ngpu: a100-80\ngpus: 8\ntargets: [hf]\n";
const ANSWERS = { model: "qwen2.5-7b", gpu: "a100-80", gpus: 8, targets: ["hf"] };

interface Printed {
  readonly plan: {
    readonly hardware: { readonly gpus: number };
    readonly batch: { readonly global: number };
    readonly seed: number;
  };
}

/** A dry run with an answers file of this content. */
async function told(content: string | Uint8Array, args: readonly string[] = [], name = "answers.yaml"): Promise<Ran> {
  const cwd = room();
  put(cwd, name, content);
  return run(["run", "--answers", name, "--dry-run", "--json", "--quiet", ...args], { cwd });
}

async function plan(content: string | Uint8Array, args: readonly string[] = []): Promise<Printed["plan"]> {
  const { code, stdout, stderr } = await told(content, args);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return (JSON.parse(stdout) as Printed).plan;
}

describe.concurrent("an answers file is read", () => {
  test("as YAML with comments", async () => {
    expect((await plan(`# a job\n${YAML}globalBatch: 256 # for 8 GPUs\n`)).batch.global).toBe(256);
  });
  test("as JSON, whatever it is indented with", async () => {
    for (const indent of [undefined, 2, "\t"])
      expect((await plan(JSON.stringify(ANSWERS, null, indent))).hardware.gpus).toBe(8);
  });
  test("with a byte order mark", async () => {
    expect((await plan(`\uFEFF${YAML}`)).hardware.gpus).toBe(8);
    expect((await plan(`\uFEFF${JSON.stringify(ANSWERS)}`)).hardware.gpus).toBe(8);
  });
  test("with Windows line ends", async () => {
    expect((await plan(YAML.replaceAll("\n", "\r\n"))).hardware.gpus).toBe(8);
    expect((await plan(JSON.stringify(ANSWERS, null, "\t").replaceAll("\n", "\r\n"))).hardware.gpus).toBe(8);
  });
  test("with a $schema, which is no answer", async () => {
    await plan(JSON.stringify({ $schema: "../schema/answers.json", ...ANSWERS }));
  });
  test("with escapes and characters of every plane", async () => {
    const { stdout } = await told(
      `{"model":"qwen2.5-7b","gpu":"a100-80","gpus":8,"data":"a\\/\\u4e2d\\ud83d\\ude00\\u0041\\"\\\\"}`,
    );
    expect((JSON.parse(stdout) as { plan: { data: string } }).plan.data).toBe('a/中😀A"\\');
  });
  test("from standard input, as --answers -", async () => {
    const { after } = await succeeds(["run", "--answers", "-"], { stdin: YAML });
    expect(after).toHaveProperty("run/train-config.json");
    await succeeds(["run", "--answers=-", "--dry-run"], { stdin: JSON.stringify(ANSWERS) });
  });
});

describe.concurrent("precedence", () => {
  test("a flag wins over the answers file, the file over the preset, the preset over the default", async () => {
    const preset = await plan("seed: 7\n", ["--preset", "qwen2-72b"]);
    expect(preset.seed).toBe(7);
    const file = await plan("gpus: 32\nseed: 7\n", ["--preset", "qwen2-72b"]);
    expect(file.hardware.gpus).toBe(32);
    expect(preset.hardware.gpus).not.toBe(32);
    const flag = await plan("gpus: 32\nseed: 7\n", ["--preset", "qwen2-72b", "--gpus", "64"]);
    expect({ gpus: flag.hardware.gpus, seed: flag.seed }).toEqual({ gpus: 64, seed: 7 });
  });
  test("a flag that says a thing in another way takes the file's way back", async () => {
    const { code, stderr, stdout } = await told(`${YAML}epochs: 3\nwarmupRatio: 0.1\n`, [
      "--max-steps",
      "100",
      "--warmup-steps",
      "5",
    ]);
    expect(stderr).toBe("");
    expect(
      (JSON.parse(stdout) as { plan: { schedule: { totalSteps: number; warmupSteps: number } } }).plan.schedule,
    ).toMatchObject({
      totalSteps: 100,
      warmupSteps: 5,
    });
    expect(code).toBe(0);
  });
  test("what the file contradicts by itself is refused", async () => {
    const { code, stderr } = await told(`${YAML}epochs: 3\nmaxSteps: 100\n`);
    for (const word of ["--epochs", "--max-steps", "given twice"]) expect(stderr).toContain(word);
    expect(code).toBe(2);
  });
  test("a file may name its preset; a flag names another", async () => {
    expect((await plan("preset: qwen2-72b\nseed: 7\n")).seed).toBe(7);
    const other = await plan("preset: qwen2-72b\n", ["--preset", "bge"]);
    expect(other).toMatchObject({ task: { kind: "embedding" } });
  });
});

async function refusedFile(content: string | Uint8Array, words: readonly string[]): Promise<void> {
  const cwd = room();
  put(cwd, "answers.yaml", content);
  await refused(["run", "--answers", "answers.yaml"], ["answers.yaml", ...words], { cwd });
}

describe.concurrent("an answer that can't be one is refused with its place and what to say instead", () => {
  test.for([
    ["a number in quotes", 'gpus: "8"\n', ["gpus", '"8"', "write 8 without quotes"]],
    ["a misspelt key", "globalBach: 128\n", ["globalBach", "globalBatch"]],
    ["a kebab-case key", "global-batch: 128\n", ["global-batch", "globalBatch"]],
    ["a snake_case key", "global_batch: 128\n", ["global_batch", "globalBatch"]],
    ["a key far from any other", "frobnicate: 1\n", ["frobnicate"]],
    ["a key that is no text", "? [gpus]\n: 8\n", []],
    ["a list for a text", "model: [qwen2.5-7b]\n", ["model"]],
    ["a mapping for a number", "gpus: {a: 8}\n", ["gpus"]],
    ["a date for a number", "gpus: 2026-01-01\n", ["gpus"]],
    ["true for a number", "gpus: true\n", ["gpus", "true"]],
    ["a YAML 1.1 yes for a switch", "packing: yes\n", ["packing", "true or false"]],
    ["nothing at all", "gpus:\n", ["gpus"]],
    ["an unknown preset", "preset: qwen2-27b\n", ["preset", "qwen2-72b"]],
    ["a preset that is no name", "preset: {a: 1}\n", ["preset"]],
    ["a NUL in a text", 'data: "a\\0b"\n', ["data", "NUL"]],
    ["half a character", '{"data": "a\\ud800b"}', ["data"]],
    ["a text longer than any path", `data: ${"x".repeat(5000)}\n`, ["data", "4096"]],
    ["several at once", "gpus: 0\nnodes: 0\nfoo: 1\n", ["gpus", "nodes", "foo"]],
  ] as const)("%s", async ([, content, words]) => {
    await refusedFile(content, words);
  });

  test.for(["epochs: .inf\n", "epochs: .nan\n", '{"epochs": 1e999}'])(
    "a number that JSON has not (%j), without calling it null",
    async (content) => {
      const { code, stderr } = await told(content);
      expect(stderr).toContain("epochs");
      expect(stderr).not.toContain("null");
      expect(code).toBe(2);
    },
  );
});
