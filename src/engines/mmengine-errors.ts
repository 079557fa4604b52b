/** Why mmengine stops, by what is wrong with the config. `engineError` names the exception that it raises. */
export type MmError =
  /** `end` is not after `begin`, after epochs were turned into whole iterations. */
  | { readonly code: "window-empty"; readonly begin: number; readonly end: number }
  | { readonly code: "factor-range"; readonly parameter: "start_factor" | "end_factor" | "factor"; readonly value: number }
  /** `eta_min` and `eta_min_ratio` exclude each other. */
  | { readonly code: "two-floors" }
  /** CosineRestartLR, unlike CosineAnnealingLR, has no default for them. */
  | { readonly code: "no-floor" }
  | { readonly code: "periods-and-weights"; readonly periods: number; readonly weights: number }
  /** `convert_to_iter_based` beside `by_epoch=False`. */
  | { readonly code: "converts-iterations" }
  | { readonly code: "never-converts" }
  | { readonly code: "epochs-only" }
  | { readonly code: "factor-not-below-one"; readonly value: number }
  | { readonly code: "total-steps"; readonly value: number }
  | { readonly code: "pct-start"; readonly value: number }
  /** OneCycleLR was stepped past its `total_steps`. */
  | { readonly code: "past-total-steps"; readonly step: number; readonly total: number }
  | { readonly code: "division-by-zero" }
  | { readonly code: "overflow" }
  /** A negative number to a fractional power: Python makes it a complex number, which no optimizer can use. */
  | { readonly code: "complex-rate" }
  | { readonly code: "length-not-whole"; readonly parameter: "max_iters" | "max_epochs"; readonly value: number }
  | { readonly code: "one-length"; readonly given: 0 | 2 };

/** Where the run stops: while its loop or a scheduler is built, or when a scheduler is stepped after an iteration. */
export type MmFailure =
  | { readonly at: "loop"; readonly error: MmError }
  | { readonly at: "scheduler"; readonly index: number; readonly error: MmError }
  | { readonly at: "iteration"; readonly index: number; readonly iteration: number; readonly error: MmError };

/** The Python exception that a person sees. A complex rate raises none: the optimizer fails when it uses it. */
export function engineError(error: MmError): string | null {
  switch (error.code) {
    case "window-empty":
    case "factor-range":
    case "factor-not-below-one":
    case "total-steps":
    case "pct-start":
    case "past-total-steps":
      return "ValueError";
    case "two-floors":
    case "no-floor":
    case "periods-and-weights":
    case "converts-iterations":
    case "epochs-only":
    case "length-not-whole":
      return "AssertionError";
    case "never-converts":
      return "AttributeError";
    case "division-by-zero":
      return "ZeroDivisionError";
    case "overflow":
      return "OverflowError";
    case "one-length":
      return "RuntimeError";
    case "complex-rate":
      return null;
  }
}

export const isError = (value: number | MmError): value is MmError => typeof value !== "number";
