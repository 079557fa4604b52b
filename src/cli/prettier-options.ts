import { readFileSync } from "node:fs";
import path from "node:path";

/** The options of Prettier that decide how JSON, YAML and Markdown look. */
export interface PrettierOptions {
  readonly printWidth?: number;
  readonly tabWidth?: number;
  readonly useTabs?: boolean;
  readonly endOfLine?: "lf" | "crlf" | "cr" | "auto";
  readonly objectWrap?: "preserve" | "collapse";
  readonly proseWrap?: "always" | "never" | "preserve";
}

interface Config extends PrettierOptions {
  readonly overrides?: readonly {
    readonly files?: string | readonly string[];
    readonly excludeFiles?: string | readonly string[];
    readonly options?: PrettierOptions;
  }[];
}

/**
 * The options of a Prettier config in JSON, YAML or package.json, by file; null for one that only Prettier itself can read
 * (a program, TOML, a shared config). Used only where Prettier is not installed.
 */
export async function readPrettierOptions(config: string): Promise<((file: string) => PrettierOptions) | null> {
  if (/\.(js|cjs|mjs|ts|cts|mts|toml|json5)$/.test(config)) return null;
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(readFileSync(config, "utf8"));
  } catch {
    return null;
  }
  if (path.basename(config) === "package.json") value = (value as { prettier: unknown }).prettier;
  if (typeof value !== "object" || value === null) return null;
  const { overrides = [], ...options } = value as Config;
  const { default: picomatch } = await import("picomatch");
  const root = path.dirname(config);
  return (file) => {
    const relative = path.relative(root, file).split(path.sep).join("/");
    // As in Prettier: a pattern without a slash matches the file's name in any folder.
    const matches = (patterns: string | readonly string[] | undefined): boolean =>
      [patterns ?? []]
        .flat()
        .some((pattern) => picomatch(pattern, { dot: true, basename: !pattern.includes("/") })(relative));
    const holding = overrides.filter((each) => matches(each.files) && !matches(each.excludeFiles));
    return Object.assign({}, options, ...holding.map((each) => each.options ?? {})) as PrettierOptions;
  };
}
