import { type CheckOptions, checkFiles, type Finding, read } from "./check.ts";
import { applyEdits } from "./pitfalls/edits.ts";
import type { Edit } from "./pitfalls/pitfall.ts";
import { Source } from "./readers/source.ts";

export interface Mended {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly count: number;
}

/** One edit may make room for another one; more rounds than this would mean that two of them undo each other. */
const ROUNDS = 8;

/** Every safe fix of these files made, as texts, or those of one pitfall; nothing is written. */
export function mend(sources: readonly Source[], options: CheckOptions, only?: string): readonly Mended[] {
  let now = sources;
  const counts = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const { findings } = checkFiles(read(now).files, options);
    const groups = fixes(findings.filter(({ rule }) => only === undefined || rule === only));
    if (groups.length === 0) break;
    const byPath = new Map<string, Edit[]>();
    for (const edits of groups) {
      for (const edit of edits) push(byPath, edit.source.path, edit);
      for (const path of new Set(edits.map(({ source }) => source.path))) counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    now = now.map((source) => {
      const edits = byPath.get(source.path);
      return edits === undefined ? source : new Source(source.path, applyEdits(source.text, edits));
    });
  }
  return sources.flatMap((source, index) => {
    const after = now[index]?.text ?? source.text;
    return after === source.text
      ? []
      : [{ file: source.path, before: source.text, after, count: counts.get(source.path) ?? 1 }];
  });
}

/**
 * What `check --fix` would make of these texts by path: the files that change, with what they were and how many findings
 * are mended in each. Nothing is read or written.
 */
export function mendFiles(sources: Readonly<Record<string, string>>, options: CheckOptions = {}): readonly Mended[] {
  return mend(
    Object.entries(sources).map(([path, text]) => new Source(path, text)),
    options,
  );
}

function push(map: Map<string, Edit[]>, path: string, edit: Edit): void {
  const held = map.get(path);
  if (held === undefined) map.set(path, [edit]);
  else held.push(edit);
}

/** The edits of each finding; of two findings that touch the same text the later one waits for the next round. */
function fixes(findings: readonly Finding[]): readonly (readonly Edit[])[] {
  const taken = new Map<string, Edit[]>();
  const kept: (readonly Edit[])[] = [];
  for (const { edits } of findings) {
    if (edits.length === 0) continue;
    const clash = edits.some(({ source, range }) =>
      taken
        .get(source.path)
        ?.some(
          (other) =>
            other.range.from < Math.max(range.to, range.from + 1) &&
            range.from < Math.max(other.range.to, other.range.from + 1),
        ),
    );
    if (clash) continue;
    for (const edit of edits) push(taken, edit.source.path, edit);
    kept.push(edits);
  }
  return kept;
}
