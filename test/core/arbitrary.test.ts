import fc from "fast-check";
import { expect, test } from "vitest";
import type { Question } from "../../src/core/questions/define.ts";
import { keys, questions } from "../../src/core/questions/table.ts";
import { judgeAnswers, type Plan, resolvePlan } from "../../src/index.ts";
import { jobs, planOf } from "./arbitrary.ts";

const sample = fc.sample(jobs, 4000);
const acceptedJobs = sample.filter((job) => resolvePlan(job).ok);
const plans = acceptedJobs.map(planOf);

test("every job of the arbitrary has answers that are possible one by one", () => {
  for (const { answers } of sample) expect(judgeAnswers(answers).bad).toEqual([]);
});

test("well over 40 % of the jobs become a plan, and some do not", () => {
  expect(acceptedJobs.length / sample.length).toBeGreaterThan(0.4);
  expect(acceptedJobs.length / sample.length).toBeLessThan(0.95);
});

test("every answer, and every choice of one, occurs in jobs that become a plan", () => {
  const seen = new Map<string, Set<unknown>>(keys.map((key) => [key, new Set()]));
  for (const { answers } of acceptedJobs) {
    for (const [key, value] of Object.entries(answers)) {
      for (const each of Array.isArray(value) ? value : [value]) seen.get(key)?.add(each);
    }
  }
  for (const { key, form } of questions as readonly Question[]) {
    expect(seen.get(key)?.size, key).toBeGreaterThan(0);
    const values = form.kind === "choice" ? form.choices.map((choice) => choice.value) : form.kind === "list" ? (form.values ?? []) : [];
    for (const value of values) expect(seen.get(key), key).toContain(value);
  }
});

const kinds: readonly (readonly [string, (plan: Plan) => unknown, readonly unknown[]])[] = [
  ["task", ({ task }) => task.kind, ["sft", "embedding"]],
  ["method", ({ method }) => method.kind, ["full", "lora", "qlora"]],
  ["precision", ({ precision }) => precision.kind, ["bf16", "fp16", "fp32"]],
  ["stage", ({ zero }) => zero.stage, [0, 1, 2, 3]],
  ["offload", ({ zero }) => zero.offload.kind, ["none", "optimizer", "all", "nvme"]],
  ["length", ({ length }) => length.kind, ["max-steps", "counted", "epochs"]],
  ["warm-up", ({ schedule }) => schedule.warmup.kind, ["none", "steps", "ratio"]],
  ["owner", ({ schedule }) => (schedule.owner.kind === "deepspeed" ? schedule.owner.type : "trainer"), ["trainer", "WarmupLR", "WarmupDecayLR", "WarmupCosineLR"]],
  ["loading", ({ model }) => model.family.loading.kind, ["native", "remote-code"]],
  ["verdict", ({ memory }) => memory.verdict, ["fits", "tight", "does-not-fit"]],
  ["XTuner", ({ targets, versions }) => (targets.includes("xtuner") ? versions.xtuner[0] : null), [0, 1, null]],
  ["nodes", ({ hardware }) => hardware.nodes > 1, [true, false]],
  [
    "FlagEmbedding's entry",
    ({ task }) => (task.kind === "embedding" ? task.embedder.entry : null),
    ["embedder.encoder_only.base", "embedder.encoder_only.m3", "embedder.decoder_only.base", "embedder.decoder_only.icl", "reranker.encoder_only.base"],
  ],
];

test.each(kinds)("plans of every %s occur", (_, kindOf, expected) => {
  const seen = new Set(plans.map(kindOf));
  for (const kind of expected) expect([...seen]).toContain(kind);
});
