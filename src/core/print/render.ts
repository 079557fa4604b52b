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
  comment: (code: Code, options: Options) => {
    const indent = " ".repeat(Number(options.hash["indent"] ?? 0));
    return commentLines(
      say(languageOf(options), { code, values: options.hash }),
      `${indent}# `,
      100,
    );
  },
});

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
