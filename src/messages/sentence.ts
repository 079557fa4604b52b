/** A sentence with values, in both languages; `zh` takes what `en` declares. */
export interface Speaking<Values> {
  readonly en: (values: Values) => string;
  readonly zh: (values: Values) => string;
}

/** A sentence in both languages, side by side, so that neither can be forgotten. */
export type Sentence = { readonly en: string; readonly zh: string } | Speaking<never>;

/** Types a row with values: they are declared once, on the English side. */
export const says = <Values>(row: Speaking<Values>): Speaking<Values> => row;

/** A number as people write it: `1e-5` rather than `0.00001`, `200,000,000` rather than `200000000`. */
export function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential();
  // By hand: asking the locale for it loads ICU, which costs a tenth of a whole run.
  return Number.isInteger(value) && Math.abs(value) >= 10_000
    ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ",")
    : String(value);
}
