import type { Launch } from "./command.ts";
import { dialectOf, looksLikeTrainer, readerOf, takesTrainingArguments } from "./dialect.ts";
import type { Context, Job, Named, Package } from "./job.ts";
import type { ShellWord } from "../readers/shell.ts";
import type { Source } from "../readers/source.ts";
import { baseOf, candidates, folderOf, normal } from "./paths.ts";
import type {
  AccelerateFile,
  ArgumentsFile,
  DeepSpeedFile,
  HostFile,
  PinsFile,
  ProgramFile,
  Recognised,
  ScriptFile,
  XtunerFile,
} from "./recognise.ts";
import type { Setting } from "./settings.ts";
import { pinned } from "./versions.ts";

/** Every job of the files, each with the files that it reads; what nobody names is a job by itself. */
export function findJobs(files: readonly Recognised[], context: Context = {}): readonly Job[] {
  return new Finder(files, context).jobs();
}

/** Files that are named in these and are not among them, by the paths where they may lie. */
export function wanted(files: readonly Recognised[]): readonly string[] {
  const have = new Set(files.map((file) => (file.kind === "deepspeed" ? file.path : file.source.path)));
  const names: { readonly from: string; readonly name: string }[] = [];
  for (const file of files) {
    const from = file.source.path;
    const note = (setting: Setting | null): void => {
      if (typeof setting?.value === "string" && /\.(?:json|ya?ml|py)$/.test(setting.value))
        names.push({ from, name: setting.value });
    };
    if (file.kind === "arguments") note(file.args.exactly("deepspeed"));
    if (file.kind === "program") note(file.config?.setting ?? null);
    if (file.kind === "accelerate") {
      const name = file.doc.text("deepspeed_config.deepspeed_config_file");
      if (name !== undefined) names.push({ from, name });
    }
    if (file.kind !== "script") continue;
    for (const launch of file.launches) {
      for (const name of ["deepspeed", "deepspeed_config", "ds_config"]) note(launch.args.exactly(name));
      note(launch.own.exactly("config_file"));
      note(launch.own.exactly("deepspeed_config_file"));
      for (const { text, known } of launch.positionals)
        if (known && /\.(?:json|ya?ml|py)$/.test(text)) names.push({ from, name: text });
    }
  }
  return [
    ...new Set(
      names.flatMap(({ from, name }) =>
        candidates(from, name).some((path) => have.has(path)) ? [] : candidates(from, name),
      ),
    ),
  ];
}

type Kind = Recognised["kind"];
type OfKind<K extends Kind> = Extract<Recognised, { readonly kind: K }>;

const PRECISE_NAME = /^[\w@%+=:,./~-]+\.(?:json|ya?ml|hjson)$/;

class Finder {
  readonly #files: readonly Recognised[];
  readonly #context: Context;
  readonly #used = new Set<Recognised>();
  readonly #byPath = new Map<string, Recognised[]>();
  readonly #byBase = new Map<string, Recognised[]>();
  readonly #bySource = new Map<Source, Recognised[]>();
  readonly #pinsByFolder = new Map<string, PinsFile[]>();
  readonly #hostsByFolder = new Map<string, HostFile>();

  constructor(files: readonly Recognised[], context: Context) {
    this.#files = files;
    this.#context = context;
    for (const file of files) {
      const path = normal(file.kind === "deepspeed" ? file.path : file.source.path);
      push(this.#byPath, path, file);
      push(this.#byBase, baseOf(path), file);
      push(this.#bySource, file.source, file);
      if (file.kind === "pins") push(this.#pinsByFolder, folderOf(file.source.path), file);
      if (file.kind === "hosts") this.#hostsByFolder.set(folderOf(file.source.path), file);
    }
  }

  jobs(): readonly Job[] {
    const jobs: Job[] = [];
    const of = <K extends Kind>(kind: K): readonly OfKind<K>[] =>
      this.#files.filter((file): file is OfKind<K> => file.kind === kind);
    for (const script of of("script")) for (const launch of script.launches) jobs.push(this.#ofLaunch(script, launch));
    for (const file of of("arguments")) if (!this.#used.has(file)) jobs.push(this.#ofArguments(file));
    for (const file of of("accelerate"))
      if (!this.#used.has(file)) jobs.push(this.#make({ accelerate: file, ...this.#accelerated(file, null) }));
    for (const file of of("xtuner")) if (!this.#used.has(file)) jobs.push(this.#make({ xtuner: file }));
    for (const file of of("xtuner1")) if (!this.#used.has(file)) jobs.push(this.#make({ xtuner1: file }));
    for (const file of of("program")) if (!this.#used.has(file)) jobs.push(...this.#ofProgram(file));
    for (const file of of("deepspeed")) if (!this.#used.has(file)) jobs.push(this.#make({ ds: file }));
    return jobs;
  }

  #ofLaunch(script: ScriptFile, launch: Launch): Job {
    const from = launch.source.path;
    const { own, positionals } = launch;
    let args = launch.args;
    let argsFile: ArgumentsFile | null = null;
    let xtuner: XtunerFile | null = null;
    for (const word of positionals) {
      const text = fileOf(word);
      argsFile ??= this.#named(from, text, "arguments");
      xtuner ??= this.#named(from, text, "xtuner");
    }
    const program = launch.program === null ? null : this.#named(from, fileOf(launch.program), "program");
    // A program that builds its arguments itself, and reads none of them from its command.
    if (argsFile === null && program !== null && !takesTrainingArguments(launch)) argsFile = this.#inProgram(program);
    if (argsFile !== null) args = argsFile.args.under(args);
    const configFile = own.exactly("config_file");
    const accelerate = typeof configFile?.value === "string" ? this.#named(from, configFile.value, "accelerate") : null;
    const dialect = dialectOf(launch) ?? argsFile?.dialect ?? null;
    const found = accelerate === null ? null : this.#accelerated(accelerate, launch);
    const raw = args.exactly("deepspeed_config") ?? args.exactly("ds_config");
    const bySetting = [args.exactly("deepspeed"), raw, own.exactly("deepspeed_config_file")].find(
      (each) => each !== null && each.value !== true && each.value !== null && each.value !== false && each.text !== "",
    );
    const handed = bySetting == null && found?.dsNamed == null ? (program?.config ?? null) : null;
    const named =
      bySetting != null
        ? this.#deepSpeed(bySetting, argsFile)
        : handed !== null && program !== null
          ? this.#deepSpeed(handed.setting, program)
          : null;
    const reader =
      handed !== null
        ? handed.reader
        : xtuner !== null || dialect === "xtuner"
          ? "mmengine"
          : bySetting == null
            ? found === null
              ? null
              : looksLikeTrainer(args, dialect)
                ? "trainer"
                : "accelerate"
            : readerOf(bySetting, args, dialect);
    return this.#make({
      launch,
      script,
      program,
      args,
      argsFile,
      dialect: dialect ?? "hf",
      accelerate,
      xtuner,
      ...found,
      ...named,
      reader,
    });
  }

  #ofArguments(file: ArgumentsFile): Job {
    const setting = file.args.exactly("deepspeed");
    const named =
      setting === null ||
      setting.value === null ||
      setting.value === false ||
      (setting.node === null && setting.text === "")
        ? null
        : this.#deepSpeed(setting, file);
    const program = file.form === "python" ? this.#named(file.source.path, baseOf(file.source.path), "program") : null;
    return this.#make({
      args: file.args,
      argsFile: file,
      dialect: file.dialect,
      program,
      ...named,
      reader: named === null ? null : "trainer",
    });
  }

  /** A program that hands its DeepSpeed config over itself, started by nobody here. */
  #ofProgram(program: ProgramFile): readonly Job[] {
    if (program.config === null) return [];
    const { setting, reader } = program.config;
    const named = this.#deepSpeed(setting, program);
    return named.ds === null && named.dsNamed.found !== false ? [] : [this.#make({ program, ...named, reader })];
  }

  #accelerated(file: AccelerateFile, launch: Launch | null): Partial<Job> {
    const name = file.doc.text("deepspeed_config.deepspeed_config_file");
    if (name === undefined) return {};
    const ds =
      this.#named(file.source.path, name, "deepspeed") ??
      (launch === null ? null : this.#named(launch.source.path, name, "deepspeed"));
    const place = file.doc.place("deepspeed_config.deepspeed_config_file");
    return { ds, dsNamed: { text: name, place, found: ds !== null ? true : this.#absent(name) }, reader: "accelerate" };
  }

  /** The DeepSpeed config that an argument names: a file, a dict of the program, or a name of the framework's own. */
  #deepSpeed(
    setting: Setting,
    file: { readonly source: Source } | null,
  ): { readonly ds: DeepSpeedFile | null; readonly dsNamed: Named } {
    const { place } = setting;
    const from = place.source.path;
    if (setting.node !== null && setting.node.kind !== "scalar" && file !== null) {
      const dict = this.#bySource
        .get(file.source)
        ?.find((each): each is DeepSpeedFile => each.kind === "deepspeed" && each.doc.root === setting.node);
      if (dict !== undefined) this.#used.add(dict);
      return { ds: dict ?? null, dsNamed: { text: setting.text, place, found: dict === undefined ? null : true } };
    }
    const text = typeof setting.value === "string" ? setting.value : setting.text;
    // What is not known may end in a name that is: `${DIR}/ds_config.json`.
    const tail = typeof setting.value === "string" ? text : baseOf(text);
    const ds = this.#named(from, tail, "deepspeed");
    const found = ds !== null ? true : typeof setting.value === "string" ? this.#absent(text) : null;
    return { ds, dsNamed: { text, place, found } };
  }

  /** False where a file is named by a plain relative path, and no file of that name is known. */
  readonly #absent = (name: string): boolean | null =>
    PRECISE_NAME.test(name) && !name.startsWith("/") && !name.startsWith("~") ? false : null;

  #named<K extends Kind>(from: string, name: string, kind: K): OfKind<K> | null {
    if (name === "") return null;
    const fits = (file: Recognised): file is OfKind<K> => file.kind === kind;
    for (const path of candidates(from, name)) {
      const file = this.#byPath.get(path)?.find(fits);
      if (file !== undefined) return this.#use(file);
    }
    // Started from elsewhere: the only file of that name in the tree.
    const same = (this.#byBase.get(baseOf(name)) ?? []).filter(fits);
    const [only] = same.length > 1 ? same.filter(({ source }) => source.path.endsWith(`/${normal(name)}`)) : same;
    return only === undefined || (same.length > 1 && only.source.path === name) ? null : this.#use(only as OfKind<K>);
  }

  #use<F extends Recognised>(file: F): F {
    this.#used.add(file);
    return file;
  }

  #inProgram(program: ProgramFile): ArgumentsFile | null {
    const found = (this.#bySource.get(program.source) ?? []).filter(
      (file): file is ArgumentsFile => file.kind === "arguments",
    );
    return found.length === 1 && found[0] !== undefined ? this.#use(found[0]) : null;
  }

  #make(parts: Partial<Job>): Job {
    const parted: readonly (Recognised | null | undefined)[] = [
      parts.script,
      parts.argsFile,
      parts.ds,
      parts.accelerate,
      parts.xtuner,
      parts.xtuner1,
      parts.program,
    ];
    const files = parted.filter((file) => file != null);
    for (const file of files) this.#used.add(file);
    const [first] = files;
    const home = folderOf(first?.source.path ?? "");
    const pins = this.#pinsFor(home);
    const said: Partial<Record<Package, string | undefined>> = {
      transformers: this.#context.transformers,
      deepspeed: this.#context.deepspeed,
      xtuner: this.#context.xtuner,
    };
    return {
      name: first?.source.path ?? "",
      launch: null,
      script: null,
      program: null,
      args: null,
      argsFile: null,
      dialect: null,
      ds: null,
      dsNamed: null,
      reader: null,
      accelerate: null,
      xtuner: null,
      xtuner1: null,
      hosts: this.#hostsFor(home),
      ...parts,
      files,
      version: (name) => pinned(name, pins.get(name) ?? null, said[name]),
      context: this.#context,
    };
  }

  /** Pins of the nearest folder that has any, package by package. */
  #pinsFor(home: string): ReadonlyMap<string, PinsFile["pins"][number]> {
    const found = new Map<string, PinsFile["pins"][number]>();
    for (let folder = home; ; folder = folderOf(folder.slice(0, -1))) {
      for (const { pins } of this.#pinsByFolder.get(folder) ?? [])
        for (const pin of pins) if (!found.has(pin.name)) found.set(pin.name, pin);
      if (folder === "" || folder === "/") return found;
    }
  }

  readonly #hostsFor = (home: string): HostFile | null => this.#hostsByFolder.get(home) ?? null;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** The file that a word names; of one that is not known in full, its last part: `"$here"/config.py`. */
const fileOf = ({ text, known }: ShellWord): string =>
  known ? text : /\.(?:py|json|ya?ml)$/.test(text) ? baseOf(text) : "";
