import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EmittedFile } from "../core/file.ts";
import type { JsonStyle } from "../core/print/json.ts";

/** The style of the project that the destination lies in; what we emit is stable under Prettier's defaults as it is. */
export interface ProjectStyle {
  readonly json: Partial<JsonStyle>;
  readonly format: (files: readonly EmittedFile[]) => Promise<readonly EmittedFile[]>;
}

const asEmitted: ProjectStyle = { json: {}, format: async (files) => files };

/**
 * The Prettier config that holds for a folder, if there is one. Prettier is loaded only then: looking for the file costs
 * nothing, loading it more than everything else together.
 */
export async function projectStyle(folder: string): Promise<ProjectStyle> {
  if (!hasPrettierConfig(folder)) return asEmitted;
  const prettier = await import("prettier");
  const optionsFor = (file: string) =>
    prettier.resolveConfig(path.join(folder, file), { editorconfig: true, useCache: false });
  const json = (await optionsFor("ds_config.json")) ?? {};
  return {
    json: {
      indent: json.useTabs === true ? "tab" : (json.tabWidth ?? 2),
      printWidth: json.printWidth ?? 80,
      endOfLine: json.endOfLine === "crlf" || json.endOfLine === "cr" ? json.endOfLine : "lf",
      objectWrap: json.objectWrap ?? "preserve",
    },
    format: (files) =>
      Promise.all(
        files.map(async (file) => {
          if (!/\.(md|yaml)$/.test(file.path)) return file;
          const options = (await optionsFor(file.path)) ?? {};
          return { path: file.path, text: await prettier.format(file.text, { ...options, plugins: [], filepath: file.path }) };
        }),
      ),
  };
}

function hasPrettierConfig(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (names.some((name) => existsSync(path.join(at, name)))) return true;
    if (packageHasPrettier(path.join(at, "package.json"))) return true;
    if (at === path.dirname(at)) return false;
  }
}

const extensions = ["", ".json", ".yaml", ".yml", ".json5", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".toml"];
const names = extensions.flatMap((extension) =>
  /s$/.test(extension) ? [`.prettierrc${extension}`, `prettier.config${extension}`] : [`.prettierrc${extension}`],
);

function packageHasPrettier(file: string): boolean {
  try {
    return "prettier" in (JSON.parse(readFileSync(file, "utf8")) as object);
  } catch {
    return false;
  }
}
