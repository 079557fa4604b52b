import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { message } from "../../messages/message.ts";
import { Source } from "../../readers/source.ts";
import { UsageError } from "../errors.ts";

/** No config is larger; data sets and logs are. */
const LARGEST = 1 << 20;

export type SkipReason = "binary" | "huge" | "unreadable" | "special";

export interface Collected {
  readonly sources: readonly Source[];
  readonly skipped: readonly { readonly file: string; readonly reason: SkipReason }[];
}

/** Names that a config or a script may have; everything else in a folder is left unread. */
const NAMES =
  /\.(?:json|json5|jsonc|hjson|ya?ml|py|sh|bash|zsh|slurm|sbatch|sub|job|run|cfg)$|^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$|^pyproject\.toml$|^Dockerfile|host|^[\w-]+$/i;

/** Folders that hold no configs of the person's own. */
const NEVER = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "__pycache__",
  ".venv",
  "venv",
  ".tox",
  ".mypy_cache",
  ".ipynb_checkpoints",
  "site-packages",
  ".idea",
  ".vscode",
]);

/** Reads the files and folders that were named; what .gitignore or the config leaves out is left out, and what can't be a config is skipped. */
export function collect(cwd: string, names: readonly string[], excluded: readonly string[]): Collected {
  const sources = new Map<string, Source>();
  const skipped = new Map<string, SkipReason>();
  const outer = excluded.length === 0 ? null : ignore({ allowRelativePaths: true }).add([...excluded]);
  for (const name of names) {
    const full = path.resolve(cwd, name);
    const kind = kindOf(full);
    // An empty name is a variable of a script that is not set, and not this folder.
    if (kind === "none" || name === "")
      throw new UsageError({ message: message("check.noPath", { path: name === "" ? '""' : name }), place: name });
    if (kind === "folder") walk(cwd, full, outer, sources, skipped);
    else if (kind === "file") take(cwd, full, sources, skipped);
    else skipped.set(shown(cwd, full), kind);
  }
  return { sources: [...sources.values()], skipped: Array.from(skipped, ([file, reason]) => ({ file, reason })) };
}

/** A file by the path that a person would type here, with forward slashes. */
export const shown = (cwd: string, full: string): string => {
  const relative = path.relative(cwd, full);
  return (relative.startsWith("..") || path.isAbsolute(relative) ? full : relative).split(path.sep).join("/");
};

interface Level {
  readonly folder: string;
  readonly rules: Ignore;
}

function walk(
  cwd: string,
  top: string,
  outer: Ignore | null,
  sources: Map<string, Source>,
  skipped: Map<string, SkipReason>,
): void {
  const seen = new Set<string>();
  const stack: { readonly folder: string; readonly levels: readonly Level[] }[] = [{ folder: top, levels: above(top) }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { folder } = next;
    let entries;
    try {
      // A link may lead back to a folder above it.
      const real = realpathSync(folder);
      if (seen.has(real)) continue;
      seen.add(real);
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      skipped.set(shown(cwd, folder), "unreadable");
      continue;
    }
    const levels = [...next.levels, ...own(folder)];
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? 1 : -1))) {
      const full = path.join(folder, entry.name);
      const directory = entry.isDirectory();
      const leftOut = outer?.ignores(slashed(path.relative(cwd, full)) + (directory ? "/" : "")) ?? false;
      if (leftOut || left(levels, full, directory)) continue;
      if (directory) {
        if (!NEVER.has(entry.name)) stack.push({ folder: full, levels });
      } else if (NAMES.test(entry.name)) {
        const kind = entry.isFile() ? "file" : entry.isSymbolicLink() ? kindOf(full) : "none";
        if (kind === "file") take(cwd, full, sources, skipped);
        else if (kind === "unreadable") skipped.set(shown(cwd, full), kind);
      }
    }
  }
}

/** What a path leads to; links that lead in a circle, or where nobody may go, are unreadable. */
function kindOf(full: string): "file" | "folder" | "special" | "unreadable" | "none" {
  try {
    const stats = statSync(full, { throwIfNoEntry: false });
    return stats === undefined ? "none" : stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "special";
  } catch (error) {
    // What lies in a file lies nowhere.
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? "none" : "unreadable";
  }
}

const slashed = (text: string): string => text.split(path.sep).join("/");

function own(folder: string): readonly Level[] {
  try {
    return [{ folder, rules: ignore().add(readFileSync(path.join(folder, ".gitignore"), "utf8")) }];
  } catch {
    return [];
  }
}

/** The .gitignore files above a folder, up to the top of its repository. */
function above(folder: string): readonly Level[] {
  const levels: Level[] = [];
  let at = folder;
  while (lstatSync(path.join(at, ".git"), { throwIfNoEntry: false }) === undefined) {
    const up = path.dirname(at);
    // Outside of a repository only what lies in the folder counts.
    if (up === at) return [];
    at = up;
    levels.unshift(...own(at));
  }
  return levels;
}

const left = (levels: readonly Level[], full: string, directory: boolean): boolean =>
  levels.some(({ folder, rules }) => rules.ignores(slashed(path.relative(folder, full)) + (directory ? "/" : "")));

function take(cwd: string, full: string, sources: Map<string, Source>, skipped: Map<string, SkipReason>): void {
  const name = shown(cwd, full);
  const source = readSource(name, full);
  if (typeof source === "string") skipped.set(name, source);
  else sources.set(name, source);
}

/** One file as text, or why it is none. */
export function readSource(name: string, full: string): Source | SkipReason {
  try {
    if (statSync(full).size > LARGEST) return "huge";
    const bytes = readFileSync(full);
    if (bytes.subarray(0, 8192).includes(0)) return "binary";
    return new Source(name, bytes.toString("utf8"));
  } catch {
    return "unreadable";
  }
}
