import type { Count } from "./schedulers.ts";

/** A count as a Python expression over `warmup_steps` and `optimizer_steps`, which the config works out from its data. */
export function pythonCount(count: Count): string {
  const terms: string[] = [];
  const add = (factor: number, name: string): void => {
    if (factor !== 0) terms.push(factor === 1 ? name : `${factor} * ${name}`);
  };
  add(count.total, "optimizer_steps");
  add(count.warmup, "warmup_steps");
  if (count.constant !== 0 || terms.length === 0) terms.push(String(count.constant));
  return terms.join(" + ");
}
