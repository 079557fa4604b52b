/** Python packages that were installed and run together, by the first transformers version they go with. */
export interface Environment {
  readonly since: string;
  readonly accelerate: string;
  readonly peft: string;
  readonly more: readonly string[];
}

/** Newest first; the row of a transformers version is the first whose `since` it reaches. */
export const environments: readonly Environment[] = [
  { since: "5.0.0", accelerate: "1.15.0", peft: "0.18.0", more: [] },
  { since: "4.51.0", accelerate: "1.15.0", peft: "0.18.0", more: [] },
  { since: "4.41.0", accelerate: "0.34.2", peft: "0.13.2", more: ["numpy<2"] },
  { since: "4.36.0", accelerate: "0.27.2", peft: "0.7.1", more: ["numpy<2"] },
];
