import { accelerateKeys } from "../catalog/names/accelerate.ts";
import { lifetimeOf } from "../catalog/names/arguments.ts";
import { type JsonIssue, readJson, readJsonIn } from "../readers/json.ts";
import { type PythonCall, readPython } from "../readers/python.ts";
import { type Pin, readPins } from "../readers/requirements.ts";
import { readShell, type ShellFileTree } from "../readers/shell.ts";
import type { Source } from "../readers/source.ts";
import { Doc, type Node } from "../readers/tree.ts";
import { readYaml } from "../readers/yaml.ts";
import { type Launch, launchOf } from "./command.ts";
import { configOf, handedOver } from "./handed-over.ts";
import { type Form, type Setting, type Settings, settingsOf } from "./settings.ts";

/** Who reads a set of arguments. */
export type Dialect = "hf" | "llamafactory" | "axolotl" | "swift" | "flagembedding" | "xtuner";

export interface DeepSpeedFile {
  readonly kind: "deepspeed";
  readonly source: Source;
  readonly doc: Doc;
  readonly issues: readonly JsonIssue[];
  /** The path by which commands name it: its own, or that of the file that a script writes. */
  readonly path: string;
}

export interface ArgumentsFile {
  readonly kind: "arguments";
  readonly source: Source;
  readonly doc: Doc;
  readonly args: Settings;
  readonly dialect: Dialect;
  readonly form: Form;
  readonly issues: readonly JsonIssue[];
}

export interface AccelerateFile {
  readonly kind: "accelerate";
  readonly source: Source;
  readonly doc: Doc;
}

export interface XtunerFile {
  readonly kind: "xtuner";
  readonly source: Source;
  readonly doc: Doc;
}

export interface ScriptFile {
  readonly kind: "script";
  readonly source: Source;
  readonly tree: ShellFileTree;
  readonly launches: readonly Launch[];
}

export interface ProgramFile {
  readonly kind: "program";
  readonly source: Source;
  /** The DeepSpeed config that the program hands over itself, and who takes it; null where it does not. */
  readonly config: { readonly setting: Setting; readonly reader: "deepspeed" | "accelerate" } | null;
}

/** A config of XTuner 1.x: a program that builds its objects. */
export interface Xtuner1File {
  readonly kind: "xtuner1";
  readonly source: Source;
  readonly calls: readonly PythonCall[];
}

export interface PinsFile {
  readonly kind: "pins";
  readonly source: Source;
  readonly pins: readonly Pin[];
}

export interface HostFile {
  readonly kind: "hosts";
  readonly source: Source;
  readonly slots: readonly number[];
}

export type Recognised =
  | DeepSpeedFile
  | ArgumentsFile
  | AccelerateFile
  | XtunerFile
  | Xtuner1File
  | ScriptFile
  | ProgramFile
  | PinsFile
  | HostFile;

/** What a file is, by what stands in it; nothing for a file that is no part of a training job. */
export function recognise(source: Source): readonly Recognised[] {
  const { path, text } = source;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (
    /^(?:requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|environment[\w.-]*\.ya?ml|conda[\w.-]*\.ya?ml|Dockerfile[\w.-]*)$/i.test(
      name,
    )
  ) {
    const pins = readPins(source);
    return pins.length === 0 ? [] : [{ kind: "pins", source, pins }];
  }
  if (/\.(?:json|json5|jsonc|hjson)$/i.test(name) || (!/\.\w+$/.test(name) && /^\s*\{/.test(text)))
    return recogniseJson(source);
  if (/\.ya?ml$/i.test(name)) return recogniseYaml(source);
  if (/\.py$/i.test(name)) return recognisePython(source);
  if (/\.(?:sh|bash|slurm|sbatch|sub|run|job|zsh)$/i.test(name) || /^#!.*\b(?:ba|z|k|da)?sh\b/.test(text))
    return recogniseScript(source);
  if (/host/i.test(name) && /^[\w.-]+[ \t]+slots=\d+/m.test(text)) {
    return [
      {
        kind: "hosts",
        source,
        slots: Array.from(text.matchAll(/^[\w.-]+[ \t]+slots=(\d+)/gm), ([, slots]) => Number(slots)),
      },
    ];
  }
  return [];
}

function recogniseJson(source: Source): readonly Recognised[] {
  // Most JSON files of a project are data; what a config has none of is not parsed.
  if (
    !/"(?:zero_|train_|fp16|bf16|gradient_|optimizer|scheduler|output_dir|learning_rate|model_name_or_path|per_device_)/.test(
      source.text,
    )
  )
    return [];
  const file = readJson(source);
  if (file === null) return [];
  const doc = new Doc(source, file.root);
  if (isDeepSpeed(doc)) return [{ kind: "deepspeed", source, doc, issues: file.issues, path: source.path }];
  const dialect = dialectOf(doc);
  if (dialect === null) return [];
  return [
    { kind: "arguments", source, doc, args: settingsOf(doc, "json"), dialect, form: "json", issues: file.issues },
  ];
}

function recogniseYaml(source: Source): readonly Recognised[] {
  if (
    !/^ *["']?(?:compute_environment|distributed_type|deepspeed_config|base_model|model_name_or_path|model|output_dir|learning_rate|per_device_train_batch_size|zero_optimization|finetuning_type)["']? *:/m.test(
      source.text,
    )
  )
    return [];
  const root = readYaml(source);
  if (root === null) return [];
  const doc = new Doc(source, root);
  if (isAccelerate(doc)) return [{ kind: "accelerate", source, doc }];
  if (isDeepSpeed(doc)) return [{ kind: "deepspeed", source, doc, issues: [], path: source.path }];
  const dialect = dialectOf(doc);
  return dialect === null
    ? []
    : [{ kind: "arguments", source, doc, args: settingsOf(doc, "yaml"), dialect, form: "yaml", issues: [] }];
}

/** What a program has that builds its arguments or its DeepSpeed config. */
const HOLDS =
  /Training_?Arguments\(|(?:SFT|DPO|ORPO|KTO|CPO|PPO|GRPO|Reward|RLOO|GKD)Config\(|["']?zero_optimization["']?\s*[:=]|train_micro_batch_size_per_gpu["']?\s*[:=]|\bdeepspeed\.initialize\(|\bDeepSpeedPlugin\(/;

function recognisePython(source: Source): readonly Recognised[] {
  const { text } = source;
  const isConfig = /^(?:param_scheduler|optim_wrapper|train_cfg)\s*=/m.test(text);
  const isOne = /\bxtuner\.v1\b/.test(text);
  const program: ProgramFile = { kind: "program", source, config: null };
  // Parsing costs more than looking: most programs hold none of these.
  if (!isConfig && !(isOne ? /\b(?:LR|Trainer)Config\(/ : HOLDS).test(text)) return [program];
  const python = readPython(source);
  const found: Recognised[] = [{ ...program, config: configOf(python.calls) }];
  if (isConfig) found.push({ kind: "xtuner", source, doc: new Doc(source, trained(python.module)) });
  // A component of mmengine's has a type; a DeepSpeed config has none.
  for (const dict of python.dicts)
    if (isDeepSpeed(dict) && !dict.has("type"))
      found.push({ kind: "deepspeed", source, doc: dict, issues: [], path: `${source.path}#${dict.prefix}` });
  const known = new Set(python.dicts.map(({ root }) => root));
  for (const { setting } of handedOver(python.calls)) {
    const { node, name } = setting;
    // A dict that has no name of its own.
    if (node?.kind === "map" && !known.has(node))
      found.push({
        kind: "deepspeed",
        source,
        doc: new Doc(source, node, name),
        issues: [],
        path: `${source.path}#${name}`,
      });
  }
  if (isOne && python.calls.some(({ name }) => name === "LRConfig" || name === "TrainerConfig"))
    found.push({ kind: "xtuner1", source, calls: python.calls });
  // XTuner 1 has TrainingArguments of its own.
  const ours = python.imports.some((line) => /\bxtuner\b/.test(line));
  for (const call of ours ? [] : python.calls) {
    if (
      /TrainingArgu?ments$|^(?:SFT|DPO|ORPO|KTO|CPO|PPO|GRPO|Reward|RLOO|GKD)Config$/.test(call.name) &&
      call.doc.entries("").length > 0
    )
      found.push({
        kind: "arguments",
        source,
        doc: call.doc,
        args: settingsOf(call.doc, "python"),
        dialect: "hf",
        form: "python",
        issues: [],
      });
  }
  return found;
}

/** What decides a training of mmengine's; models, data and hooks are not kept. */
const KEPT = /^(?:param_scheduler|optim_wrapper|train_cfg|train_dataloader|strategy|runner_type)$/;

function trained({ root }: Doc): Node {
  return root.kind === "map"
    ? { ...root, entries: root.entries.filter(({ key, value }) => value.kind === "scalar" || KEPT.test(key)) }
    : root;
}

function recogniseScript(source: Source): readonly Recognised[] {
  const tree = readShell(source);
  const launches = tree.commands.flatMap((command) => launchOf(source, command) ?? []);
  const found: Recognised[] = [{ kind: "script", source, tree, launches }];
  for (const { path, text, at } of tree.files) {
    const doc = embedded(source, text, at);
    if (doc === null) continue;
    const folder = source.path.slice(0, source.path.lastIndexOf("/") + 1);
    if (isDeepSpeed(doc.doc))
      found.push({
        kind: "deepspeed",
        source,
        doc: doc.doc,
        issues: doc.issues,
        path: path.startsWith("/") ? path : folder + path,
      });
  }
  const pins = readPins(source);
  if (pins.length > 0 && /\bpip3? install\b|\buv pip\b/.test(source.text)) found.push({ kind: "pins", source, pins });
  return found;
}

/** A JSON that a script writes, with its places in the script. */
function embedded(
  source: Source,
  text: string,
  at: number,
): { readonly doc: Doc; readonly issues: readonly JsonIssue[] } | null {
  if (!/^\s*\{/.test(text)) return null;
  const file = readJsonIn(text, at);
  return file === null ? null : { doc: new Doc(source, file.root), issues: file.issues };
}

const isMap = (node: Node | null): boolean => node?.kind === "map";

/** A DeepSpeed config: its ZeRO section, or two of its other keys that nothing else has. */
function isDeepSpeed(doc: Doc): boolean {
  if (doc.root.kind !== "map") return false;
  const zero = doc.node("zero_optimization");
  if (isMap(zero) || doc.value("zero_optimization") === true) return true;
  const signs = [
    doc.has("train_micro_batch_size_per_gpu"),
    isMap(doc.node("fp16")) || isMap(doc.node("bf16")) || isMap(doc.node("bfloat16")),
    isMap(doc.node("optimizer")) && doc.has("optimizer.type"),
    isMap(doc.node("scheduler")) && doc.has("scheduler.type"),
    doc.has("train_batch_size"),
    doc.has("gradient_clipping"),
    doc.has("gradient_accumulation_steps") && !doc.has("per_device_train_batch_size"),
    doc.has("steps_per_print"),
  ];
  return (
    signs.filter(Boolean).length >= 2 &&
    !doc.has("model_name_or_path") &&
    !doc.has("output_dir") &&
    !doc.has("base_model")
  );
}

function isAccelerate(doc: Doc): boolean {
  return (
    doc.has("distributed_type") ||
    (doc.has("compute_environment") && doc.entries("").filter(({ key }) => accelerateKeys.includes(key)).length > 2)
  );
}

/** Whose arguments a file holds; null where they are nobody's. */
function dialectOf(doc: Doc): Dialect | null {
  if (doc.root.kind !== "map") return null;
  const keys = doc.entries("").map(({ key }) => key);
  const own = keys.filter((key) => lifetimeOf(key) !== null).length;
  if (
    doc.has("base_model") &&
    (doc.has("micro_batch_size") ||
      doc.has("datasets") ||
      doc.has("pretraining_dataset") ||
      doc.has("adapter") ||
      doc.has("sequence_len"))
  )
    return "axolotl";
  if (own === 0) return null;
  const factory = keys.filter((key) => FACTORY.has(key)).length;
  if (factory >= 2 && (doc.has("model_name_or_path") || doc.has("dataset"))) return "llamafactory";
  if (
    keys.filter((key) => SWIFT.has(key)).length >= 2 &&
    (doc.has("model") || doc.has("model_type") || doc.has("model_id_or_path"))
  )
    return "swift";
  return own >= 3 || (own >= 2 && doc.has("output_dir")) ? "hf" : null;
}

const FACTORY = new Set([
  "stage",
  "finetuning_type",
  "template",
  "dataset_dir",
  "cutoff_len",
  "lora_target",
  "do_train",
  "dataset",
  "pure_bf16",
  "use_unsloth",
  "quantization_bit",
]);
const SWIFT = new Set([
  "train_type",
  "tuner_type",
  "sft_type",
  "tuner_backend",
  "torch_dtype",
  "lora_rank",
  "target_modules",
  "dataset",
  "max_length",
  "rlhf_type",
  "split_dataset_ratio",
]);
