import { parser } from "@lezer/python";
import { type Range, type Source, Unreadable } from "./source.ts";
import { Doc, type Entry, entryOf, type Node, type Primitive } from "./tree.ts";

/** A call that a person looks for by its name: `TrainingArguments(...)`. */
export interface PythonCall {
  readonly name: string;
  readonly doc: Doc;
}

export interface PythonFile {
  /** What is assigned at the top level of the file, as one map. */
  readonly module: Doc;
  /** Calls with keyword arguments, anywhere in the file. */
  readonly calls: readonly PythonCall[];
  /** Dict literals that are assigned to a name, anywhere in the file. */
  readonly dicts: readonly Doc[];
  readonly imports: readonly string[];
}

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

const DEEPEST = 60;
/** No program that people wrote builds more arguments; each is judged as a job of its own. */
const MOST_CALLS = 200;
/** Functions that are looked for beside the classes. */
const FUNCTIONS: ReadonlySet<string> = new Set(["deepspeed.initialize"]);
/** Keys that `**` repeats: dicts that take in one another grow with the square of their number. */
const MOST_SPREAD = 20_000;

/** Python read as literals, without running it: names that are assigned once stand for their values, arithmetic is done. */
export function readPython(source: Source): PythonFile {
  return new Reader(source).read();
}

class Reader {
  readonly #source: Source;
  readonly #text: string;
  readonly #names = new Map<string, Node | null>();
  readonly #calls: PythonCall[] = [];
  readonly #dicts: Doc[] = [];
  readonly #imports: string[] = [];
  readonly #module: Entry[] = [];
  #spreadKeys = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  read(): PythonFile {
    const tree = parser.parse(this.#text);
    for (let node = tree.topNode.firstChild; node !== null; node = node.nextSibling) this.#statement(node, true);
    const root: Node = { kind: "map", entries: this.#module, range: { from: 0, to: this.#text.length } };
    return {
      module: new Doc(this.#source, root),
      calls: this.#calls,
      dicts: this.#dicts,
      imports: this.#imports,
    };
  }

  #statement(node: SyntaxNode, top: boolean): void {
    switch (node.name) {
      case "ImportStatement":
        this.#imports.push(this.#slice(node));
        return;
      case "AssignStatement":
        return this.#assign(node, top);
      case "UpdateStatement": {
        const [target, operator, value] = childrenOf(node);
        if (target?.name === "VariableName" && operator !== undefined && value !== undefined) {
          const name = this.#slice(target);
          const now = this.#names.get(name);
          const by = this.#value(value, 0);
          const folded = now == null ? null : arithmetic(this.#slice(operator).slice(0, -1), now, by, rangeOf(value));
          this.#define(name, rangeOf(target), folded ?? this.#opaque(node), top);
        }
        return;
      }
      default:
        this.#inside(node, top && !/^(?:FunctionDefinition|ClassDefinition)$/.test(node.name));
    }
  }

  /** Calls and assignments in what is neither: the bodies of functions, branches and loops, and expressions. */
  #inside(node: SyntaxNode, top: boolean, target: string | null = null): void {
    const stack: { readonly node: SyntaxNode; readonly target: string | null }[] = [];
    for (const child of childrenOf(node).toReversed()) stack.push({ node: child, target });
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (/^(?:AssignStatement|UpdateStatement|ImportStatement)$/.test(next.node.name)) {
        this.#statement(next.node, top);
        continue;
      }
      if (next.node.name === "CallExpression") this.#call(next.node, next.target);
      for (const child of childrenOf(next.node).toReversed()) stack.push({ node: child, target: null });
    }
  }

  #assign(node: SyntaxNode, top: boolean): void {
    const parts = childrenOf(node);
    const equals = parts.findIndex(({ name }) => name === "AssignOp");
    const [target] = parts;
    const value = parts[parts.length - 1];
    if (equals < 0 || target === undefined || value === undefined || value.name === "AssignOp") return;
    const name = this.#slice(target);
    const made = this.#value(value, 0);
    if (target.name === "VariableName") this.#define(name, rangeOf(target), made, top);
    if (made.kind === "map" && (made.callee === undefined || made.callee === "dict"))
      this.#dicts.push(new Doc(this.#source, made, name));
    if (value.name === "CallExpression") this.#call(value, name);
    this.#inside(value, false);
  }

  #define(name: string, keyRange: Range, value: Node, top: boolean): void {
    // A name that a branch or a function gives another value is not known any more.
    this.#names.set(name, top || !this.#names.has(name) ? value : null);
    if (!top) return;
    const entry = {
      key: name,
      keyRange,
      value,
      range: { from: keyRange.from, to: Math.max(keyRange.to, value.range.to) },
    };
    const at = this.#module.findIndex(({ key }) => key === name);
    if (at < 0) this.#module.push(entry);
    else this.#module[at] = entry;
  }

  #call(node: SyntaxNode, target: string | null): void {
    const callee = node.firstChild;
    if (callee === null) return;
    const name = this.#slice(callee).split(".").pop() ?? "";
    if (!/^[A-Z]/.test(name) && !FUNCTIONS.has(this.#slice(callee))) return;
    if (this.#calls.length >= MOST_CALLS) return;
    const made = this.#value(node, 0, true);
    if (made.kind === "map") this.#calls.push({ name, doc: new Doc(this.#source, made, target ?? name) });
  }

  #value(node: SyntaxNode, depth: number, anyCall = false): Node {
    if (depth > DEEPEST) return this.#opaque(node);
    const range = rangeOf(node);
    const scalar = (value: Primitive, quoted = false): Node => ({
      kind: "scalar",
      value,
      text: this.#slice(node),
      quoted,
      range,
    });
    switch (node.name) {
      case "Number": {
        const value = Number(this.#slice(node).replaceAll("_", ""));
        return Number.isNaN(value) ? this.#opaque(node) : scalar(value);
      }
      case "String":
        return scalar(unquote(this.#slice(node)), true);
      case "ContinuedString": {
        const parts = childrenOf(node);
        return parts.every(({ name }) => name === "String")
          ? scalar(parts.map((part) => unquote(this.#slice(part))).join(""), true)
          : this.#opaque(node);
      }
      case "Boolean":
        return scalar(this.#slice(node) === "True");
      case "None":
        return scalar(null);
      case "VariableName":
        return this.#names.get(this.#slice(node)) ?? this.#opaque(node);
      case "ParenthesizedExpression": {
        const inner = childrenOf(node)[1];
        return inner === undefined ? this.#opaque(node) : this.#value(inner, depth + 1);
      }
      case "UnaryExpression": {
        const inner = node.lastChild === null ? null : this.#value(node.lastChild, depth + 1);
        return inner?.kind === "scalar" && typeof inner.value === "number" && this.#text[range.from] === "-"
          ? scalar(-inner.value)
          : this.#opaque(node);
      }
      case "BinaryExpression": {
        const [left, operator, right] = childrenOf(node);
        if (left === undefined || operator === undefined || right === undefined) return this.#opaque(node);
        const made = arithmetic(
          this.#slice(operator),
          this.#value(left, depth + 1),
          this.#value(right, depth + 1),
          range,
        );
        return made === null ? this.#opaque(node) : { ...made, text: this.#slice(node) };
      }
      case "ArrayExpression":
      case "TupleExpression":
      case "SetExpression":
        return {
          kind: "list",
          items: childrenOf(node)
            .filter(isValue)
            .map((child) => this.#value(child, depth + 1)),
          range,
        };
      case "DictionaryExpression":
        return { kind: "map", entries: this.#dictEntries(node, depth), range };
      case "MemberExpression":
        return this.#member(node, depth);
      case "CallExpression": {
        const callee = node.firstChild === null ? "" : this.#slice(node.firstChild);
        if (
          callee !== "dict" &&
          callee !== "Config" &&
          callee !== "ConfigDict" &&
          !anyCall &&
          !/^[A-Z]\w*$/.test(callee)
        )
          return this.#opaque(node);
        return { kind: "map", entries: this.#keywords(node.lastChild, depth), callee, range };
      }
      default:
        return this.#opaque(node);
    }
  }

  #member(node: SyntaxNode, depth: number): Node {
    const [object, , key] = childrenOf(node);
    if (object === undefined || key === undefined || key.name !== "String") return this.#opaque(node);
    const found = entryOf(this.#value(object, depth + 1), unquote(this.#slice(key)));
    return found?.value ?? this.#opaque(node);
  }

  #dictEntries(node: SyntaxNode, depth: number): Entry[] {
    const entries: Entry[] = [];
    const parts = childrenOf(node);
    for (let at = 1; at < parts.length - 1; at++) {
      const [key, colon, value] = [parts[at], parts[at + 1], parts[at + 2]];
      if (key?.name === "**") {
        if (colon !== undefined) this.#spread(colon, entries, depth);
        at += 1;
      } else if (key?.name === "String" && colon?.name === ":" && value !== undefined) {
        const made = this.#value(value, depth + 1);
        entries.push({
          key: unquote(this.#slice(key)),
          keyRange: rangeOf(key),
          value: made,
          range: { from: key.from, to: value.to },
        });
        at += 2;
      }
    }
    return entries;
  }

  #keywords(list: SyntaxNode | null, depth: number): Entry[] {
    const entries: Entry[] = [];
    if (list === null) return entries;
    const parts = childrenOf(list);
    for (let at = 1; at < parts.length - 1; at++) {
      const [name, equals, value] = [parts[at], parts[at + 1], parts[at + 2]];
      if (name?.name === "**" && equals !== undefined) {
        this.#spread(equals, entries, depth);
        at += 1;
      } else if (name?.name === "VariableName" && equals?.name === "AssignOp" && value !== undefined) {
        const made = this.#value(value, depth + 1);
        entries.push({
          key: this.#slice(name),
          keyRange: rangeOf(name),
          value: made,
          range: { from: name.from, to: value.to },
        });
        at += 2;
      }
    }
    return entries;
  }

  #spread(node: SyntaxNode, entries: Entry[], depth: number): void {
    const value = this.#value(node, depth + 1);
    if (value.kind !== "map") return;
    this.#spreadKeys += value.entries.length;
    if (this.#spreadKeys > MOST_SPREAD) throw new Unreadable("too many keys of other dicts");
    for (const entry of value.entries) entries.push(entry);
  }

  readonly #slice = (node: { readonly from: number; readonly to: number }): string =>
    this.#text.slice(node.from, node.to);
  readonly #opaque = (node: SyntaxNode): Node => ({ kind: "opaque", text: this.#slice(node), range: rangeOf(node) });
}

const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }): Range => ({ from, to });

const isValue = ({ name }: SyntaxNode): boolean => !/^[[\](){},]$|^Comment$|^⚠$/.test(name);

/** A node's children without comments. */
function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "Comment") children.push(child);
  return children;
}

/** The text of a Python string literal; escapes other than those of quotes and line ends stay, as in a raw one. */
function unquote(text: string): string {
  const [, body = ""] = /^[rRbBuUfF]*("""|'''|"|')([^]*?)\1$/.exec(text)?.slice(1) ?? [];
  return body.replace(/\\(["'\\])/g, "$1");
}

function arithmetic(
  operator: string,
  left: Node,
  right: Node,
  range: Range,
): (Node & { readonly kind: "scalar" }) | null {
  if (left.kind !== "scalar" || right.kind !== "scalar") return null;
  const [a, b] = [left.value, right.value];
  if (typeof a === "string" && typeof b === "string" && operator === "+")
    return { kind: "scalar", value: a + b, text: a + b, quoted: true, range };
  if (typeof a !== "number" || typeof b !== "number") return null;
  const value =
    operator === "+"
      ? a + b
      : operator === "-"
        ? a - b
        : operator === "*"
          ? a * b
          : operator === "/"
            ? a / b
            : operator === "//"
              ? Math.floor(a / b)
              : operator === "**"
                ? a ** b
                : operator === "%"
                  ? a % b
                  : Number.NaN;
  return Number.isFinite(value) ? { kind: "scalar", value, text: String(value), quoted: false, range } : null;
}
