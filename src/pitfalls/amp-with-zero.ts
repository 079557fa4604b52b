import { zeroStage } from "../jobs/facts.ts";
import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "PR112",
  id: "amp-with-zero",
  severity: "error",
  title: { en: "Apex amp together with ZeRO, fp16 or bf16", zh: "Apex amp 与 ZeRO、fp16 或 bf16 同时启用" },
  why: {
    en: "amp is NVIDIA's Apex, which wraps model and optimizer itself. DeepSpeed refuses it beside ZeRO, and beside its own precisions.",
    zh: "amp 指 NVIDIA Apex，它自行包装模型与优化器。DeepSpeed 不允许它与 ZeRO 或自身的混合精度一起使用。",
  },
  fix: { en: "Delete the amp section; bf16 or fp16 takes its place.", zh: "删除 amp，改用 bf16 或 fp16。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py", "deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  logs: [/Amp is not (?:currently )?supported with ZeRO/i, /Cannot enable both amp with (?:legacy )?fp16/i],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    if (doc.value("amp.enabled") !== true) return;
    const stage = zeroStage(job);
    const other = ["fp16", "bf16"].find((name) => doc.value(`${name}.enabled`) === true);
    const beside =
      stage !== null && stage.value > 0 ? stage.place : other === undefined ? null : doc.place(`${other}.enabled`);
    if (beside === null) return;
    yield {
      at: doc.place("amp.enabled"),
      also: [beside],
      says: {
        en: `amp beside ${stage !== null && stage.value > 0 ? `ZeRO-${stage.value}` : (other ?? "")}: DeepSpeed stops`,
        zh: `amp 与 ${stage !== null && stage.value > 0 ? `ZeRO-${stage.value}` : (other ?? "")} 同时启用：DeepSpeed 会报错退出`,
      },
      fix: removeKey(doc, "amp"),
    };
  },
  bad: [{ files: { "ds.json": ds({ amp: { enabled: true, opt_level: "O1" } }) } }],
  good: [{ files: { "ds.json": ds({ amp: { enabled: false } }) } }],
};
