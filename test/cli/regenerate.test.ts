import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { JOB, listing, put, refused, room, run, succeeds } from "./run.ts";

interface Folder {
  readonly cwd: string;
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string) => void;
}

/** A room in which `run` was written. */
async function written(args: readonly string[] = JOB): Promise<Folder> {
  const cwd = room();
  await succeeds(["run", ...args, "--quiet"], { cwd });
  const at = (name: string): string => path.join(cwd, "run", name);
  return { cwd, read: (name) => readFileSync(at(name), "utf8"), write: (name, text) => writeFileSync(at(name), text) };
}

const check = ["regenerate", "run", "--check"] as const;

describe.concurrent("regenerate", () => {
  test("of a fresh folder has nothing to do, and --check agrees", async () => {
    const { cwd } = await written();
    const { stdout, before, after } = await succeeds(["regenerate", "run"], { cwd });
    expect(stdout).toBe("");
    expect(after).toEqual(before);
    expect((await succeeds(check, { cwd })).stdout).toBe("");
  });

  test.for([
    ["--preset", "qwen-7b"],
    ["--preset", "qwen2-72b", "--max-steps", "300"],
    ["--preset", "bge", "--nodes", "2", "--gpus", "16"],
    [...JOB, "--lang", "zh"],
  ])("of a fresh folder of %j has nothing to do", async (args) => {
    const { cwd } = await written(args);
    await succeeds(check, { cwd });
  });

  test("in the folder itself needs no name", async () => {
    const { cwd } = await written();
    await succeeds(["regenerate", "--check"], { cwd: path.join(cwd, "run") });
  });

  test("--check of an edited file says what differs, as a unified diff, and exits 1", async () => {
    const { cwd, read, write } = await written();
    write("train.py", read("train.py").replace("SEQ_LEN = 2048", "SEQ_LEN = 4096"));
    const { code, stdout, stderr, before, after } = await run(check, { cwd });
    expect(stdout).toContain("--- run/train.py");
    expect(stdout).toContain("+++ run/train.py");
    expect(stdout).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@$/m);
    expect(stdout).toMatch(/^-SEQ_LEN = 4096$/m);
    expect(stdout).toMatch(/^\+SEQ_LEN = 2048$/m);
    expect(stderr).not.toMatch(/error/);
    expect(after).toEqual(before);
    expect(code).toBe(1);
  });

  test("--check --json says it to a program", async () => {
    const { cwd, write } = await written();
    write("train.py", "mine");
    rmSync(path.join(cwd, "run/launch.sh"));
    const { code, stdout } = await run([...check, "--json"], { cwd });
    expect(JSON.parse(stdout)).toEqual({ dir: "run", differing: ["train.py"], missing: ["launch.sh"] });
    expect(code).toBe(1);
  });

  test("refuses to replace what a person edited, and names it", async () => {
    const { cwd, write } = await written();
    write("train.py", "mine");
    const { stderr } = await refused(["regenerate", "run"], ["train.py", "--check", "--force"], { cwd });
    expect(stderr).not.toContain("launch.sh");
    await refused(["regenerate", "run", "--dry-run"], ["train.py"], { cwd });
  });

  test("--force brings the edited file back, and no other changes", async () => {
    const { cwd, write } = await written();
    const whole = listing(cwd);
    write("train.py", "mine");
    put(cwd, "run/notes.txt", "mine");
    const { stdout, after, before } = await succeeds(["regenerate", "run", "--force"], { cwd });
    expect(stdout).toBe("run/train.py\n");
    expect(after).toEqual({ ...whole, "run/notes.txt": before["run/notes.txt"] });
  });

  test("brings a deleted file back without --force, which --check misses with exit 1", async () => {
    const { cwd } = await written();
    const whole = listing(cwd);
    rmSync(path.join(cwd, "run/launch.sh"));
    const checked = await run(check, { cwd });
    expect(checked.stdout).toContain("run/launch.sh");
    expect(checked.code).toBe(1);
    expect((await succeeds(["regenerate", "run"], { cwd })).after).toEqual(whole);
  });

  test("follows an answer that was changed in train-config.json", async () => {
    const { cwd, read, write } = await written();
    write("train-config.json", read("train-config.json").replace('"gpus": 8', '"gpus": 16'));
    await succeeds(["regenerate", "run"], { cwd });
    expect(read("launch.sh")).toContain("--nproc_per_node 8");
    expect(read("launch.sh")).toContain("--nnodes 2");
    expect(read("train-config.json")).toContain('"gpus": 16');
    await succeeds(check, { cwd });
  });

  test("refuses an answer in train-config.json that contradicts another, and writes nothing", async () => {
    const { cwd, read, write } = await written();
    write(
      "train-config.json",
      read("train-config.json").replace('"gpus": 8', '"gpus": 8,\n    "zero": 1,\n    "offload": "all"'),
    );
    await refused(["regenerate", "run"], ["--offload"], { cwd });
  });

  test("lays flags over the answers, and keeps them", async () => {
    const { cwd, read } = await written();
    await succeeds(["regenerate", "run", "--gpus", "16"], { cwd });
    expect((JSON.parse(read("train-config.json")) as { answers: { gpus: number } }).answers.gpus).toBe(16);
    await succeeds(check, { cwd });
    // Other hardware keeps the training: its batch and its learning rate are answers from now on.
    const training = ["--global-batch", "128", "--lr", "1e-5"];
    const fresh = await succeeds(["run", ...JOB.slice(0, 4), "--gpus", "16", ...JOB.slice(6), ...training, "--quiet"]);
    expect(listing(path.join(cwd, "run"))).toEqual(listing(path.join(fresh.cwd, "run")));
  });

  test("of a folder that was moved or renamed writes the same files", async () => {
    const { cwd } = await written();
    const before = listing(path.join(cwd, "run"));
    renameSync(path.join(cwd, "run"), path.join(cwd, "moved"));
    await succeeds(["regenerate", "moved", "--check"], { cwd });
    rmSync(path.join(cwd, "moved/README.md"));
    await succeeds(["regenerate", "moved"], { cwd });
    expect(listing(path.join(cwd, "moved"))).toEqual(before);
  });

  test("keeps the folder's language, whatever the locale, until --lang asks for another", async () => {
    const { cwd, read } = await written([...JOB, "--lang", "zh"]);
    expect(read("README.md")).toMatch(/\p{Script=Han}/u);
    await succeeds(check, { cwd, env: { LANG: "en_US.UTF-8" } });
    await succeeds(["regenerate", "run", "--lang", "en"], { cwd });
    expect(read("README.md")).not.toMatch(/\p{Script=Han}/u);
    await succeeds(check, { cwd, env: { LANG: "zh_CN.UTF-8" } });
  });

  test("needs the model's folder no more once it was read", async () => {
    const cwd = room();
    const shape = {
      hidden_size: 896,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      intermediate_size: 4864,
    };
    put(
      cwd,
      "models/mine/config.json",
      JSON.stringify({ model_type: "qwen2", vocab_size: 151936, max_position_embeddings: 32768, ...shape }),
    );
    await succeeds(["run", "--model", "./models/mine", "--gpu", "h100", "--gpus", "8"], { cwd });
    rmSync(path.join(cwd, "models"), { recursive: true });
    await succeeds(check, { cwd });
  });

  test("--dry-run says what it would write and writes nothing", async () => {
    const { cwd } = await written();
    rmSync(path.join(cwd, "run/launch.sh"));
    const { stdout, before, after } = await succeeds(["regenerate", "run", "--dry-run"], { cwd });
    expect(stdout).toBe("run/launch.sh\n");
    expect(after).toEqual(before);
  });

  test("deletes nothing, but names the files of a target that is no longer asked for", async () => {
    const { cwd } = await written(["--model", "qwen2.5-7b", "--gpu", "a100-80", "--gpus", "8"]);
    const { after, before, stderr } = await succeeds(["regenerate", "run", "--targets", "hf", "--lr", "3e-6"], { cwd });
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(stderr).toMatch(/left where they are: .*xtuner_config\.py/);
    expect(stderr).not.toMatch(/left where they are: .*train\.py/);
  });

  test("is refused where there is nothing to go by", async () => {
    await refused(["regenerate"], ["no train-config.json"]);
    await refused(["regenerate", "nowhere"], ["nowhere", "no train-config.json"]);
    const cwd = room();
    put(cwd, "file", "");
    await refused(["regenerate", "file"], ["file"], { cwd });
  });
});
