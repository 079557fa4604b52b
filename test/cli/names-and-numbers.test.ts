import { describe, expect, test } from "vitest";
import { JOB, refused, run, succeeds } from "./run.ts";

type Case = readonly [what: string, args: readonly string[], words: readonly string[]];

const job = ["--model", "qwen2.5-7b", "--gpu", "a100-80"] as const;

describe.concurrent("a name that does not exist is refused with the nearest that does", () => {
  const unknown: readonly Case[] = [
    ["a model", ["--model", "qwenn2.5-7b", "--gpu", "h100", "--gpus", "8"], ["--model", "qwen2.5-7b", "--model-size"]],
    [
      "a model far from any other",
      ["--model", "frobnicator", "--gpu", "h100", "--gpus", "8"],
      ["--model", "frobnicator", "--model-size"],
    ],
    ["a model folder", ["--model", "./nope", "--gpu", "h100", "--gpus", "8"], ["--model ./nope", "no such folder"]],
    ["a card", ["--model", "qwen2.5-7b", "--gpu", "a1000-80", "--gpus", "8"], ["--gpu", "a100-80"]],
    [
      "a card far from any other",
      ["--model", "qwen2.5-7b", "--gpu", "toaster", "--gpus", "8"],
      ["--gpu", "--gpu-memory"],
    ],
    ["a preset", ["--preset", "qwen2-27b"], ["--preset", "qwen2-72b"]],
    ["a preset far from any other", ["--preset", "zzz"], ["--preset", "qwen-7b, qwen2-72b, bge"]],
    ["a flag far from any other", ["--frobnicate"], ["--frobnicate", "--help --all"]],
    [
      "a flag in another spelling",
      ["--zer", "3", "--globalBatch", "128", "--micro_batch=8"],
      ["--zero", "--global-batch", "--micro-batch"],
    ],
    ["a short flag", ["-z", "3"], ["-z"]],
    ["a flag that every object has", ["--constructor", "x", "--toString"], ["--constructor", "--toString"]],
    ["a flag that every object has, in another way", ["--__proto__", "x"], ["proto"]],
    ["a flag of the parser's own", ["--_", "3"], ["_"]],
    [
      "a method and a schedule",
      [...JOB, "--method", "loraa", "--scheduler", "cosin"],
      ["--method", "mean lora", "--scheduler", "mean cosine"],
    ],
    [
      "a stage and a launcher",
      [...JOB, "--zero", "4", "--launcher", "mpirun"],
      ["--zero", "0, 1, 2, 3", "--launcher", "torchrun"],
    ],
    ["a target", [...JOB, "--targets", "hf,xtunner"], ["--targets", "xtuner"]],
    [
      "a language and a version",
      [...JOB, "--lang", "fr", "--deepspeed", "latest"],
      ["--lang", "en, zh", "--deepspeed", "4.57.6"],
    ],
    ["a size", ["--model-size", "big", "--gpu", "h100", "--gpus", "8"], ["--model-size", "big"]],
  ];
  test.for(unknown)("%s", async ([, args, words]) => {
    await refused(["run", ...args], words);
  });
});

describe.concurrent("commands and folders", () => {
  test.for(["regenrate", "creat", "preset"])("%s is a mistyped command, not a folder", async (word) => {
    await refused([word, "--preset", "bge"], [word, `./${word}`]);
  });
  test.for(["lengths", "report"])("%s is kept for a command", async (word) => {
    await refused([word, "--preset", "bge"], [word, `./${word}`]);
  });
  test("a folder of such a name is written with ./", async () => {
    const { after } = await succeeds(["./check", "--preset", "bge"]);
    expect(after).toHaveProperty("check/train-config.json");
  });
  test("a second positional is refused", async () => {
    await refused(["my", "run", "--preset", "bge"], ["run", "quotes"]);
  });
  test("an empty folder name, as of an unset variable, is refused", async () => {
    await refused(["", "--preset", "bge"], []);
  });
  test("a name too long for the disk is refused", async () => {
    await refused(["x".repeat(300), "--preset", "bge"], ["too long"]);
    await refused([`a/b/${"x".repeat(300)}/c`, "--preset", "bge"], ["too long"]);
  });
  test("a path too long for the system is refused", async () => {
    await refused(["long/".repeat(820), "--preset", "bge"], ["too long"]);
  });
  test.for([
    ["create", ["run", "--preset", "bge", "--check"], "--check"],
    ["regenerate with a preset", ["regenerate", ".", "--preset", "bge"], "--preset"],
    ["regenerate with answers", ["regenerate", ".", "--answers", "a.yaml"], "--answers"],
    ["presets with an answer", ["presets", "--gpus", "8"], "--gpus"],
  ] as const)("a flag that %s can't follow is refused instead of ignored", async ([, args, flag]) => {
    await refused(args, [flag]);
  });
});

describe.concurrent("a number is refused", () => {
  test.for(["0", "-1", "NaN", "eight", "1e999", "2.5", "0x10", "８", "8GB", "65537", " "])(
    "as --gpus=%s",
    async (value) => {
      const { stderr } = await refused(["run", ...job, `--gpus=${value}`], ["--gpus", "whole number from 1"]);
      expect(stderr).toContain(value === "1e999" ? "is not" : value.trim());
      expect(stderr).not.toContain("null");
    },
  );
  test("of every other kind, and all of them at once", async () => {
    const wrong = {
      lr: "0",
      epochs: "1e999",
      "warmup-ratio": "3",
      "warmup-steps": "0.5",
      seed: "-1",
      "gpu-memory": "0",
      "weight-decay": "1,5",
    };
    const { stderr } = await refused(
      ["run", ...JOB, ...Object.entries(wrong).map(([flag, value]) => `--${flag}=${value}`)],
      [],
    );
    for (const [flag, value] of Object.entries(wrong)) {
      const [, said] = new RegExp(`^error: (.*)\\n  where: --${flag}$`, "m").exec(stderr) ?? [];
      expect(said).toContain(value === "1e999" ? "is not a number" : `${value}`);
    }
    for (const lr of ["2", "-1e-5"]) await refused(["run", ...JOB, `--lr=${lr}`], ["--lr", lr]);
  });
  test("a flag with nothing behind it", async () => {
    await refused(["run", ...job, "--gpus="], ["--gpus", "needs a value"]);
    await refused(["run", ...job, "--gpus"], ["--gpus", "needs a value"]);
    await refused(["run", "--gpus", ...job], ["--gpus", "needs a value"]);
    await refused(["run", "--model="], ["--model", "needs a value"]);
  });
  test("the sign of a negative number needs no =", async () => {
    await refused(["run", ...job, "--gpus", "-1"], ["--gpus", "-1"]);
  });
});

describe.concurrent("what people type is understood", () => {
  test.for(["8.0", "8e0", " 8 "])("--gpus '%s' is 8", async (value) => {
    const { stdout } = await succeeds(["run", ...job, "--gpus", value, "--json", "--dry-run"]);
    expect((JSON.parse(stdout) as { plan: { hardware: { gpus: number } } }).plan.hardware.gpus).toBe(8);
  });
  test("in any order of the flags, down to the last byte", async () => {
    const flags = [
      ["--model", "qwen2.5-7b"],
      ["--gpu", "a100-80"],
      ["--gpus", "8"],
      ["--targets", "hf"],
      ["--seed", "7"],
    ];
    const [first, second] = await Promise.all(
      [flags, [...flags].reverse()].map((each) => succeeds(["run", ...each.flat(), "--json", "--dry-run"])),
    );
    expect(first?.stdout).toBe(second?.stdout);
  });
  test("of a flag given twice the last one holds", async () => {
    const { stdout } = await succeeds(["run", ...job, "--gpus", "8", "--gpus", "16", "--json", "--dry-run"]);
    expect((JSON.parse(stdout) as { plan: { hardware: { gpus: number } } }).plan.hardware.gpus).toBe(16);
  });
  test("cosine-with-min-lr is cosine_with_min_lr", async () => {
    await succeeds(["run", ...JOB, "--scheduler", "cosine-with-min-lr", "--min-lr-ratio", "0.1", "--dry-run"]);
  });
});

describe.concurrent("a switch", () => {
  test.for(["--packing=maybe", "--yes=maybe", "--force=2", "--dry-run="])("is no %s", async (flag) => {
    await refused(["run", ...JOB, flag], [flag.split("=")[0] ?? ""]);
  });
  test("can be said to be off", async () => {
    expect((await run(["run", "--no-yes"])).code).toBe(2);
    await succeeds(["run", ...JOB, "--no-packing", "--dry-run"]);
  });
});
