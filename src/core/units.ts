declare const unit: unique symbol;

/** A number that says what it counts; two different units can't be confused by accident. */
export type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Optimizer steps: updates of the weights, the unit in which every schedule is decided. */
export type Steps = Unit<"Steps">;
/** Iterations: forward and backward passes on one micro batch; `accumulation` of them make an optimizer step. */
export type Iterations = Unit<"Iterations">;
/** Bytes of memory. */
export type Bytes = Unit<"Bytes">;

export const steps = (count: number): Steps => count as Steps;
export const iterations = (count: number): Iterations => count as Iterations;
export const bytes = (count: number): Bytes => count as Bytes;

/** One GiB (2^30) in bytes: the unit in which cards report their memory. */
export const GiB = 2 ** 30;
