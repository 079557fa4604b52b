import { findJobs } from "./jobs/find.ts";
import type { Context, Job } from "./jobs/job.ts";
import { type Recognised, recognise } from "./jobs/recognise.ts";
import { pitfalls } from "./pitfalls/all.ts";
import type { Curves, Edit, Hit, Pitfall, Severity, Text } from "./pitfalls/pitfall.ts";
import { type Place, Source, Unreadable } from "./readers/source.ts";

/** A pitfall that stands in a file. */
export interface Finding {
  readonly rule: string;
  readonly code: string;
  readonly severity: Severity;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** A dotted path in JSON, YAML and Python, a flag in a command, or a variable's name. */
  readonly key: string;
  readonly message: Text;
  readonly pitfall: Pitfall;
  /** Empty where a person has to decide. */
  readonly edits: readonly Edit[];
  readonly curves: Curves | null;
  /** The same for all places of one contradiction. */
  readonly group: number;
}

/** A file that could not be read for what it is. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  /** Files that are part of a job. */
  readonly files: readonly string[];
  readonly jobs: readonly Job[];
}

export interface CheckOptions {
  readonly context?: Context;
  /** Another severity for a pitfall, or none at all, by its name. */
  readonly rules?: Readonly<Record<string, Severity | "off">>;
}

/** Reads files for what they are; what can't be read is said rather than thrown. */
export function read(sources: readonly Source[]): {
  readonly files: readonly Recognised[];
  readonly skipped: readonly Skipped[];
} {
  const files: Recognised[] = [];
  const skipped: Skipped[] = [];
  for (const source of sources) {
    try {
      files.push(...recognise(source));
    } catch (error) {
      // A parser that runs out of stack has met a file that nobody wrote by hand.
      if (!(error instanceof Unreadable) && !(error instanceof RangeError)) throw error;
      skipped.push({ file: source.path, reason: error instanceof Unreadable ? error.message : "nested too deeply" });
    }
  }
  return { files, skipped };
}

/** Every pitfall in the jobs of these files, in the order of files and lines; the same for the same files, every time. */
export function checkFiles(files: readonly Recognised[], options: CheckOptions = {}): Omit<Report, "skipped"> {
  const jobs = findJobs(files, options.context);
  const seen = new Set<string>();
  const findings: Finding[] = [];
  let group = 0;
  for (const job of jobs) {
    for (const pitfall of pitfalls) {
      const level = options.rules?.[pitfall.id];
      if (level === "off") continue;
      for (const hit of pitfall.find(job)) {
        const made = findingsOf(pitfall, hit, level, group).filter((finding) => !ignored(finding, hit));
        group += 1;
        for (const finding of made) {
          // Two jobs that read one file share its faults.
          const key = `${finding.rule}\n${finding.file}\n${finding.line}:${finding.column}\n${finding.key}`;
          if (seen.has(key)) continue;
          seen.add(key);
          findings.push(finding);
        }
      }
    }
  }
  findings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule));
  return { findings, files: [...new Set(files.map(({ source }) => source.path))].sort(), jobs };
}

/** Reads and judges files in one go. */
export function check(sources: Readonly<Record<string, string>>, options: CheckOptions = {}): Report {
  const { files, skipped } = read(Object.entries(sources).map(([path, text]) => new Source(path, text)));
  return { ...checkFiles(files, options), skipped };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function findingsOf(pitfall: Pitfall, hit: Hit, level: Severity | undefined, group: number): readonly Finding[] {
  return [hit.at, ...(hit.also ?? [])].map((place, index): Finding => {
    const start = place.source.position(place.range.from);
    const end = place.source.position(place.range.to);
    return {
      rule: pitfall.id,
      code: pitfall.code,
      severity: level ?? hit.severity ?? pitfall.severity,
      file: place.source.path,
      ...start,
      endLine: end.line,
      endColumn: end.column,
      key: place.key,
      message: hit.says,
      pitfall,
      edits: index === 0 ? (hit.fix ?? []) : [],
      curves: index === 0 ? (hit.curves ?? null) : null,
      group,
    };
  });
}

const IGNORE = /create-train-config-ignore(-file)?[: \t]+([\w \t,-]+)/g;

interface Ignores {
  readonly whole: ReadonlySet<string>;
  readonly lines: ReadonlyMap<number, ReadonlySet<string>>;
}

const ignores = new WeakMap<Source, Ignores>();

/** What the comments of a file say not to speak of. */
function ignoresOf(source: Source): Ignores {
  const held = ignores.get(source);
  if (held !== undefined) return held;
  const whole = new Set<string>();
  const lines = new Map<number, ReadonlySet<string>>();
  for (const { 1: file, 2: list = "", index } of source.text.matchAll(IGNORE)) {
    const names = list.split(/[\s,]+/);
    if (file !== undefined) for (const name of names) whole.add(name);
    else {
      const { line } = source.position(index);
      lines.set(line, new Set([...(lines.get(line) ?? []), ...names]));
    }
  }
  const made = { whole, lines };
  ignores.set(source, made);
  return made;
}

/** Whether a comment on the line, above it, or for the whole file says not to speak of it. */
function ignored({ rule, line }: Finding, hit: Hit): boolean {
  const { source }: Place = hit.at;
  if (!source.text.includes("create-train-config-ignore")) return false;
  const { whole, lines } = ignoresOf(source);
  if (whole.has(rule)) return true;
  if (lines.size === 0) return false;
  if (lines.get(line)?.has(rule) === true) return true;
  // A command that goes on over several lines can't hold a comment: it stands above the command.
  let above = line - 1;
  while (above > 1 && /\\\s*$/.test(source.line(above))) above -= 1;
  return above > 0 && lines.get(above)?.has(rule) === true;
}
