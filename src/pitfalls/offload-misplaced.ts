import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "ZE108",
  id: "offload-misplaced",
  severity: "error",
  title: { en: "An offload section outside zero_optimization", zh: "offload 部分写在 zero_optimization 之外" },
  why: {
    en: "DeepSpeed ignores what it does not know at the top of the file: nothing is offloaded, and nothing says so.",
    zh: "DeepSpeed 忽略文件顶层不认识的内容：不会卸载任何东西，也没有提示。",
  },
  fix: { en: "Move it into zero_optimization.", zh: "移到 zero_optimization 内。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py"],
  *find({ ds: file }): Iterable<Hit> {
    for (const name of ["offload_optimizer", "offload_param"]) {
      if (file?.doc.has(name) !== true) continue;
      yield {
        at: file.doc.place(name),
        says: {
          en: `${name} has no effect here: it belongs inside zero_optimization`,
          zh: `${name} 写在这里不起作用：应放在 zero_optimization 内`,
        },
      };
    }
  },
  bad: [{ files: { "ds.json": ds({ offload_optimizer: { device: "cpu" } }) } }],
  good: [{ files: { "ds.json": ds({ zero_optimization: { stage: 2, offload_optimizer: { device: "cpu" } } }) } }],
};
