import type { Place, Range, Source } from "./source.ts";

/** What every reader makes of a file: values with the places where they stand, nothing left out. */
export type Node = Scalar | MapNode | ListNode | Opaque;

export type Primitive = string | number | boolean | null;

export interface Scalar {
  readonly kind: "scalar";
  readonly value: Primitive;
  /** As it is written, quotes included. */
  readonly text: string;
  readonly quoted: boolean;
  readonly range: Range;
}

export interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Node;
  /** From the key's first character to the value's last. */
  readonly range: Range;
}

export interface MapNode {
  readonly kind: "map";
  /** In the order of the file; a key that is written twice stands here twice. */
  readonly entries: readonly Entry[];
  /** In Python: the name that is called, where it is not a literal. */
  readonly callee?: string | undefined;
  readonly range: Range;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly range: Range;
}

/** What only running the program would tell. */
export interface Opaque {
  readonly kind: "opaque";
  readonly text: string;
  readonly range: Range;
}

/** The entry of a key; the last one where it is written several times, as every reader of configs takes it. */
export function entryOf(node: Node | null | undefined, key: string): Entry | null {
  if (node?.kind !== "map") return null;
  if (node.entries.length > FEW) return indexOf(node).get(key) ?? null;
  for (let at = node.entries.length - 1; at >= 0; at--) {
    const entry = node.entries[at] as Entry;
    if (entry.key === key) return entry;
  }
  return null;
}

/** From this many keys on, a map is looked up by an index. */
const FEW = 40;

const indexes = new WeakMap<MapNode, ReadonlyMap<string, Entry>>();

function indexOf(node: MapNode): ReadonlyMap<string, Entry> {
  const held = indexes.get(node);
  if (held !== undefined) return held;
  const made = new Map(node.entries.map((entry) => [entry.key, entry]));
  indexes.set(node, made);
  return made;
}

type Steps = readonly (string | number)[];

/** Paths that were split before: the pitfalls ask every file for the same ones. */
const splitPaths = new Map<string, Steps>();
const MOST_KEPT = 5000;

/** `a.b[1].c` to its steps. */
function stepsOf(path: string): Steps {
  const held = splitPaths.get(path);
  if (held !== undefined) return held;
  const steps =
    path === ""
      ? []
      : path.split(/\.|(?=\[)/).map((step) => (/^\[\d+\]$/.test(step) ? Number(step.slice(1, -1)) : step));
  if (splitPaths.size < MOST_KEPT) splitPaths.set(path, steps);
  return steps;
}

/** A tree in its file, asked by dotted paths: `zero_optimization.stage`, `param_scheduler[1].T_max`. */
export class Doc {
  readonly source: Source;
  readonly root: Node;
  /** What stands before every path in this file: the variable that holds a Python dict. */
  readonly prefix: string;

  constructor(source: Source, root: Node, prefix = "") {
    this.source = source;
    this.root = root;
    this.prefix = prefix;
  }

  node(path: string): Node | null {
    let node: Node | null = this.root;
    for (const step of stepsOf(path)) {
      node =
        typeof step === "number"
          ? node?.kind === "list"
            ? (node.items[step] ?? null)
            : null
          : (entryOf(node, step)?.value ?? null);
      if (node === null) return null;
    }
    return node;
  }

  has(path: string): boolean {
    return this.node(path) !== null;
  }

  /** The value at a path: undefined where there is none, or none that is known without running the program. */
  value(path: string): Primitive | undefined {
    const node = this.node(path);
    return node?.kind === "scalar" ? node.value : undefined;
  }

  number(path: string): number | undefined {
    const value = this.value(path);
    return typeof value === "number" ? value : undefined;
  }

  text(path: string): string | undefined {
    const value = this.value(path);
    return typeof value === "string" ? value : undefined;
  }

  entry(path: string): Entry | null {
    const { parent, last } = split(path);
    return entryOf(this.node(parent), last);
  }

  entries(path: string): readonly Entry[] {
    const node = this.node(path);
    return node?.kind === "map" ? node.entries : [];
  }

  /** Where a path stands; where it is missing, the nearest key above it, under the whole path's name. */
  place(path: string): Place {
    const key = this.key(path);
    for (let way = path; way !== ""; way = split(way).parent) {
      const entry = this.entry(way);
      if (entry !== null) return { source: this.source, key, range: entry.keyRange };
      const node = this.node(way);
      if (node !== null) return { source: this.source, key, range: start(node.range) };
    }
    return { source: this.source, key, range: start(this.root.range) };
  }

  /** A path as it is called in this file. */
  key(path: string): string {
    return this.prefix === ""
      ? path
      : path.startsWith("[") || path === ""
        ? this.prefix + path
        : `${this.prefix}.${path}`;
  }
}

const start = ({ from, to }: Range): Range => ({ from, to: Math.min(to, from + 1) });

function split(path: string): { readonly parent: string; readonly last: string } {
  const at = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return at < 0 ? { parent: "", last: path } : { parent: path.slice(0, at), last: path.slice(at).replace(/^\./, "") };
}
