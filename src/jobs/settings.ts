import type { Place, Range, Source } from "../readers/source.ts";
import type { Doc, Entry, Node, Primitive } from "../readers/tree.ts";

/** One argument as it was given: `--fp16 True`, `fp16: true`, `fp16=True`. */
export interface Setting {
  readonly name: string;
  /** Undefined where only running the script would tell. */
  readonly value: Primitive | undefined;
  /** The value as it is written; empty for a flag without one. */
  readonly text: string;
  readonly quoted: boolean;
  readonly node: Node | null;
  readonly place: Place;
  /** Where the value stands in the file, so that it can be replaced there; null where it has no place of its own. */
  readonly valueRange: Range | null;
  /** The whole setting: the flag and its value, the key and its value. */
  readonly range: Range;
}

export type Form = "flags" | "json" | "yaml" | "python";

/** What a framework calls an argument of transformers, in the order in which it is looked for. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  per_device_train_batch_size: ["micro_batch_size", "batch_size"],
  num_train_epochs: ["num_epochs"],
  lr_scheduler_type: ["lr_scheduler"],
  model_name_or_path: ["base_model", "model", "model_type", "model_id_or_path", "model_path"],
  optim: ["optimizer"],
};

/** Arguments from one or several places; the later place wins, as the command stands over its file. */
export class Settings {
  readonly source: Source;
  readonly form: Form;
  readonly all: readonly Setting[];
  /** Where a missing argument would be written. */
  readonly home: Place;
  readonly #byName = new Map<string, Setting>();

  constructor(source: Source, form: Form, all: readonly Setting[], home: Place) {
    this.source = source;
    this.form = form;
    this.all = all;
    this.home = home;
    for (const setting of all) this.#byName.set(setting.name, setting);
  }

  /** The arguments of `over` on top of these. */
  under(over: Settings): Settings {
    return new Settings(over.source, over.form, [...this.all, ...over.all], over.home);
  }

  /** An argument by transformers' name, or by what the framework calls it. */
  get(name: string): Setting | null {
    const held = this.#byName.get(name);
    if (held !== undefined) return held;
    for (const alias of ALIASES[name] ?? []) {
      const found = this.#byName.get(alias);
      // axolotl's `optimizer` and `micro_batch_size` are its own; a map of that name is none of them.
      if (found !== undefined && found.node?.kind !== "map") return found;
    }
    return null;
  }

  /** An argument by exactly this name. */
  exactly(name: string): Setting | null {
    return this.#byName.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  value(name: string): Primitive | undefined {
    return this.get(name)?.value;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (typeof value === "number") return value;
    // `2e-5` in YAML is a text to PyYAML; what was meant is still a number.
    return typeof value === "string" && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value)
      ? Number(value)
      : undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || value === null ? undefined : String(value);
  }

  /** Whether a switch is on: given without a value, or with one that is true. */
  on(name: string): boolean {
    const value = this.value(name);
    return value === true || (typeof value === "string" && /^(?:true|yes|1)$/i.test(value)) || value === 1;
  }

  /** Where an argument stands, or where it is missing. */
  place(name: string): Place {
    return this.get(name)?.place ?? { ...this.home, key: this.key(name) };
  }

  /** What the argument is called in this form. */
  key(name: string): string {
    return this.form === "flags" ? `--${name}` : name;
  }
}

/** The top-level keys of a file, or the keyword arguments of a call, as settings. */
export function settingsOf(doc: Doc, form: Form): Settings {
  const all = doc.entries("").flatMap((entry): readonly Setting[] => [settingOf(doc, entry)]);
  const { from } = doc.root.range;
  return new Settings(doc.source, form, all, { source: doc.source, key: doc.prefix, range: { from, to: from + 1 } });
}

/** `${NAME}`, `{{ name }}`, `<name>`: what a program or a person puts in later. */
const isTemplate = (value: Primitive): boolean =>
  typeof value === "string" && /\$\{|\{\{|^<[^>]*>$|^\$\w+$/.test(value);

function settingOf(doc: Doc, entry: Entry): Setting {
  const { key, value: node, keyRange, range } = entry;
  return {
    name: key,
    value: node.kind === "scalar" && !isTemplate(node.value) ? node.value : undefined,
    text: node.kind === "scalar" || node.kind === "opaque" ? node.text : "",
    quoted: node.kind === "scalar" && node.quoted,
    node,
    place: { source: doc.source, key: doc.key(key), range: keyRange },
    valueRange: node.kind === "scalar" ? node.range : null,
    range,
  };
}
