/** Versions that were installed and trained together, by the first transformers version they go with. */
export interface Environment {
  readonly since: string;
  readonly deepspeed: string;
  readonly accelerate: string;
  readonly peft: string;
  readonly more: readonly string[];
}

/** From torch 2.6 on, transformers before 4.48 can't read its own checkpoints when it resumes. Newest first; the row of a transformers version is the first whose `since` it reaches. */
export const environments: readonly Environment[] = [
  { since: "5.0.0", deepspeed: "0.19.6", accelerate: "1.15.0", peft: "0.21.2", more: [] },
  { since: "4.51.0", deepspeed: "0.19.6", accelerate: "1.15.0", peft: "0.21.2", more: [] },
  { since: "4.41.0", deepspeed: "0.15.4", accelerate: "0.33.0", peft: "0.12.0", more: ["numpy<2", "torch<2.6"] },
  { since: "4.36.0", deepspeed: "0.14.5", accelerate: "0.25.0", peft: "0.7.1", more: ["numpy<2", "torch<2.6"] },
];
