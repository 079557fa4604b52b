import { nearest } from "../catalog/nearest.ts";
import { pitfalls } from "./all.ts";
import type { Pitfall, Severity, Text } from "./pitfall.ts";

/** The pitfalls that words name, or that a line of a log points at; the likeliest first, empty where none is known. */
export function findPitfalls(words: string): readonly Pitfall[] {
  const text = words.trim();
  const named = pitfalls.filter(({ id, code }) => id === text || code.toLowerCase() === text.toLowerCase());
  if (named.length > 0) return named;
  // A log line may be a whole traceback; no message of an engine is longer.
  const logged = pitfalls.filter(({ logs = [] }) => logs.some((log) => log.test(text.slice(0, 20_000))));
  if (logged.length > 0) return logged;
  const near = nearest(
    text,
    pitfalls.map(({ id }) => id),
  );
  return near.flatMap((id) => pitfalls.find((pitfall) => pitfall.id === id) ?? []);
}

/** A pitfall for reading, in both languages. */
export interface Explained {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly title: Text;
  readonly why: Text;
  readonly fix: Text;
  readonly sources: readonly string[];
}

/** The pitfalls that a name, a code or a line of a log points at, the likeliest first; empty where none is known. */
export const explain = (words: string): readonly Explained[] =>
  findPitfalls(words).map(({ id, code, severity, title, why, fix, sources }) => ({
    id,
    code,
    severity,
    title,
    why,
    fix,
    sources,
  }));
