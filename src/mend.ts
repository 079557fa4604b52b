import { type CheckOptions, checkFiles, type Finding, read } from "./check.ts";
import { applyEdits } from "./pitfalls/edits.ts";
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
    if (groups.size === 0) break;
    now = now.map((source) => {
      const edits = [...groups.values()].filter((each) => each.some((edit) => edit.source.path === source.path));
      if (edits.length === 0) return source;
      counts.set(source.path, (counts.get(source.path) ?? 0) + edits.length);
      return new Source(
        source.path,
        applyEdits(
          source.text,
          edits.flat().filter((edit) => edit.source.path === source.path),
        ),
      );
    });
  }
  return sources.flatMap((source, index) => {
    const after = now[index]?.text ?? source.text;
    return after === source.text
      ? []
      : [{ file: source.path, before: source.text, after, count: counts.get(source.path) ?? 1 }];
  });
}

/** Edits by finding; of two findings that touch the same text the later one waits for the next round. */
function fixes(findings: readonly Finding[]): ReadonlyMap<Finding, Finding["edits"]> {
  const taken: Finding["edits"][number][] = [];
  const kept = new Map<Finding, Finding["edits"]>();
  for (const finding of findings) {
    const { edits } = finding;
    if (edits.length === 0) continue;
    const clash = edits.some((edit) =>
      taken.some(
        (other) =>
          other.source.path === edit.source.path &&
          other.range.from < Math.max(edit.range.to, edit.range.from + 1) &&
          edit.range.from < Math.max(other.range.to, other.range.from + 1),
      ),
    );
    if (clash) continue;
    taken.push(...edits);
    kept.set(finding, edits);
  }
  return kept;
}
