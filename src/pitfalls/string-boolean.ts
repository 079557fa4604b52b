import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { walk } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "SY110",
  id: "string-boolean",
  severity: "error",
  title: { en: "true or false in quotes", zh: "带引号的 true 或 false" },
  why: {
    en: "The Trainer compares the text with its own booleans and stops; where nothing compares, a text that is not empty counts as true.",
    zh: "Trainer 会把文本与自己的布尔值比较并报错退出；不比较的地方，非空文本都算作真。",
  },
  fix: { en: "Without quotes.", zh: "去掉引号。" },
  sources: [
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
    "deepspeedai/DeepSpeed:deepspeed/runtime/config_utils.py",
  ],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    for (const { path, node } of walk(file.doc)) {
      if (node.kind !== "scalar" || typeof node.value !== "string" || !/^(?:true|false)$/i.test(node.value)) continue;
      const bare = node.value.toLowerCase();
      yield {
        at: file.doc.place(path),
        says: { en: `${node.text} is a text, not a boolean`, zh: `${node.text} 是文本而不是布尔值` },
        fix: replaceValue(file.doc, path, file.doc.prefix === "" ? bare : bare === "true" ? "True" : "False"),
      };
    }
  },
  bad: [{ files: { "ds.json": ds({ bf16: { enabled: "true" } }) } }],
  good: [{ files: { "ds.json": ds({ bf16: { enabled: true } }) } }],
};
