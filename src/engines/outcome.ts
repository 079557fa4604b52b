/** What an engine does with what it is told: it goes on with a value, or it stops. */
export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: EngineError };

/** How an engine stops: the exception that it raises, and words that stand in the exception's text. */
export interface EngineError {
  readonly raises:
    | "AssertionError"
    | "AttributeError"
    | "KeyError"
    | "OverflowError"
    | "RuntimeError"
    | "TypeError"
    | "UnboundLocalError"
    | "ValueError"
    | "ZeroDivisionError";
  readonly says: string;
}

/**
 * The learning rate that an update of the weights uses, by the number of updates that were made before it. A step that is
 * skipped for an overflow makes no update, so the rate stays where it is. `group` counts the optimizer's parameter groups:
 * with transformers' own optimizer 0 holds what is decayed, and 1 biases and norms.
 */
export type Rate = (updates: number, group?: number) => number;

export const ok = <Value>(value: Value): Outcome<Value> => ({ ok: true, value });

export const raises = (exception: EngineError["raises"], says: string): Outcome<never> => ({
  ok: false,
  error: { raises: exception, says },
});

/**
 * The rate at every step of a run of which some steps were skipped: a skipped step still shows a rate, that of the update
 * which it did not make.
 */
export function overRun(rate: Rate, skipped: readonly boolean[], group = 0): Float64Array {
  const rates = new Float64Array(skipped.length);
  let updates = 0;
  for (const [step, isSkipped] of skipped.entries()) {
    rates[step] = rate(updates, group);
    if (!isSkipped) updates++;
  }
  return rates;
}
