import { chmodSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pitfalls } from "../../src/pitfalls/all.ts";
import { expectPlainWords, put, room, run, succeeds } from "./run.ts";

const scheduler = pitfalls.find(({ id }) => id === "scheduler-overrides-hf")?.bad[0]?.files ?? {};

function job(files: Readonly<Record<string, string>> = scheduler): string {
  const cwd = room();
  for (const [name, text] of Object.entries(files)) put(cwd, name, text);
  return cwd;
}

function mkdirOf(cwd: string, name: string): string {
  const folder = path.join(cwd, name);
  mkdirSync(folder);
  return folder;
}

describe.concurrent("check", () => {
  test("links that lead in a circle, pipes, binary, huge and deep files are named and passed over", async () => {
    const cwd = job();
    symlinkSync("../loop", path.join(mkdirOf(cwd, "loop"), "self"));
    symlinkSync("b.json", path.join(cwd, "loop/a.json"));
    symlinkSync("a.json", path.join(cwd, "loop/b.json"));
    symlinkSync("nowhere", path.join(cwd, "loop/dangling.json"));
    put(cwd, "binary.json", new Uint8Array([0, 1, 2, 255]));
    put(cwd, "huge.json", " ".repeat(2 << 20));
    put(cwd, "deep.json", '{"fp16":'.repeat(5000));
    const { code, stdout, stderr } = await run(["check"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("scheduler-overrides-hf");
    for (const words of ["loop/a.json: skipped, it can't be read", "binary.json: skipped, it is binary", "huge.json: skipped, it is larger than 1 MiB", "deep.json: skipped, it nests"]) expect(stderr).toContain(words);
    expect(stderr).not.toContain("dangling");
    const named = await run(["check", "loop/a.json", "/dev/null"], { cwd });
    expect(named.code).toBe(0);
    expect(named.stderr).toContain("/dev/null: skipped, it is no file");
  });

  test.each([["nope"], [""], ["nope/ds.json"], ["ds_config.json/x"]])("a path that is not there is refused: %j", async (name) => {
    const { code, stdout, stderr } = await run(["check", name], { cwd: job() });
    expect([code, stdout]).toEqual([2, ""]);
    expectPlainWords(stderr);
  });

  test("--fix leaves a read-only file as it is, and says so", async () => {
    const cwd = job();
    chmodSync(path.join(cwd, "ds_config.json"), 0o444);
    const { before, after, stderr, code } = await run(["check", "--fix"], { cwd });
    expect(after["ds_config.json"]).toBe(before["ds_config.json"]);
    expect(stderr).toContain("ds_config.json: not mended, it is read-only");
    expect(code).toBe(1);
    const chinese = await run(["check", "--fix", "--lang", "zh"], { cwd });
    expect(chinese.stderr).toContain("ds_config.json：只读文件，未作修改");
  });

  test.each([
    ["a word for a list", "gpus: 8\nignore: out\n", ["train-config-check.yaml:2: ignore", ".gitignore"]],
    ["a slip in a key", "# mine\nmaxWarning: 1\n", ["train-config-check.yaml:2: maxWarning", "maxWarnings"]],
    ["a slip in a rule", "rules:\n  no-warmup: info\n  no-warmupp: off\n", ["train-config-check.yaml:3: rules.no-warmupp", "no-warmup"]],
    ["a level that is none", "rules:\n  no-warmup: loud\n", ["train-config-check.yaml:2: rules.no-warmup", "off, info, warning or error"]],
    ["a number of GPUs that is none", "gpus: 0\n", ["train-config-check.yaml:1: gpus", "1 or more"]],
    ["a list", "- a\n", ["train-config-check.yaml", "maxWarnings"]],
    ["a key that stands twice", "gpus: 8\ngpus: 4\n", ["train-config-check.yaml:2", "second time"]],
    ["brackets that stay open", "rules: {a\n", ["train-config-check.yaml:"]],
    ["aliases of aliases", `a: &a0 [x]\n${Array.from({ length: 30 }, (_, index) => `k${index}: &a${index + 1} [*a${index}, *a${index}]`).join("\n")}\n`, ["train-config-check.yaml"]],
  ])("its config file is refused for %s, with the line and what to write", async (_, text, words) => {
    for (const language of ["en", "zh"]) {
      const ran = await run(["check", "--lang", language], { cwd: job({ ...scheduler, "train-config-check.yaml": text }) });
      expect([ran.code, ran.stdout]).toEqual([2, ""]);
      expect(ran.stderr).not.toMatch(/undefined|^\s+at /m);
      if (language === "en") for (const word of words) expect(ran.stderr).toContain(word);
    }
  });

  test("its config file says how loud a rule is, and where the job runs", async () => {
    const config = "rules:\n  scheduler-overrides-hf: off\nignore: [nowhere]\nmaxWarnings: 5\ngpus: 8\ntransformers: 4.44\n";
    const { stdout } = await run(["check", "--json"], { cwd: job({ ...scheduler, "train-config-check.yaml": config }) });
    expect(stdout).not.toContain("scheduler-overrides-hf");
  });

  test("names the place, both values, what to do and where to read on, and draws both schedules", async () => {
    const { code, stdout } = await run(["check"], { cwd: job() });
    expect(code).toBe(1);
    for (const word of ["ds_config.json:14:5", "error", "scheduler-overrides-hf", "cosine", "WarmupLR", "run.sh", "asked", "runs", "flat at 1e-5", "https://github.com/QwenLM/Qwen3/issues/577"]) expect(stdout).toContain(word);
  });

  test("says the same in Chinese", async () => {
    const { stdout } = await run(["check", "--lang", "zh"], { cwd: job() });
    expect(stdout).toMatch(/要求的是 lr_scheduler_type cosine/);
  });

  test("--format json is one object with findings and their sum, and nothing else", async () => {
    const { stdout, code } = await run(["check", ".", "--format", "json"], { cwd: job() });
    const { findings, summary } = JSON.parse(stdout) as { findings: Record<string, unknown>[]; summary: Record<string, number> };
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ rule: "scheduler-overrides-hf", severity: "error", file: "ds_config.json", line: 14, column: 5, key: "scheduler.type", fixable: true });
    for (const key of ["message", "why", "fix", "sources"]) expect(findings[0]).toHaveProperty(key);
    expect(summary).toMatchObject({ errors: findings.filter(({ severity }) => severity === "error").length, files: 2 });
  });

  test("--format sarif names rules, levels and regions", async () => {
    const { stdout } = await run(["check", ".", "--format", "sarif"], { cwd: job() });
    const { version, runs } = JSON.parse(stdout);
    expect(version).toBe("2.1.0");
    const [{ tool, results }] = runs;
    for (const { ruleId, ruleIndex, level, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(["error", "warning", "note"]).toContain(level);
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });

  test("--format github writes workflow commands", async () => {
    const { stdout } = await run(["check", ".", "--format", "github"], { cwd: job() });
    expect(stdout).toMatch(/^::error file=ds_config\.json,line=14,endLine=14,col=5,endColumn=\d+,title=scheduler-overrides-hf::/);
  });

  test("--fix mends what is safe and nothing else, and a second run changes nothing", async () => {
    const cwd = job();
    await run(["check", "--fix"], { cwd });
    const mended = readFileSync(path.join(cwd, "ds_config.json"), "utf8");
    expect(JSON.parse(mended)).not.toHaveProperty("scheduler");
    expect(mended).toContain('"gradient_clipping": "auto"');
    const { code, before, after } = await run(["check", "--fix"], { cwd });
    expect(code).toBe(0);
    expect(after).toEqual(before);
  });

  test("--fix-dry-run prints a diff and writes nothing", async () => {
    const { stdout, before, after } = await run(["check", "--fix-dry-run"], { cwd: job() });
    expect(stdout).toMatch(/^-.*"type": "WarmupLR"/m);
    expect(after).toEqual(before);
  });

  test("the migration to transformers 5 rewrites what it dropped", async () => {
    const cwd = job({ "run.sh": "torchrun train.py --output_dir o --learning_rate 1e-5 --bf16 --warmup_ratio 0.03 --evaluation_strategy no --overwrite_output_dir\n" });
    await run(["check", "--fix", "--transformers", "5.18.0"], { cwd });
    expect(readFileSync(path.join(cwd, "run.sh"), "utf8")).toBe("torchrun train.py --output_dir o --learning_rate 1e-5 --bf16 --warmup_steps 0.03 --eval_strategy no\n");
  });

  test("a rule is switched off by a flag, by a config file and by a comment", async () => {
    const yaml = "stage: sft\nmodel_name_or_path: Qwen/Qwen2-7B\ndataset: d\ntemplate: qwen\noutput_dir: o\nlearning_rate: 1.0e-5\nfp16: true # create-train-config-ignore fp16-on-bf16-model\nwarmup_steps: 9\n";
    await succeeds(["check", "--rule", "scheduler-overrides-hf=off"], { cwd: job() });
    await succeeds(["check"], { cwd: job({ ...scheduler, "train-config-check.yaml": "rules:\n  scheduler-overrides-hf: info\n" }) });
    const { stdout } = await succeeds(["check"], { cwd: job({ "train.yaml": yaml }) });
    expect(stdout).not.toContain("fp16-on-bf16-model");
  });

  test("a file that a script names from the top of its repository is read with it, and not reported on", async () => {
    const cwd = job({ ".git/HEAD": "ref\n", "scripts/run.sh": (scheduler["run.sh"] ?? "").replace("ds_config.json", "configs/ds_config.json"), "configs/ds_config.json": scheduler["ds_config.json"] ?? "" });
    const { stdout } = await run(["check", "--format", "json"], { cwd: path.join(cwd, "scripts") });
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; file: string }[] };
    expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual(["scheduler-overrides-hf run.sh"]);
  });

  test("warnings fail only over --max-warnings", async () => {
    const overlap = { "ds.json": '{"zero_optimization": {"stage": 2, "overlap_comm": true}, "bf16": {"enabled": "auto"}}\n' };
    await succeeds(["check"], { cwd: job(overlap) });
    expect((await run(["check", "--max-warnings", "0"], { cwd: job(overlap) })).code).toBe(1);
  });

  test("what .gitignore leaves out is left out, and binary and huge files are skipped and said so", async () => {
    const cwd = job({ ".gitignore": "old/\n", "old/ds.json": '{"zero_optimization": {"stage": 4}}', "big.json": `{"zero_optimization": {"stage": 4}, "x": "${"a".repeat(1 << 20)}"}` });
    put(cwd, "blob.json", new Uint8Array([0x7b, 0, 0, 0]));
    await succeeds(["check"], { cwd: job({ "a.txt": "" }) });
    put(cwd, ".git/HEAD", "ref: refs/heads/main\n");
    const { stdout, stderr } = await run(["check"], { cwd });
    expect(stdout).not.toContain("old/");
    expect(stderr).toMatch(/big\.json.*larger/);
    expect(stderr).toMatch(/blob\.json.*binary/);
  });

  test.each([
    [["check", "nowhere"], "nowhere"],
    [["check", "--format", "xml"], "xml"],
    [["check", "--rule", "overlap-com-stage2=off"], "overlap-comm-stage2"],
    [["check", "--rule", "overlap-comm-stage2=loud"], "loud"],
    [["check", "--max-warnings", "few"], "few"],
    [["check", "--lr", "1"], "--lr"],
    [["create", "x", "--fix"], "--fix"],
  ])("%j is wrong usage, with a word about %s", async (args, word) => {
    const { code, stdout, stderr } = await run(args, { cwd: job({}) });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(word);
  });
});

describe.concurrent("explain", () => {
  test("prints a page by name and by a pasted line, and the list without words", async () => {
    expect((await succeeds(["explain", "overlap-comm-stage2"])).stdout).toContain("# overlap-comm-stage2");
    expect((await succeeds(["explain", "AssertionError: 8 != 2 * 1 * 1"])).stdout).toContain("batch-size-mismatch");
    expect((await succeeds(["explain"])).stdout.trim().split("\n").length).toBe(pitfalls.length);
    const { code, stderr } = await run(["explain", "nothing that anybody prints"]);
    expect([code, stderr.includes("nothing that anybody prints")]).toEqual([2, true]);
  });
});
