const NOT_ASCII = /[^\x20-\x7f]/;
const MAY_BE_EMOJI = /[\p{Extended_Pictographic}\p{RI}\u20e3]/u;
// A literal would be compiled when this file is read, and the set of all emoji takes 20 ms to build.
let emoji: RegExp | undefined;
const emojiPattern = (): RegExp => (emoji ??= new RegExp("\\p{RGI_Emoji}|[0-9#*]\\u20e3", "gv"));
const ZERO_WIDTH = /[\p{Cc}\p{Mn}\p{Me}]/u;
const REGIONAL = /\p{RI}/u;
// Prettier's wide and fullwidth code points, without those that have an emoji presentation.
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u261d\u2630-\u2637\u268a-\u268f\u26f9\u270c\u270d\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-\u303e\u3041-\u3096\u3099-\u30ff\u3105-\u312f\u3131-\u318e\u3190-\u31e5\u31ef-\u321e\u3220-\u3247\u3250-\ua48c\ua490-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{16fe3}\u{16ff0}-\u{16ff6}\u{17000}-\u{18cda}\u{18cff}-\u{18d20}\u{18d80}-\u{18df2}\u{18e00}-\u{19191}\u{191a0}-\u{191d2}\u{1aff0}-\u{1aff3}\u{1aff5}-\u{1affb}\u{1affd}\u{1affe}\u{1b000}-\u{1b128}\u{1b132}\u{1b150}-\u{1b152}\u{1b155}\u{1b164}-\u{1b168}\u{1b170}-\u{1b2fb}\u{1d300}-\u{1d356}\u{1d360}-\u{1d376}\u{1f1ae}\u{1f200}\u{1f202}\u{1f210}-\u{1f219}\u{1f21b}-\u{1f22e}\u{1f230}\u{1f231}\u{1f237}\u{1f23b}\u{1f240}-\u{1f248}\u{1f260}-\u{1f265}\u{1f3cb}\u{1f3cc}\u{1f574}\u{1f575}\u{1f590}\u{1f6d9}\u{1f7da}\u{1fa8b}-\u{1fa8d}\u{1facc}\u{1fadd}\u{1faeb}\u{1faf9}\u{1fafa}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/**
 * How many columns a text takes, as Prettier counts: two for East Asian wide
 * characters and emoji, none for controls and combining marks. It agrees with
 * Prettier on every code point and every fully qualified emoji; an emoji
 * sequence that lacks its U+FE0F may differ by a column.
 */
export function stringWidth(text: string): number {
  if (!NOT_ASCII.test(text)) return text.length;
  let width = 0;
  let rest = text;
  if (MAY_BE_EMOJI.test(text)) {
    rest = text.replace(emojiPattern(), () => {
      width += 2;
      return "";
    });
  }
  for (const character of rest) {
    if (ZERO_WIDTH.test(character)) continue;
    width += WIDE.test(character) && !REGIONAL.test(character) ? 2 : 1;
  }
  return width;
}
