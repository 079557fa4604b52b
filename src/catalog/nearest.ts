/** Longer texts are no misspelling of a name, and the distance costs time in proportion to both lengths. */
const LONGEST = 120;

/**
 * "Did you mean": up to `limit` of the `candidates` that `text` is probably a misspelling of, best first; empty when
 * nothing is near. Case, separators and full-width forms do not count. A candidate that only goes on where `text`
 * stops (`cosine_with` and `cosine_with_restarts`) is near as well.
 */
export function nearest(text: string, candidates: readonly string[], limit = 3): string[] {
  const typed = bare(text);
  if (typed === "" || typed.length > LONGEST) return [];
  const near: { candidate: string; score: number; gap: number }[] = [];
  for (const candidate of candidates) {
    const score = nearness(typed, bare(candidate));
    if (score !== null) near.push({ candidate, score, gap: numberGap(text, candidate) });
  }
  near.sort((a, b) => a.score - b.score || a.gap - b.gap);
  return [...new Set(near.map(({ candidate }) => candidate))].slice(0, Math.max(0, limit));
}

/**
 * The number of single-character insertions, deletions, replacements and swaps of neighbours between two texts
 * (optimal string alignment: no stretch is edited twice).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] as number) + 1);
      }
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}

const bare = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{Pd}_./]+/gu, "");

/** The edit distance where it is small enough to be a slip, else null. */
function nearness(typed: string, candidate: string): number | null {
  const [short, long] = typed.length < candidate.length ? [typed, candidate] : [candidate, typed];
  if (short === "") return null;
  const beginning = short.length >= 3 && long.startsWith(short);
  const allowed = long.length <= 3 ? 1 : Math.floor(long.length * 0.36);
  if (long.length - short.length > allowed) return beginning ? allowed : null;
  const distance = editDistance(typed, candidate);
  if (distance <= allowed && distance < short.length) return distance;
  return beginning ? allowed : null;
}

/** How far apart the numbers in two names are: of two equally near names the one of nearly the same size is meant. */
function numberGap(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  return left.reduce((sum, value, index) => sum + Math.abs(value - (right[index] ?? 0)), 0);
}

const numbers = (text: string): number[] => (text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
