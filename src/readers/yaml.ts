import { isAlias, isMap, isScalar, isSeq, type Node as YamlNode, parseDocument, type YAMLMap } from "yaml";
import { type Range, type Source, Unreadable } from "./source.ts";
import type { Entry, Node, Primitive } from "./tree.ts";

/** Nobody nests a config deeper; an alias may stand in what it names. */
const DEEPEST = 100;
/** Keys that merges repeat: maps that merge one another grow with the square of their number. */
const MOST_MERGED = 20_000;

/**
 * YAML as Python's tools read it: PyYAML's own rules for what is a number or a boolean, the last of two equal keys, merge
 * keys and aliases followed. Null where it is not YAML.
 */
export function readYaml(source: Source): Node | null {
  if (tooDeep(source.text)) throw new Unreadable("nested too deeply");
  const document = parseDocument(source.text, {
    version: "1.1",
    schema: "failsafe",
    uniqueKeys: false,
    strict: false,
    logLevel: "silent",
    // Nobody reads them, and each one costs a look through the file.
    prettyErrors: false,
  });
  if (document.contents === null || document.errors.some(({ code }) => FATAL.has(code))) return null;
  return new Reader(source.text).node(document.contents as YamlNode, 0);
}

const FATAL = new Set(["BAD_INDENT", "UNEXPECTED_TOKEN", "MISSING_CHAR", "TAB_AS_INDENT", "RESOURCE_EXHAUSTION"]);

/** The parser recurses into `[[[[…`, and into ever deeper indentation. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return new RegExp(`^(?:- ?|\\? ?){${DEEPEST}}`, "m").test(text);
}

class Reader {
  readonly #text: string;
  readonly #seen = new Map<YamlNode, Node>();
  /** What an anchor names from here on: an alias means the last one above it. */
  readonly #anchors = new Map<string, YamlNode>();
  #merged = 0;

  constructor(text: string) {
    this.#text = text;
  }

  node(node: YamlNode | null | undefined, depth: number): Node {
    if (node === null || node === undefined) return empty(0);
    // A node that many aliases name is read once.
    const known = this.#seen.get(node);
    if (known !== undefined) return known;
    const made = this.#make(node, depth);
    this.#seen.set(node, made);
    return made;
  }

  #make(node: YamlNode, depth: number): Node {
    const range = rangeOf(node);
    if (depth > DEEPEST) throw new Unreadable("nested too deeply");
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      return target === undefined ? { kind: "opaque", text: `*${node.source}`, range } : this.node(target, depth + 1);
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return { kind: "map", entries: this.#entries(node, depth), range };
    if (isSeq(node))
      return { kind: "list", items: node.items.map((item) => this.node(item as YamlNode, depth + 1)), range };
    if (!isScalar(node)) return { kind: "opaque", text: this.#text.slice(range.from, range.to), range };
    const text = this.#text.slice(range.from, range.to);
    const quoted = node.type !== "PLAIN" && node.type !== undefined;
    return {
      kind: "scalar",
      value: quoted ? String(node.value) : plainScalar(String(node.value ?? "")),
      text,
      quoted,
      range,
    };
  }

  #entries(map: YAMLMap, depth: number): Entry[] {
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    for (const pair of map.items) {
      if (!isScalar(pair.key)) continue;
      if (pair.key.anchor !== undefined) this.#anchors.set(pair.key.anchor, pair.key);
      const keyRange = rangeOf(pair.key);
      const key = String(pair.key.value);
      const value = pair.value == null ? empty(keyRange.to) : this.node(pair.value as YamlNode, depth + 1);
      if (key === "<<") {
        for (const each of value.kind === "list" ? value.items : [value])
          if (each.kind === "map") for (const entry of each.entries) merged.push(entry);
        this.#merged += merged.length;
        if (this.#merged > MOST_MERGED) throw new Unreadable("too many merged keys");
        continue;
      }
      entries.push({ key, keyRange, value, range: { from: keyRange.from, to: Math.max(keyRange.to, value.range.to) } });
    }
    // What is merged in never stands over a key of the map itself.
    return merged.length === 0 ? entries : [...merged.toReversed(), ...entries];
  }
}

const empty = (at: number): Node => ({
  kind: "scalar",
  value: null,
  text: "",
  quoted: false,
  range: { from: at, to: at },
});

const rangeOf = (node: YamlNode): Range => ({ from: node.range?.[0] ?? 0, to: node.range?.[1] ?? 0 });

/**
 * A plain scalar as PyYAML resolves it: `2e-5` has no dot and `1.0e5` no sign in the exponent, so both are texts; `yes`, `no`,
 * `on` and `off` are booleans. Source: yaml/pyyaml lib/yaml/resolver.py and constructor.py.
 */
export function plainScalar(text: string): Primitive {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  const first = text.charCodeAt(0);
  // A sign, a dot or a digit.
  if (!(first === 0x2b || first === 0x2d || first === 0x2e || (first >= 0x30 && first <= 0x39))) return text;
  const bare = text.replaceAll("_", "");
  if (/^[-+]?(?:0|[1-9][0-9]*)$/.test(bare)) return Number(bare);
  if (/^[-+]?0b[01]+$|^[-+]?0x[0-9a-fA-F]+$/.test(bare)) return sign(bare) * Number(bare.replace(/^[-+]/, ""));
  if (/^[-+]?0[0-7]+$/.test(bare)) return Number.parseInt(bare, 8);
  if (/^[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?$|^[-+]?\.[0-9]+(?:[eE][-+][0-9]+)?$/.test(bare)) return Number(bare);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return sign(text) * Number.POSITIVE_INFINITY;
  return text;
}

const sign = (text: string): number => (text.startsWith("-") ? -1 : 1);
