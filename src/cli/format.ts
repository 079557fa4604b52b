import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { EmittedFile } from "../core/file.ts";
import type { JsonStyle } from "../core/print/json.ts";
import { message } from "../messages/message.ts";
import type { Message } from "../messages/message.ts";
import { readPrettierOptions, type PrettierOptions } from "./prettier-options.ts";

/** How the project that a destination lies in wants its files: what we emit is stable under Prettier's defaults as it is. */
export interface ProjectStyle {
  readonly json: Partial<JsonStyle>;
  readonly format: (files: readonly EmittedFile[]) => Promise<readonly EmittedFile[]>;
  /** Said where a config is there and can't be followed. */
  readonly note: Message | null;
}

/** The part of Prettier that is used of a project's own copy. */
interface Prettier {
  readonly resolveConfig: (
    file: string,
    options: { editorconfig: boolean; useCache: boolean },
  ) => Promise<object | null>;
  readonly format: (text: string, options: object) => Promise<string>;
}

const asEmitted: ProjectStyle = { json: {}, format: async (files) => files, note: null };

const formatted = /\.(json|md|yaml)$/;

/**
 * The style of a folder. Where its project has a Prettier config, the project's own Prettier formats; where none is
 * installed, JSON is printed by the config's options and Markdown is marked to be left alone.
 */
export async function projectStyle(folder: string): Promise<ProjectStyle> {
  const config = findConfig(folder);
  if (config === null) return asEmitted;
  const prettier = await installedPrettier(folder);
  if (prettier !== null) return { json: {}, format: (files) => formatAll(prettier, folder, files), note: null };
  const optionsFor = await readPrettierOptions(config);
  if (optionsFor === null) return { ...asEmitted, note: message("format.unreadable", { file: path.basename(config) }) };
  return {
    json: jsonStyle(optionsFor(path.join(folder, "ds_config.json"))),
    format: async (files) => files.map((file) => leftAlone(file, optionsFor(path.join(folder, file.path)))),
    note: null,
  };
}

const formatAll = (prettier: Prettier, folder: string, files: readonly EmittedFile[]): Promise<EmittedFile[]> =>
  Promise.all(
    files.map(async (file) => {
      if (!formatted.test(file.path)) return file;
      const filepath = path.join(folder, file.path);
      const options = await prettier.resolveConfig(filepath, { editorconfig: true, useCache: false });
      return { path: file.path, text: await prettier.format(file.text, { ...options, filepath }) };
    }),
  );

function jsonStyle(options: PrettierOptions): Partial<JsonStyle> {
  const { endOfLine = "lf", objectWrap = "preserve", printWidth = 80, tabWidth = 2, useTabs = false } = options;
  return {
    indent: useTabs ? "tab" : tabWidth,
    tabWidth,
    printWidth,
    endOfLine: endOfLine === "auto" ? "lf" : endOfLine,
    objectWrap,
  };
}

/** Markdown depends on the options for list markers and line breaks; Prettier itself offers the way out. */
function leftAlone(file: EmittedFile, { endOfLine, proseWrap, tabWidth, useTabs }: PrettierOptions): EmittedFile {
  if (!/\.(md|yaml)$/.test(file.path)) return file;
  const plain = (proseWrap ?? "preserve") === "preserve" && (tabWidth ?? 2) === 2 && useTabs !== true;
  const text =
    plain || !file.path.endsWith(".md")
      ? file.text
      : `<!-- prettier-ignore-start -->\n\n${file.text}\n<!-- prettier-ignore-end -->\n`;
  const lineBreak = endOfLine === "crlf" ? "\r\n" : endOfLine === "cr" ? "\r" : "\n";
  return { path: file.path, text: text.replaceAll("\n", lineBreak) };
}

async function installedPrettier(folder: string): Promise<Prettier | null> {
  let entry: string;
  try {
    entry = createRequire(path.join(folder, "package.json")).resolve("prettier");
  } catch {
    return null;
  }
  const loaded = (await import(pathToFileURL(entry).href)) as Prettier & { default?: Prettier };
  return loaded.default ?? loaded;
}

const names = [
  ...["", ".json", ".yaml", ".yml", ".json5", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".toml"].map(
    (end) => `.prettierrc${end}`,
  ),
  ...["js", "cjs", "mjs", "ts", "cts", "mts"].map((end) => `prettier.config.${end}`),
];

/** The config file that holds for a folder: the nearest, going up, as Prettier looks for it. */
function findConfig(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    const manifest = path.join(at, "package.json");
    if (packageHasPrettier(manifest)) return manifest;
    const name = names.find((each) => existsSync(path.join(at, each)));
    if (name !== undefined) return path.join(at, name);
    if (at === path.dirname(at)) return null;
  }
}

function packageHasPrettier(file: string): boolean {
  try {
    return existsSync(file) && "prettier" in (JSON.parse(readFileSync(file, "utf8")) as object);
  } catch {
    return false;
  }
}
