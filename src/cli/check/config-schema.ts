import * as z from "zod";
import type { CheckConfig } from "./config.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const count = z.int().positive();

/** What the config file of `check` may hold. */
export const schema = z.strictObject({
  // YAML reads a bare `off` as false.
  rules: z.record(z.string(), z.union([z.string(), z.literal(false).transform(() => "off")])).nullish(),
  ignore: z.array(z.string()).nullish(),
  maxWarnings: z.int().nonnegative().nullish(),
  gpu: text.optional(),
  gpus: count.optional(),
  nodes: count.optional(),
  transformers: text.optional(),
  deepspeed: text.optional(),
  xtuner: text.optional(),
});

/** With what is left out filled in; the levels of the rules are still words. */
export function toConfig({
  rules,
  ignore,
  maxWarnings,
  ...context
}: z.output<typeof schema>): Omit<CheckConfig, "rules"> & { readonly rules: Readonly<Record<string, string>> } {
  return {
    rules: rules ?? {},
    ignore: ignore ?? [],
    maxWarnings: maxWarnings ?? null,
    context: Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)),
  };
}
