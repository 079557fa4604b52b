import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { atLeast } from "../../src/core/version.ts";
import type { JobOptions, Plan } from "../../src/index.ts";
import { accepted, eachOf, folderOf, planOf } from "./arbitrary.ts";
import { TELL, toldBy } from "./bash.ts";

/** What a launch script of ours starts, as the words that bash passes on. */
interface Started {
  readonly job: JobOptions;
  readonly plan: Plan;
  readonly script: string;
  readonly words: readonly string[];
}

const folder = mkdtempSync(path.join(tmpdir(), "launch "));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs every script in one bash, with `exec` replaced by something that tells its words. */
function start(scripts: readonly (Omit<Started, "words"> & { readonly text: string })[]): readonly Started[] {
  const files = scripts.map(({ text }, index) => {
    const file = path.join(folder, `${index}.sh`);
    writeFileSync(file, text);
    return file;
  });
  const driver = `
    export NODE_RANK=3 MASTER_ADDR=10.0.0.1 HOSTFILE='/my hosts'
    while IFS= read -r -d '' file; do
      ( exec() ${TELL}; source "$file" --last 'two words' ) || exit 1
    done`;
  const started = toldBy(driver, files);
  expect(started).toHaveLength(scripts.length);
  return scripts.map(({ job, plan, script }, index) => ({ job, plan, script, words: started[index] ?? [] }));
}

const scriptsOf = (job: JobOptions) => {
  const { plan, files } = folderOf(job);
  return files.filter(({ path: name }) => name.endsWith(".sh")).map((file) => ({ job, plan, script: file.path, text: file.text }));
};

const embeddings = accepted.filter((job) => planOf(job).task.kind === "embedding");
const all = start([...fc.sample(accepted, 150), ...fc.sample(embeddings, 100)].flatMap(scriptsOf));

/** The value after a word. */
const after = (words: readonly string[], word: string): string | undefined => words[words.indexOf(word) + 1];

describe("a launch script", () => {
  test("starts one process a GPU on every node, takes its rank from outside and passes on what it was given", () => {
    eachOf(all, ({ plan, script, words }) => {
      const { nodes, gpusPerNode, gpus } = plan.hardware;
      expect(words.slice(-2)).toEqual(["--last", "two words"]);
      const xtuner = /xtuner/.test(script) || plan.targets[0] === "xtuner";
      const launcher = xtuner ? "torchrun" : plan.launcher;
      expect(words[0]).toBe(launcher);
      switch (launcher) {
        case "torchrun":
          expect(after(words, "--nproc_per_node")).toBe(String(gpusPerNode));
          if (nodes === 1) expect(words).toContain("--standalone");
          else expect([after(words, "--nnodes"), after(words, "--node_rank"), after(words, "--master_addr")]).toEqual([String(nodes), "3", "10.0.0.1"]);
          break;
        case "deepspeed":
          expect(after(words, "--num_gpus")).toBe(String(gpusPerNode));
          if (nodes > 1) expect([after(words, "--num_nodes"), after(words, "--hostfile")]).toEqual([String(nodes), "/my hosts"]);
          break;
        default:
          expect(after(words, "--config_file")).toBe(path.join(folder, "accelerate.yaml"));
          if (nodes > 1) expect([after(words, "--machine_rank"), after(words, "--main_process_ip")]).toEqual(["3", "10.0.0.1"]);
      }
      expect(nodes * gpusPerNode).toBe(gpus);
      for (const word of words) expect(word).not.toMatch(/^undefined$|\[object|^NaN$/);
    });
  });

  test("of XTuner names the config and the DeepSpeed file beside it", () => {
    const legacy = all.filter(({ words }) => words.includes("xtuner.tools.train"));
    expect(legacy.length).toBeGreaterThan(0);
    eachOf(legacy, ({ words }) => {
      expect(words[words.indexOf("xtuner.tools.train") - 1]).toBe("-m");
      expect(after(words, "xtuner.tools.train")).toBe(path.join(folder, "xtuner_config.py"));
      expect(after(words, "--deepspeed")).toBe(path.join(folder, "ds_config.xtuner.json"));
      expect(after(words, "--launcher")).toBe("pytorch");
    });
    const modern = all.filter(({ words }) => words.includes("xtuner.v1.train.cli.sft"));
    expect(modern.length).toBeGreaterThan(0);
    eachOf(modern, ({ words }) => {
      expect(after(words, "--config")).toBe(path.join(folder, "xtuner_config.py"));
      expect(words).not.toContain("--deepspeed");
    });
  });
});

/** Words as argparse reads them: `--flag value value` or `--flag=value`; every value that begins with a dash is a flag. */
function argumentsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const word of words) {
    if (word.startsWith("-")) {
      const [, name = "", value] = /^--([a-z0-9_]+)(?:=([^]*))?$/.exec(word) ?? [];
      expect(name, `a flag of FlagEmbedding: ${word}`).not.toBe("");
      expect(found.has(name), `${name} twice`).toBe(false);
      values = value === undefined ? [] : [value];
      found.set(name, values);
    } else if (values !== null) {
      values.push(word);
    }
  }
  return found;
}

describe("FlagEmbedding's command", () => {
  const commands = all.filter(({ plan }) => plan.targets.includes("flagembedding"));
  const readAll = () => commands.map(({ job, plan, words }) => {
    const at = words.findIndex((word) => word.startsWith("FlagEmbedding.finetune."));
    if (plan.task.kind !== "embedding") throw new Error("FlagEmbedding trains embedders");
    return { job, plan, task: plan.task, entry: words[at], given: argumentsOf(words.slice(at + 1, -2)) };
  });
  const one = (given: ReadonlyMap<string, readonly string[]>, name: string): string | undefined => {
    const values = given.get(name);
    if (values !== undefined) expect(values, name).toHaveLength(1);
    return values?.[0];
  };

  test("is met often enough, with every entry point", () => {
    expect(commands.length).toBeGreaterThan(100);
    expect(new Set(readAll().map(({ entry }) => entry)).size).toBe(5);
  });

  test("names texts as they are, however awkward", () => {
    eachOf(readAll(), ({ plan, task, entry, given }) => {
      expect(entry).toBe(`FlagEmbedding.finetune.${task.embedder.entry}`);
      expect(one(given, "train_data")).toBe(plan.data);
      expect(one(given, "output_dir")).toBe(plan.outputDir);
      expect(one(given, "run_name")).toBe(plan.name);
      expect(one(given, "model_name_or_path")).toBe(plan.model.path);
      expect(one(given, "deepspeed")).toBe(path.join(folder, "ds_config.json"));
    });
  });

  test("has at least two candidates for a query, whole batches and lengths that the model takes", () => {
    eachOf(readAll(), ({ plan, task, given }) => {
      const number = (name: string): number => Number(one(given, name));
      const everywhere = one(given, "negatives_cross_device") === "True" ? plan.batch.world : 1;
      expect(number("train_group_size") * number("per_device_train_batch_size") * everywhere).toBeGreaterThanOrEqual(2);
      expect(one(given, "dataloader_drop_last")).toBe("True");
      expect(number("query_max_len")).toBeLessThanOrEqual(task.embedder.longest);
      expect(number("passage_max_len")).toBeLessThanOrEqual(task.embedder.longest);
      const reranker = task.embedder.entry.startsWith("reranker");
      if (reranker) {
        expect(number("query_max_len") + number("passage_max_len")).toBeLessThanOrEqual(task.embedder.longest);
        expect(number("train_group_size")).toBeGreaterThanOrEqual(2);
      }
      expect(given.has("temperature")).toBe(!reranker);
      expect(given.has(reranker ? "query_instruction_for_rerank" : "query_instruction_for_retrieval")).toBe(true);
      expect(given.has(reranker ? "query_instruction_for_retrieval" : "query_instruction_for_rerank")).toBe(false);
    });
  });

  test("checkpoints without re-entering, clips, warms up once and is written for a transformers that it works with", () => {
    eachOf(readAll(), ({ plan, given }) => {
      expect(JSON.parse(one(given, "gradient_checkpointing_kwargs") ?? "")).toEqual({ use_reentrant: false });
      expect(Number(one(given, "max_grad_norm"))).toBeGreaterThan(0);
      expect(given.has("warmup_ratio") !== given.has("warmup_steps")).toBe(true);
      expect(given.has("num_train_epochs") !== given.has("max_steps")).toBe(true);
      expect([given.has("bf16"), given.has("fp16")]).toEqual([plan.precision.kind === "bf16", plan.precision.kind === "fp16"]);
      expect(plan.zero.stage).toBeLessThanOrEqual(2);
      expect([atLeast(plan.versions.transformers, "4.44.2"), atLeast(plan.versions.transformers, "5.0")]).toEqual([true, false]);
      expect(Number(one(given, "learning_rate"))).toBe(plan.schedule.peakLr);
    });
  });
});
