import { existsSync } from "node:fs";
import path from "node:path";
import { type CheckOptions, checkFiles, read, type Report } from "../../check.ts";
import { wanted } from "../../jobs/find.ts";
import { message, speaker } from "../../messages/message.ts";
import { showVersion } from "../../core/version.ts";
import type { Source } from "../../readers/source.ts";
import { collect, readSource, shown, type SkipReason } from "../check/collect.ts";
import { readConfig, readRules } from "../check/config.ts";
import { asGitHub, asJson, asSarif, summarise } from "../check/formats.ts";
import { mend } from "../../mend.ts";
import { replaceFile } from "../check/fix.ts";
import { asText } from "../check/text.ts";
import { Found, UsageError } from "../errors.ts";
import type { Flags } from "../flags.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { oneLine, type Terminal } from "../terminal.ts";

const FORMATS = ["text", "json", "sarif", "github"];

/** Which pitfalls stand in these files and folders; with `--fix`, what can be mended safely is mended. */
export async function check(flags: Flags, terminal: Terminal): Promise<void> {
  refuseMisplaced(flags);
  const { cwd, language } = terminal;
  const tell = speaker(language);
  const format = flags.json ? "json" : (flags.format ?? "text");
  if (!FORMATS.includes(format))
    throw new UsageError({
      message: message("check.badFormat", { format }),
      place: "--format",
      instead: message("check.formats"),
    });
  const config = await readConfig(cwd, flags.config);
  const most = flags.maxWarnings === undefined ? config.maxWarnings : count(flags.maxWarnings);
  const options: CheckOptions = {
    context: { ...config.context, ...contextOf(flags) },
    rules: { ...config.rules, ...readRules(flags.rules, "--rule") },
  };
  const names = flags.positionals.length === 0 ? ["."] : flags.positionals;
  const collected = collect(cwd, names, config.ignore);
  const gathered = withWanted(cwd, collected.sources);
  const named = new Set(collected.sources.map(({ path: file }) => file));

  if (flags.fix || flags.fixDryRun) {
    const mended = mend(gathered.sources, options).filter(({ file }) => named.has(file));
    if (flags.fixDryRun) {
      const { createTwoFilesPatch } = await import("diff");
      for (const { file, before, after } of mended)
        terminal.out(
          createTwoFilesPatch(file, file, before, after, tell("check.before"), tell("check.after")).trimEnd(),
        );
      if (mended.length === 0) terminal.tell(tell("check.nothingToFix"));
      return;
    }
    for (const { file, after, count: made } of mended) {
      const written = replaceFile(cwd, file, after);
      terminal.tell(
        written
          ? tell("check.fixed", { file: oneLine(file), count: made })
          : tell("check.readOnly", { file: oneLine(file) }),
      );
    }
    return report(withWanted(cwd, collect(cwd, names, config.ignore).sources));
  }
  return report(gathered);

  function report({ sources: judged, files, skipped: unread }: Gathered): void {
    const all = checkFiles(files, options);
    const result: Report = { ...all, findings: all.findings.filter(({ file }) => named.has(file)), skipped: unread };
    const skipped = [
      ...collected.skipped.map(({ file, reason }) => ({ file, reason: tell(reasons[reason]) })),
      ...unread.map(({ file }) => ({ file, reason: tell("check.deep") })),
    ];
    switch (format) {
      case "json":
        terminal.out(asJson(result, skipped, language));
        break;
      case "sarif":
        terminal.out(asSarif(result, language));
        break;
      case "github":
        if (result.findings.length > 0) terminal.out(asGitHub(result, language));
        break;
      default:
        if (files.length > 0)
          terminal.out(asText(result, new Map(judged.map((source) => [source.path, source])), terminal));
    }
    if (format !== "json")
      for (const { file, reason } of skipped) terminal.tell(tell("check.skipped", { file: oneLine(file), reason }));
    if (files.length === 0) terminal.tell(tell("check.nothing", { path: oneLine(names.join(", ")) }));
    const { errors, warnings } = summarise(result);
    if (errors > 0 || (most !== null && warnings > most)) throw new Found();
  }
}

const reasons = {
  binary: "check.binary",
  huge: "check.huge",
  unreadable: "check.unreadable",
  special: "check.special",
} as const satisfies Readonly<Record<SkipReason, string>>;

function count(word: string): number {
  if (!/^\d{1,9}$/.test(word))
    throw new UsageError({ message: message("check.badCount"), place: `--max-warnings ${word}` });
  return Number(word);
}

function contextOf({ answers }: Flags): NonNullable<CheckOptions["context"]> {
  const { gpu, gpus, nodes, transformers, deepspeed, xtuner } = answers;
  const text = (value: unknown): string => (Array.isArray(value) ? showVersion(value as never) : String(value));
  return {
    ...(gpu === undefined ? {} : { gpu: String(gpu) }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(transformers === undefined ? {} : { transformers: text(transformers) }),
    ...(deepspeed === undefined ? {} : { deepspeed: text(deepspeed) }),
    ...(xtuner === undefined ? {} : { xtuner: text(xtuner) }),
  };
}

/** From where the command may be started: here, or above, up to the top of the repository. */
function startingFolders(cwd: string): readonly string[] {
  const folders = [cwd];
  for (let at = cwd; !existsSync(path.join(at, ".git"));) {
    const up = path.dirname(at);
    // Outside of a repository what lies above is somebody else's.
    if (up === at) return [cwd];
    folders.push(up);
    at = up;
  }
  return folders;
}

interface Gathered extends ReturnType<typeof read> {
  readonly sources: readonly Source[];
}

/** The given files read, with those outside the given paths that they name: judged together, though not reported on. */
function withWanted(cwd: string, given: readonly Source[]): Gathered {
  const sources = [...given];
  const folders = startingFolders(cwd);
  const { files, skipped } = read(given);
  const all = { files: [...files], skipped: [...skipped] };
  for (let round = 0; round < 2; round++) {
    const have = new Set(sources.map((source) => source.path));
    const more = wanted(all.files).flatMap((name) => {
      for (const folder of folders) {
        const full = path.resolve(folder, name);
        const file = shown(cwd, full);
        if (have.has(file)) return [];
        const source = readSource(file, full);
        if (typeof source === "string") continue;
        have.add(file);
        return [source];
      }
      return [];
    });
    if (more.length === 0) break;
    sources.push(...more);
    const found = read(more);
    all.files.push(...found.files);
    all.skipped.push(...found.skipped);
  }
  return { sources, ...all };
}
