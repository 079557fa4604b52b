import { factory } from "./examples.ts";
import { replaceSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const FORM = /^[-+]?(?:\d[\d_]*)(?:\.\d*)?[eE][-+]?\d+$/;

/** As PyYAML takes it for a number: a dot, and a sign in the exponent. */
function spelled(text: string): string {
  const [, mantissa = "", exponent = ""] = /^(.*?)[eE](.*)$/.exec(text) ?? [];
  return `${mantissa.includes(".") ? mantissa.replace(/\.$/, ".0") : `${mantissa}.0`}e${/^[-+]/.test(exponent) ? exponent : `+${exponent}`}`;
}

const hf = (lr: string): string =>
  `output_dir: out\nlearning_rate: ${lr}\nnum_train_epochs: 3\nwarmup_steps: 10\nper_device_train_batch_size: 2\nbf16: true\n`;

export const pitfall: Pitfall = {
  code: "SY113",
  id: "yaml-sci-string",
  severity: "error",
  title: { en: "2e-5 is a text in YAML", zh: "YAML 中的 2e-5 是文本" },
  why: {
    en: "PyYAML keeps to YAML 1.1, where a number in exponential form needs a dot and a signed exponent. HfArgumentParser passes the text on: a TypeError when it meets a number. LLaMA-Factory reads 2e-5 as a number since it reads with OmegaConf (0.9.2), axolotl and ms-swift convert it.",
    zh: "PyYAML 遵循 YAML 1.1：指数形式的数字需要小数点和带符号的指数。HfArgumentParser 会原样传递文本：与数字比较时出现 TypeError。LLaMA-Factory 改用 OmegaConf（0.9.2）后可读作数字，axolotl 与 ms-swift 会自行转换。",
  },
  fix: { en: "2.0e-5.", zh: "写成 2.0e-5。" },
  sources: [
    "funcwj/deep-clustering#3",
    "yaml/pyyaml:lib/yaml/resolver.py",
    "hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py",
  ],
  logs: [
    /'[<>]=?' not supported between instances of '(?:float|int)' and 'str'/,
    /unsupported operand type\(s\) for \/: 'str' and '(?:int|float)'/,
  ],
  *find({ args, dialect, argsFile }): Iterable<Hit> {
    if (args === null || argsFile?.form !== "yaml" || dialect === "axolotl" || dialect === "swift") return;
    for (const setting of args.all) {
      if (
        setting.quoted ||
        typeof setting.value !== "string" ||
        setting.node?.kind !== "scalar" ||
        !FORM.test(setting.value)
      )
        continue;
      yield {
        at: setting.place,
        severity: dialect === "llamafactory" ? "info" : "error",
        says: {
          en: `${setting.text} is a text to PyYAML: write ${spelled(setting.text)}`,
          zh: `对 PyYAML 而言 ${setting.text} 是文本：请写 ${spelled(setting.text)}`,
        },
        fix: replaceSetting(setting, spelled(setting.text)),
      };
    }
  },
  bad: [
    { files: { "args.yaml": hf("2e-5") } },
    { files: { "train.yaml": factory("learning_rate: 1e-4", "lora_target: all") } },
  ],
  good: [{ files: { "args.yaml": hf("2.0e-5") } }],
};
