import {
  type ArrayValue,
  type Assignment,
  type Command,
  forEachChild,
  type HereDoc,
  parse,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import { append, arrayName, type Fragment, join, part, type ShellWord, unknown } from "./shell-words.ts";
import { Scope, type ShellVariable, type ShellVariables, type Values } from "./shell-scope.ts";
import { type Range, type Source, Unreadable } from "./source.ts";

export type { ShellVariable, ShellVariables } from "./shell-scope.ts";
export type { ShellWord } from "./shell-words.ts";

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** Variables in front of the command. */
  readonly prefix: readonly ShellVariable[];
  /** Variables that are set before it in the script. */
  readonly variables: ShellVariables;
  readonly background: boolean;
  readonly range: Range;
}

/** A file that the script writes by a here-document. */
export interface ShellFile {
  readonly path: string;
  readonly text: string;
  readonly at: number;
}

export interface ShellFileTree {
  readonly commands: readonly ShellCommand[];
  readonly files: readonly ShellFile[];
}

const DEEPEST = 12;
const MOST_WORDS = 20_000;
/** Of pieces that one variable is put together from. */
const MOST_PIECES = 1000;

/**
 * The commands of a script in order, with variables put in: what would run if nothing else were set. Both sides of a branch
 * are read; a variable keeps the value that it had before a branch where the branches disagree.
 */
export function readShell(source: Source): ShellFileTree {
  const script = parse(source.text);
  const reader = new Reader(source.text, 0, new Scope());
  reader.statements(script.commands, 0);
  return { commands: reader.commands, files: reader.files };
}

class Reader {
  readonly commands: ShellCommand[] = [];
  readonly files: ShellFile[] = [];
  readonly #text: string;
  readonly #at: number;
  readonly #scope: Scope;
  #branch = 0;
  #words = 0;

  constructor(text: string, at: number, scope: Scope) {
    this.#text = text;
    this.#at = at;
    this.#scope = scope;
  }

  statements(list: readonly Statement[], depth: number): void {
    for (const statement of list) this.#visit(statement.command, depth, statement.background === true);
  }

  #visit(node: SyntaxNode, depth: number, background: boolean): void {
    if (depth > 40) return;
    switch (node.type) {
      case "Command":
        return this.#command(node, depth, background);
      case "If":
      case "Case":
      case "While":
      case "For":
      case "Function": {
        const branches = node.type === "Function" ? 0 : 1;
        this.#branch += branches;
        if (node.type === "For")
          this.#set(
            node.name.value,
            [[unknown(node.name.text, this.#range(node.name))]],
            false,
            this.#range(node.name),
          );
        forEachChild(node, (child) => this.#visit(child, depth + 1, background));
        this.#branch -= branches;
        return;
      }
      case "Word":
      case "Assignment":
        return;
      default:
        forEachChild(node, (child) =>
          this.#visit(child, depth + 1, background || (node.type === "Statement" && node.background === true)),
        );
    }
  }

  #command(node: Command, depth: number, background: boolean): void {
    const name = node.name?.value;
    for (const redirect of node.redirects) if (redirect.type === "HereDoc") this.#heredoc(node, redirect);
    if (node.name === undefined) {
      for (const part of node.prefix) if (part.type === "Assignment") this.#assign(part, false);
      return;
    }
    if (name === "export" || name === "declare" || name === "readonly" || name === "local" || name === "typeset") {
      for (const part of node.args) if (part.type === "Assignment") this.#assign(part, name === "export");
      if (name === "export") for (const part of node.args) if (part.type === "Word") this.#export(part.value);
      return;
    }
    if (name === "unset") {
      for (const part of node.args) this.#forget(part.type === "Word" ? part.value : part.name);
      return;
    }
    const words = [node.name, ...node.args].flatMap((word) =>
      word.type === "Word" ? this.#split(word) : [this.#whole(word)],
    );
    this.#words += words.length;
    if (this.#words > MOST_WORDS) throw new Unreadable("too many words");
    const prefix = node.prefix.flatMap((part) => (part.type === "Assignment" ? [this.#variable(part, true)] : []));
    this.commands.push({ words, prefix, variables: this.#scope.snapshot(), background, range: this.#range(node) });
    this.#nested(words, depth);
  }

  /** `bash -c "…"`, `eval "…"`, `srun … bash -c "…"`: the command in the text. */
  #nested(words: readonly ShellWord[], depth: number): void {
    const shell = words.findIndex(({ text }) => /^(?:.*\/)?(?:bash|sh|zsh)$/.test(text) || text === "eval");
    if (shell < 0 || depth > DEEPEST) return;
    const inner = words.slice(shell + 1).find(({ text, quoted }) => quoted && /\s/.test(text));
    if (inner === undefined || !inner.exact) return;
    const from = this.#text.indexOf(inner.text, inner.range.from - this.#at);
    if (from < 0) return;
    const reader = new Reader(inner.text, from + this.#at, new Scope(this.#scope));
    reader.statements(parse(inner.text).commands, depth + 1);
    this.commands.push(...reader.commands);
  }

  #heredoc(node: Command, doc: HereDoc): void {
    const target = node.redirects.find((each) => each.type === "Redirect" && each.operator.startsWith(">"));
    const word =
      target?.type === "Redirect"
        ? target.target
        : node.name?.value === "tee"
          ? node.args.find((each) => each.type === "Word" && !each.value.startsWith("-"))
          : undefined;
    if (word === undefined || word.type !== "Word") return;
    this.files.push({
      path: this.#whole(word).text,
      text: this.#text.slice(doc.body.pos, doc.body.end),
      at: doc.body.pos + this.#at,
    });
  }

  #assign(node: Assignment, exported: boolean): void {
    const values = this.#valuesOf(node.value);
    const before = this.#scope.values(node.name);
    this.#set(
      node.name,
      node.append === true ? append(before ?? [], values, node.value.type === "ArrayValue") : values,
      exported,
      this.#range(node),
    );
  }

  #valuesOf(value: Word | ArrayValue): Values {
    return value.type === "Word" ? [this.#fragments(value)] : value.elements.map((element) => this.#fragments(element));
  }

  #set(name: string, values: Values, exported: boolean, range: Range): void {
    const before = this.#scope.values(name);
    // What stands before a branch is what runs when nobody says otherwise.
    if (this.#branch > 0 && before !== undefined) return;
    const flat = values.flat();
    const size = flat.reduce((sum, each) => sum + each.text.length, 0);
    if (size > 1 << 18 || flat.length > MOST_PIECES) throw new Unreadable("a variable grows without end");
    const value = flat.some((each) => each.unknown)
      ? null
      : values.map((each) => each.map(({ text }) => text).join("")).join(" ");
    const held = this.#scope.get(name);
    this.#scope.set(
      { name, value, exported: exported || held?.exported === true, range },
      this.#branch > 0 && value === null ? [[unknown(`$${name}`, range)]] : values,
    );
  }

  #export(name: string): void {
    const held = this.#scope.get(name);
    if (held !== undefined) this.#scope.set({ ...held, exported: true }, this.#scope.values(name) ?? []);
  }

  #forget(name: string): void {
    if (this.#branch > 0) return;
    this.#scope.forget(name);
  }

  #variable(node: Assignment, exported: boolean): ShellVariable {
    const flat = this.#valuesOf(node.value).flat();
    const value = flat.some((each) => each.unknown) ? null : flat.map(({ text }) => text).join("");
    return { name: node.name, value, exported, range: this.#range(node) };
  }

  /** A word after splitting: an unquoted variable may be several words, or none. */
  #split(word: Word): readonly ShellWord[] {
    const array = arrayName(word);
    const held = array === null ? undefined : this.#scope.values(array);
    if (held !== undefined) return held.flatMap((each) => join([...each]));
    const words: Fragment[][] = [[]];
    for (const fragment of this.#fragments(word)) {
      if (fragment.quoted || fragment.unknown || !/\s/.test(fragment.text)) {
        words[words.length - 1]?.push(fragment);
        continue;
      }
      let first = true;
      for (const match of fragment.text.matchAll(/\S+/g)) {
        if (!first || match.index > 0) words.push([]);
        first = false;
        words[words.length - 1]?.push(part(fragment, match.index, match.index + match[0].length));
      }
      if (/\s$/.test(fragment.text)) words.push([]);
    }
    return words.flatMap((each) => join(each));
  }

  #whole(word: Word | Assignment): ShellWord {
    if (word.type === "Assignment") {
      const range = this.#range(word);
      return { text: word.text, known: true, quoted: false, exact: true, range };
    }
    const [joined] = join([...this.#fragments(word)]);
    return joined ?? { text: "", known: true, quoted: true, exact: false, range: this.#range(word) };
  }

  #fragments(word: Word): readonly Fragment[] {
    if (word.parts === undefined) {
      const range = this.#range(word);
      return [
        { text: word.value, range, exact: word.value === word.text, quoted: word.value !== word.text, unknown: false },
      ];
    }
    return word.parts.flatMap((each) => this.#part(each, false));
  }

  #part(node: WordPart, quoted: boolean): readonly Fragment[] {
    const range = this.#range(node);
    switch (node.type) {
      case "Literal":
        return [
          {
            text: node.value,
            range,
            exact: node.value === node.text,
            quoted: quoted || node.value !== node.text,
            unknown: false,
          },
        ];
      case "SingleQuoted":
      case "AnsiCQuoted": {
        const from = range.from + 1;
        const exact = this.#text.startsWith(node.value, from - this.#at);
        return [
          {
            text: node.value,
            range: exact ? { from, to: from + node.value.length } : range,
            exact,
            quoted: true,
            unknown: false,
          },
        ];
      }
      case "DoubleQuoted":
      case "LocaleString": {
        const inner = node.parts.flatMap((each) => this.#part(each, true));
        return inner.length === 0 ? [{ text: "", range, exact: false, quoted: true, unknown: false }] : inner;
      }
      case "SimpleExpansion":
        return this.#expand(node.text.slice(1), quoted, node.text, range);
      case "ParameterExpansion": {
        const { operation, parameter, prefix, index } = node;
        if (prefix !== undefined || index !== undefined) {
          return index !== undefined && prefix === undefined
            ? this.#expand(parameter, quoted, node.text, range)
            : [unknown(node.text, range)];
        }
        if (operation === undefined) return this.#expand(parameter, quoted, node.text, range);
        if (operation.type !== "Default" || !/^:?[-=]$/.test(operation.operator)) return [unknown(node.text, range)];
        const held = this.#scope.values(parameter);
        return held !== undefined &&
          held.flat().every((each) => !each.unknown) &&
          held.flat().some(({ text }) => text !== "")
          ? this.#expand(parameter, quoted, node.text, range)
          : this.#fragments(operation.operand).map((each) => (quoted ? { ...each, quoted } : each));
      }
      case "Glob":
      case "ExtendedGlob":
      case "BraceExpansion":
        return [{ text: node.text, range, exact: true, quoted, unknown: false }];
      default:
        return [unknown(node.text, range)];
    }
  }

  #expand(name: string, quoted: boolean, text: string, range: Range): readonly Fragment[] {
    const held = this.#scope.values(name);
    if (held === undefined) return [unknown(text, range)];
    return held.flat().map((each) => ({ ...each, quoted }));
  }

  #range({ pos, end }: { readonly pos: number; readonly end: number }): Range {
    return { from: pos + this.#at, to: end + this.#at };
  }
}
