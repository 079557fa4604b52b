import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "SY106",
  id: "ds-config-not-found",
  severity: "error",
  title: { en: "A DeepSpeed config that is not there", zh: "DeepSpeed 配置文件不存在" },
  why: {
    en: "A path to a missing file is parsed as JSON, then as base64: the message speaks of both, and not of the file.",
    zh: "不存在的路径会先被当作 JSON、再被当作 base64 解析：报错提到这两者，却不提文件。",
  },
  fix: { en: "The path from the folder where the command runs.", zh: "写出相对于命令运行目录的路径。" },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  logs: [/Expected a string path to an existing deepspeed config, or a dictionary, or a base64/i],
  *find({ dsNamed, script }): Iterable<Hit> {
    if (dsNamed?.found !== false) return;
    // From another folder the path may well be right.
    const moves =
      script?.tree.commands.some(({ words }) => /^(?:cd|pushd|git|wget|curl|cp|mv)$/.test(words[0]?.text ?? "")) ===
      true;
    yield {
      at: dsNamed.place,
      severity: moves ? "warning" : "error",
      says: {
        en: `${dsNamed.text} is named here, and no such file is found`,
        zh: `此处指定了 ${dsNamed.text}，但没有找到该文件`,
      },
    };
  },
  bad: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10") } }],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } },
    {
      files: {
        "scripts/run.sh": train("--bf16", "--warmup_steps 10").replace("ds_config.json", "configs/ds_config.json"),
        "configs/ds_config.json": ds(),
      },
    },
  ],
};
