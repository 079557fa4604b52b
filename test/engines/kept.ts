import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "./report.ts";

const fileOf = (root: string, seed: number, proof: string): string =>
  path.join(root, ".cache", "engines", "proven", `${proof}-${seed}.json`);

/** Keeps what a whole proof has shown, so that a long suite can be run in parts. */
export function keep(root: string, seed: number, proof: string, checks: readonly Check[]): void {
  const file = fileOf(root, seed, proof);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(checks));
}

/** What was kept of a proof; null where it was not run. */
export function recall(root: string, seed: number, proof: string): readonly Check[] | null {
  const file = fileOf(root, seed, proof);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Check[]) : null;
}
