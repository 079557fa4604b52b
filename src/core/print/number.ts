import { unprintable } from "./value.ts";

/**
 * A number as people write it in a config: `1e-5` rather than `0.00001`, and no
 * `+` in an exponent because Prettier removes it. Reads back as the same number.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw unprintable(value);
  if (Object.is(value, -0)) return "-0";
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return value.toExponential();
  const text = String(value);
  return size < 1e21 ? text : text.replace("e+", "e");
}
