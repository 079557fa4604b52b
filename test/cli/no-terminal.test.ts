import { describe, expect, test } from "vitest";
import { bash, JOB, refused, run, succeeds } from "./run.ts";

/** The command that a message offers after its arrow. */
function offered(stderr: string): string {
  const command = /→ try (?:npx )?create-train-config (.+)$/m.exec(stderr)?.[1];
  if (command === undefined) throw new Error(`no command in: ${stderr}`);
  return command;
}

describe.concurrent("with stdin closed", () => {
  test("a job without answers is refused, with every missing flag and a whole command that works", async () => {
    const { stderr, cwd } = await refused(["my-run"], ["--model", "--gpu", "--gpus"]);
    const { code, after } = await bash(`node "$BIN" ${offered(stderr)}`, [], { cwd });
    expect(after).toHaveProperty("my-run/train-config.json");
    expect(code).toBe(0);
  });

  test("only what is missing is named, and the command keeps what was said", async () => {
    const { stderr, cwd } = await refused(["my run", "--gpu", "h100", "--data", "it's.jsonl"], ["--model", "--gpus"]);
    const [named] = stderr.split("\n");
    expect(named).not.toMatch(/--gpu\b(?!s)/);
    const { code, after } = await bash(`node "$BIN" ${offered(stderr)}`, [], { cwd });
    expect(code).toBe(0);
    expect(after).toHaveProperty("my run/train-config.json");
  });

  test("a size stands for a model, and a memory for a card", async () => {
    await succeeds(["run", "--model-size", "7B", "--gpu-memory", "80", "--gpus", "8", "--precision", "bf16"]);
  });

  test("a preset needs no --yes", async () => {
    const { after } = await succeeds(["my-run", "--preset", "qwen2-72b"]);
    expect(after).toHaveProperty("my-run/train-config.json");
  });

  test("--yes alone takes every default, says which, and writes to train-config", async () => {
    const { after, stderr } = await succeeds(["--yes"]);
    expect(after).toHaveProperty("train-config/train-config.json");
    expect(stderr).toContain(
      "Assumed, because nobody said otherwise: --model Qwen/Qwen2.5-7B-Instruct --gpu a100-80 --gpus 8",
    );
  });

  test("all that has to be said as flags needs neither --yes nor a preset", async () => {
    await succeeds(["run", ...JOB]);
  });

  test("CI=true changes nothing: it never asks", async () => {
    const { code, stderr } = await run([], { env: { CI: "true" } });
    expect(stderr).toContain("--model");
    expect(stderr).not.toContain("? ");
    expect(code).toBe(2);
  });
});

test.concurrent("a pipe on stdin that never ends is not waited for", async () => {
  await refused(["run"], ["--model"], { stdin: { silent: true } });
});

test.concurrent("words on stdin are no answers unless --answers - asks for them", async () => {
  await refused(["run"], ["--model"], { stdin: "\n\n\n\n" });
});

describe.concurrent("presets", () => {
  test("are listed on stdout, and as JSON", async () => {
    const listed = await succeeds(["presets"]);
    expect(
      listed.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["qwen-7b", "qwen2-72b", "bge"]);
    const json = JSON.parse((await succeeds(["presets", "--json"])).stdout) as { name: string }[];
    expect(json.map((preset) => preset.name)).toEqual(["qwen-7b", "qwen2-72b", "bge"]);
  });

  test("are printed one by one, each answer with its reason", async () => {
    const preset = JSON.parse((await succeeds(["presets", "bge"])).stdout) as {
      answers: Record<string, { because: { en: string } }>;
    };
    for (const answer of Object.values(preset.answers)) expect(answer.because.en).not.toBe("");
  });

  test("of an unknown name are refused with the nearest", async () => {
    await refused(["presets", "qwen-7"], ["qwen-7b"]);
  });

  test.for(["qwen-7b", "qwen2-72b", "bge"])("%s works with nothing but its name", async (name) => {
    await succeeds(["run", "--preset", name, "--dry-run"]);
  });
});
