import fc from "fast-check";
import { util } from "prettier";
import { expect, test } from "vitest";
import { stringWidth } from "../../src/core/print/width.ts";
import { texts } from "./arbitraries.ts";

test("every single code point has Prettier's width", () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const text = String.fromCodePoint(code);
    if (stringWidth(text) !== util.getStringWidth(text)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("mixed texts, with qualified emoji sequences, have Prettier's width", () => {
  const unit = fc.constantFrom(..."ab 配，한é́", "👩‍👧", "❤️", "🇩🇪", "1️⃣", "👍🏽", "©", "\u0001", "🏴󠁧󠁢󠁥󠁮󠁧󠁿");
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit }), texts), (text) => {
      expect(stringWidth(text)).toBe(util.getStringWidth(text));
    }),
    { numRuns: 2000 },
  );
});
