import { describe, expect, test } from "vitest";
import { expectPlainWords, expectRefused, put, refused, room, run, succeeds } from "./run.ts";

const FITS = ["--model", "qwen2.5-7b", "--gpu", "a100-80", "--gpus", "8"] as const;
const TOO_LARGE = ["--model", "qwen2.5-7b", "--gpu", "rtx4090", "--gpus", "2", "--offload", "none"] as const;

interface Planned {
  readonly plan: { readonly zero: { readonly stage: number }; readonly batch: { readonly global: number } };
  readonly memory: {
    readonly perGpu: {
      readonly needed: number;
      readonly available: number;
      readonly allocated: number;
      readonly reserved: number;
      readonly device: number;
      readonly moments: Readonly<Record<string, number>>;
      readonly binding: string;
      readonly parts: Readonly<Record<string, number>>;
    };
    readonly host: Readonly<Record<string, number>>;
  };
  readonly verdict: string;
  readonly alternatives: readonly { readonly flags: string; readonly needed: number; readonly cost: string }[];
  readonly hours: readonly [number, number] | null;
  readonly terms?: readonly { readonly part: string; readonly formula: string; readonly source: string }[];
}

const planned = (stdout: string): Planned => JSON.parse(stdout) as Planned;

describe("plan", () => {
  test.each(["en", "zh"])("in %s tells the verdict, every part with its bar, host memory, reasons and time, and writes nothing", async (lang) => {
    const { stdout, before, after } = await succeeds(["plan", ...FITS, "--max-steps", "1000", "--lang", lang]);
    expect(after).toEqual(before);
    expectPlainWords(stdout);
    const words = lang === "en" ? ["Fits: about", "weights", "logits", "Host memory: about", "ZeRO stage: 2", "GPU-hours", "Assumed"] : ["放得下", "权重", "logits", "每节点内存", "ZeRO 阶段: 2", "GPU 小时", "假设"];
    for (const word of words) expect(stdout).toContain(word);
    expect(stdout).toMatch(/█{2}/);
    for (const line of stdout.split("\n").filter((each) => each.includes("█"))) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("draws in ASCII where the locale has nothing else", async () => {
    const { stdout } = await succeeds(["plan", ...FITS], { env: { LANG: "C" } });
    expect(stdout).toMatch(/#{2}/);
    expect(stdout).not.toContain("█");
  });

  test("with --json prints one object, bytes as integers", async () => {
    const { stdout, stderr } = await succeeds(["plan", ...FITS, "--max-steps", "1000", "--json"]);
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    const { memory, verdict, alternatives, hours, plan, terms } = planned(stdout);
    const { perGpu, host } = memory;
    for (const count of [perGpu.needed, perGpu.allocated, perGpu.reserved, perGpu.device, ...Object.values(perGpu.parts), ...Object.values(perGpu.moments), ...Object.values(host)]) {
      expect(Number.isSafeInteger(count) && count >= 0, String(count)).toBe(true);
    }
    expect(Object.keys(perGpu.moments)).toEqual(["forwardEnd", "backwardStart", "backwardEnd", "optimizerStep"]);
    expect(perGpu.moments[perGpu.binding]).toBe(perGpu.allocated);
    expect([verdict, alternatives, plan.batch.global, terms]).toEqual(["fits", [], 128, undefined]);
    expect((hours?.[1] ?? 0) / (hours?.[0] ?? 1)).toBeGreaterThanOrEqual(1.5);
  });

  test("with --explain gives every term its formula and its source", async () => {
    const { stdout } = await succeeds(["plan", ...FITS, "--explain"]);
    for (const word of ["2 × Nt 7.616e9", "14 × V 152064 × T", "arXiv 1910.02054", "arXiv 2205.05198"]) expect(stdout).toContain(word);
    const { terms } = planned((await succeeds(["plan", ...FITS, "--explain", "--json"])).stdout);
    expect(terms?.map(({ part }) => part)).toEqual(["weights", "gradients", "optimizer", "master", "buffers", "activations", "logits", "step", "context", "room"]);
    for (const term of terms ?? []) expect([term.formula, term.source]).not.toContain("");
  });

  test("of a job that does not fit says by how much, what would fit, and exits with 1", async () => {
    const { code, stdout, stderr, before, after } = await run(["plan", ...TOO_LARGE]);
    expect([code, after, stderr]).toEqual([1, before, ""]);
    expect(stdout).toMatch(/^Does not fit: about [\d.]+ GiB a GPU, the card has 23\.6; [\d.]+ too much$/m);
    expect(stdout).toContain("What would fit, cheapest first:");
    expect(stdout).toMatch(/^ {2}--.*GiB a GPU/m);
    const json = await run(["plan", ...TOO_LARGE, "--json"]);
    expect(json.code).toBe(1);
    expect([planned(json.stdout).verdict, planned(json.stdout).alternatives.length > 2]).toEqual(["does-not-fit", true]);
  });

  test("follows its own suggestions: each, typed after the rest, gives a job that fits", { timeout: 30_000 }, async () => {
    const { alternatives } = planned((await run(["plan", ...TOO_LARGE, "--json"])).stdout);
    expect(alternatives.length).toBeGreaterThan(2);
    for (const { flags, needed } of alternatives) {
      const words = flags.split(" ");
      const replaced = TOO_LARGE.flatMap((word, at) => (at % 2 === 0 && !words.includes(word) ? [word, TOO_LARGE[at + 1] ?? ""] : []));
      // A change of method takes what was said of offloading back.
      const rest = words.includes("qlora") ? replaced.filter((word, at) => word !== "--offload" && replaced[at - 1] !== "--offload") : replaced;
      const again = await run(["plan", ...rest, ...words, "--json"]);
      expect([flags, again.code, again.stderr]).toEqual([flags, 0, ""]);
      expect(planned(again.stdout).memory.perGpu.needed, flags).toBe(needed);
    }
  });

  test("takes a preset and an answers file, and names what is missing", async () => {
    const preset = planned((await succeeds(["plan", "--preset", "qwen2-72b", "--json"])).stdout);
    expect(preset.plan.zero.stage).toBe(3);
    const cwd = room();
    put(cwd, "answers.yaml", "model: qwen2.5-7b\ngpu: a100-80\ngpus: 4\n");
    const file = planned((await succeeds(["plan", "--answers", "answers.yaml", "--json"], { cwd })).stdout);
    expect(file.plan.batch.global).toBe(128);
    await refused(["plan"], ["--model, --gpu, --gpus", "create-train-config plan --model"]);
    await succeeds(["plan", "--yes"]);
  });

  test("takes no folder and no flag that is for writing", async () => {
    await refused(["plan", "my-run", ...FITS], ["my-run", "writes nothing"]);
    for (const flag of ["--force", "--dry-run", "--check"]) await refused(["plan", ...FITS, flag], [flag]);
    await refused(["run", ...FITS, "--explain"], ["--explain"]);
  });
});

describe("create", () => {
  test("refuses a job that can't fit, says what would, exits with 1, and writes it with --force", async () => {
    const { code, stdout, stderr, before, after, cwd } = await run(["run", ...TOO_LARGE]);
    expect([code, stdout, after]).toEqual([1, "", before]);
    expectPlainWords(stderr);
    expect(stderr).toMatch(/^error: this job does not fit; with --force/m);
    expect(stderr).toContain("What would fit, cheapest first:");
    await succeeds(["run", ...TOO_LARGE, "--force"], { cwd });
  });
});

describe("regenerate with other hardware", () => {
  const written = async (gpus: string) => {
    const ran = await succeeds(["run", "--model", "qwen2.5-7b", "--gpu", "a100-80", "--gpus", gpus, "--max-steps", "100", "--targets", "hf"]);
    return ran.cwd;
  };

  test("keeps the training and solves the rest again", async () => {
    const cwd = await written("8");
    const { stderr } = await succeeds(["regenerate", "run", "--gpus", "4"], { cwd });
    expect(stderr).toMatch(/The training stays the same: global batch 128 = \d+ × \d+ × 4\./);
    await succeeds(["regenerate", "run", "--check"], { cwd });
  });

  test("that the batch does not divide over is refused, with the nearest batches and their learning rates", async () => {
    const cwd = await written("8");
    const ran = await run(["regenerate", "run", "--gpus", "24"], { cwd });
    expectRefused(ran, "--global-batch 120 --lr 0.00000968 --max-steps 107", "--global-batch 144");
    await succeeds(["regenerate", "run", "--gpus", "24", "--global-batch", "120", "--lr", "0.00000968", "--max-steps", "107"], { cwd });
  });

  test("that it does not fit is refused, with what would", async () => {
    const cwd = await written("8");
    const { code, stderr } = await run(["regenerate", "run", "--gpus", "1", "--offload", "none"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("What would fit, cheapest first:");
  });
});
