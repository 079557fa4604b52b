import { accelerateSwitches } from "../catalog/names/accelerate.ts";
import { lifetimeOf } from "../catalog/names/arguments.ts";
import type { ShellCommand, ShellVariable, ShellWord } from "../readers/shell.ts";
import type { Place, Source } from "../readers/source.ts";
import type { Primitive } from "../readers/tree.ts";
import { type Setting, Settings } from "./settings.ts";

export type Launcher =
  "deepspeed" | "torchrun" | "accelerate" | "python" | "llamafactory-cli" | "swift" | "axolotl" | "xtuner";

/** A command that starts a training. */
export interface Launch {
  readonly source: Source;
  readonly command: ShellCommand;
  readonly launcher: Launcher;
  /** The launcher's own flags, which stand before the program. */
  readonly own: Settings;
  /** The script or the subcommand. */
  readonly program: ShellWord | null;
  /** What `-m` names. */
  readonly module: string | null;
  /** The program's flags. */
  readonly args: Settings;
  /** The program's words that are no flags. */
  readonly positionals: readonly ShellWord[];
  readonly place: Place;
  /** A variable in front of the command, or exported before it. */
  readonly env: (name: string) => ShellVariable | null;
}

const SWITCHES: Readonly<Record<string, ReadonlySet<string>>> = {
  deepspeed: new Set([
    "force_multi",
    "save_pid",
    "no_python",
    "no_local_rank",
    "module",
    "bind_cores_to_rank",
    "no_ssh",
    "elastic_training",
    "no_ssh_check",
  ]),
  torchrun: new Set([
    "standalone",
    "m",
    "module",
    "no_python",
    "no-python",
    "run_path",
    "run-path",
    "use_env",
    "use-env",
  ]),
  accelerate: new Set(accelerateSwitches),
  python: new Set(["u", "O", "B", "s", "S", "E", "I", "i", "q", "v", "x"]),
};

const NAMES: Readonly<Record<string, Launcher>> = {
  deepspeed: "deepspeed",
  "deepspeed.py": "deepspeed",
  torchrun: "torchrun",
  accelerate: "accelerate",
  "accelerate-launch": "accelerate",
  "llamafactory-cli": "llamafactory-cli",
  swift: "swift",
  axolotl: "axolotl",
  xtuner: "xtuner",
};

const MODULES: Readonly<Record<string, Launcher>> = {
  "torch.distributed.run": "torchrun",
  "torch.distributed.launch": "torchrun",
  "accelerate.commands.launch": "accelerate",
  "deepspeed.launcher.runner": "deepspeed",
};

/** Programs that run what stands behind their own options. */
const WRAPPERS =
  /^(?:srun|sbatch|nohup|time|env|sudo|exec|mpirun|mpiexec|numactl|taskset|conda|mamba|micromamba|poetry|pipenv|uv|pdm|rye|singularity|apptainer|docker|podman|ssh|nsys|setsid|stdbuf|timeout|nice|eval|command|run|proxychains4?|unbuffer|torchx|ray)$/;

/** The training that a command of a script starts; null for every other command. */
export function launchOf(source: Source, command: ShellCommand): Launch | null {
  const { words } = command;
  const start = words.findIndex(({ text }) => launcherNamed(text) !== null);
  const first = words[0];
  if (start < 0 || first === undefined) return null;
  if (start > 0 && first.known && !WRAPPERS.test(basename(first.text))) return null;
  const launcher = launcherNamed((words[start] as ShellWord).text) as Launcher;
  const made = build(source, command, launcher, start + 1);
  if (made === null) return null;
  if (/^FlagEmbedding\.(?:evaluation|inference)\b/.test(made.module ?? "")) return null;
  return made.launcher !== "python" || looksLikeTraining(made.args) || isTrainingModule(made.module) ? made : null;
}

const basename = (text: string): string => text.slice(text.lastIndexOf("/") + 1);

function launcherNamed(text: string): Launcher | null {
  const name = basename(text);
  if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? null;
  return /^python(?:\d(?:\.\d+)?)?$/.test(name) || /^\$\{?PYTHON\w*\}?$/.test(text) ? "python" : null;
}

const isTrainingModule = (module: string | null): boolean =>
  module !== null && /^(?:FlagEmbedding\.(?!evaluation|abc|inference|utils)|axolotl|llamafactory|swift)\b/.test(module);

/** At least two arguments that only a training has. */
const looksLikeTraining = (args: Settings): boolean =>
  args.has("deepspeed") ||
  args.has("deepspeed_config") ||
  args.all.filter(({ name }) => TRAINING.has(name) || lifetimeOf(name) !== null).length >= 2;

const TRAINING = new Set([
  "model_name_or_path",
  "train_file",
  "dataset",
  "data_path",
  "train_data",
  "stage",
  "finetuning_type",
  "lr",
  "epochs",
]);

function build(source: Source, command: ShellCommand, named: Launcher, start: number): Launch | null {
  let launcher = named;
  const words = command.words;
  let at = start;
  if (launcher === "accelerate") {
    if (basename((words[start - 1] as ShellWord).text) === "accelerate") {
      if (words[at]?.text !== "launch") return null;
      at += 1;
    }
  }
  let own = takeOwn(source, words, at, launcher);
  if (launcher === "python" && own.module !== null && Object.hasOwn(MODULES, own.module)) {
    launcher = MODULES[own.module] as Launcher;
    own = takeOwn(source, words, own.next, launcher);
  } else if (launcher === "python" && own.module !== null && /^(?:deepspeed|accelerate)$/.test(own.module)) {
    return null;
  }
  const { module, settings, program, next } = own;
  if (program === null && module === null) return null;
  const { args, positionals } = flagsOf(source, words.slice(next));
  const place = placeOf(source, (words[start - 1] as ShellWord).text, (words[start - 1] as ShellWord).range);
  const home = { source, key: "", range: place.range };
  if (/^(?:swift|axolotl|xtuner|llamafactory-cli)$/.test(launcher) && !TRAINS[launcher]?.test(program?.text ?? ""))
    return null;
  const prefix = new Map(command.prefix.map((each) => [each.name, each]));
  const inline = new Map(inlineVariables(words.slice(0, start - 1)).map((each) => [each.name, each]));
  return {
    source,
    command,
    launcher,
    own: new Settings(source, "flags", settings, home),
    program,
    module,
    args: new Settings(source, "flags", args, home),
    positionals,
    place,
    env: (name) => {
      const set = prefix.get(name) ?? inline.get(name);
      if (set !== undefined) return set;
      const held = command.variables.get(name);
      return held?.exported === true ? held : null;
    },
  };
}

/** The subcommands that train. */
const TRAINS: Readonly<Record<string, RegExp>> = {
  swift: /^(?:sft|pt|rlhf|dpo)$/,
  axolotl: /^train$/,
  xtuner: /^train$/,
  "llamafactory-cli": /^train$/,
};

/** `env A=1 B=2 command`, `srun --export=… A=1`: variables among the words before the launcher. */
const inlineVariables = (words: readonly ShellWord[]): readonly ShellVariable[] =>
  words.flatMap(({ text, known, range }) => {
    const [, name, value = ""] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    return name === undefined ? [] : [{ name, value: known ? value : null, exported: true, range }];
  });

interface Own {
  readonly settings: readonly Setting[];
  readonly module: string | null;
  readonly program: ShellWord | null;
  readonly next: number;
}

/** The launcher's flags, up to the program. */
function takeOwn(source: Source, words: readonly ShellWord[], start: number, launcher: Launcher): Own {
  const switches = SWITCHES[launcher] ?? new Set();
  const settings: Setting[] = [];
  let module = false;
  let at = start;
  for (; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const [, name, value] = /^--?([A-Za-z_][\w-]*)(?:=([^]*))?$/.exec(word.text) ?? [];
    // What is not known may be a flag of the launcher, or several.
    if (name === undefined && !word.known && !/\.py$/.test(word.text)) continue;
    if (name === undefined) break;
    const key = name.replaceAll("-", "_");
    if (launcher === "python" && name === "m") {
      module = true;
      continue;
    }
    if (value !== undefined) settings.push(setting(source, word, key, value, null));
    else if (switches.has(name) || switches.has(key)) {
      if (key === "m" || key === "module") module = true;
      settings.push(setting(source, word, key, null, null));
    } else {
      const next = words[at + 1];
      settings.push(setting(source, word, key, null, next ?? null));
      if (next !== undefined) at += 1;
    }
  }
  const program = words[at] ?? null;
  if (program === null) return { settings, module: null, program: null, next: at };
  return module
    ? { settings, module: program.text, program: null, next: at + 1 }
    : { settings, module: null, program, next: at + 1 };
}

/** `--name value`, `--name=value`, `--switch`, and what is none of them. */
function flagsOf(
  source: Source,
  words: readonly ShellWord[],
): { readonly args: readonly Setting[]; readonly positionals: readonly ShellWord[] } {
  const args: Setting[] = [];
  const positionals: ShellWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    if (word.text === "|" || word.text === "&") break;
    const [, name, value] = /^--?([A-Za-z_][\w.-]*)(?:=([^]*))?$/.exec(word.text) ?? [];
    if (name === undefined || (word.quoted && !word.text.startsWith("--"))) {
      const [, key, given] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word.text) ?? [];
      // llamafactory-cli's way to set an argument over its file.
      if (key !== undefined && key === key.toLowerCase()) args.push(setting(source, word, key, given ?? "", null));
      else positionals.push(word);
      continue;
    }
    const key = name.replaceAll("-", "_");
    if (value !== undefined) {
      args.push(setting(source, word, key, value, null));
      continue;
    }
    const values: ShellWord[] = [];
    while (at + 1 < words.length && isValue(words[at + 1] as ShellWord)) values.push(words[++at] as ShellWord);
    args.push(
      setting(
        source,
        word,
        key,
        values.length > 1 ? values.map(({ text }) => text).join(" ") : null,
        values[0] ?? null,
      ),
    );
  }
  return { args, positionals };
}

const isValue = ({ text, quoted }: ShellWord): boolean =>
  (quoted && !text.startsWith("--")) || !/^--?[A-Za-z_]/.test(text);

function setting(
  source: Source,
  word: ShellWord,
  name: string,
  inline: string | null,
  next: ShellWord | null,
): Setting {
  const written = inline ?? next?.text ?? "";
  const bare = inline === null && next === null;
  const known = inline !== null ? word.known : (next?.known ?? true);
  const flag = word.text.split("=")[0] as string;
  const from = word.range.from;
  const range = word.exact && inline !== null && next === null ? { from, to: from + flag.length } : word.range;
  return {
    name,
    value: !known ? undefined : bare ? true : valueOf(written),
    text: written,
    quoted: next?.quoted ?? false,
    node: null,
    place: placeOf(source, flag, range),
    valueRange:
      next !== null
        ? next.exact && inline === null
          ? next.range
          : null
        : inline !== null && word.exact
          ? { from: from + flag.length + 1, to: word.range.to }
          : null,
    range: { from, to: Math.max(word.range.to, next !== null && next.range.from > from ? next.range.to : 0) },
  };
}

const placeOf = (source: Source, key: string, range: Place["range"]): Place => ({ source, key, range });

/** What argparse would make of a word: a number, a switch's true or false, or the text. */
function valueOf(text: string): Primitive {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  return text;
}
