import Handlebars from "handlebars";
import { type Code, type Language, say } from "../../messages/message.ts";
import { commentLines } from "./comment.ts";
import { mdCode, mdText } from "./markdown.ts";
import { printPython } from "./python.ts";
import { quoteShell } from "./shell.ts";
import type { JsonValue } from "./value.ts";

/** A precompiled template. */
export type Template = TemplateSpecification;

/** What a template may refer to: `strict` templates fail on any other name. */
export type Context = Readonly<Record<string, unknown>> & { readonly language: Language };

type Options = {
  readonly data?: { readonly root: Context };
  readonly hash: Readonly<Record<string, unknown>>;
};

const languageOf = (options: Options): Language => options.data?.root.language ?? "en";

const environment = Handlebars.create();
environment.registerHelper({
  /** A Python literal. */
  py: (value: JsonValue) => printPython(value),
  /** A word for the shell. */
  sh: (value: string) => quoteShell(String(value)),
  /** Text and code for Markdown. */
  md: (value: unknown) => mdText(String(value)),
  code: (value: unknown) => mdCode(String(value)),
  /** A fenced code block that no line of the text can end. */
  fence: (language: string, text: string) => fenced(language, text),
  /** A sentence of the catalogue, with the hash as its values. */
  t: (code: Code, options: Options) => say(languageOf(options), { code, values: options.hash }),
  /** A sentence as comment lines, indented by `indent`. */
  comment: (code: Code, options: Options) => comment(code, languageOf(options), options.hash),
});

/** Wrapped comments without values: the same few dozen in every folder. */
const wrapped = new Map<string, string>();

function comment(code: Code, language: Language, hash: Options["hash"]): string {
  const { indent = 0, ...values } = hash as { indent?: number };
  const key = Object.keys(values).length === 0 ? `${language} ${indent} ${code}` : null;
  const known = key === null ? undefined : wrapped.get(key);
  if (known !== undefined) return known;
  const lines = commentLines(say(language, { code, values }), `${" ".repeat(indent)}# `, 100);
  if (key !== null) wrapped.set(key, lines);
  return lines;
}

function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

const compiled = new WeakMap<Template, (context: Context) => string>();

/** The text of a template with these values. */
export function render(template: Template, context: Context): string {
  const known = compiled.get(template);
  if (known !== undefined) return known(context);
  const run: (context: Context) => string = environment.template(template);
  compiled.set(template, run);
  return run(context);
}
