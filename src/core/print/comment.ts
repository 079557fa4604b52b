import { stringWidth } from "./width.ts";

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const CONTROL = /[\p{Cc}\ufeff\u202a-\u202e\u2066-\u2069]/gu;
const UNPAIRED = /\p{Cs}/gu;
const CJK =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3001-\\u303f\\u30fb\\u30fc\\ufe30-\\ufe4f\\uff00-\\uffef";
const PIECE = new RegExp(`[ \\u3000]+|[${CJK}]\\p{M}*|[^ \\u3000${CJK}]+`, "gu");
const CJK_CLOSER = /^[、。，．：；！？）］｝〉》」』】〕〗〙〛・ー～％]/u;
const CLOSER = /^[,.:;!?)\]}%’”…—]/u;
const OPENER = /[([{“‘（［｛〈《「『【〔〖〘〚]$/u;
const ENDS_IN_CJK = new RegExp(`[${CJK}]\\p{M}*$`, "u");

/**
 * Wraps a text into comment lines, joined with `\n` and without a final one.
 * Every line break of the text, of whichever kind a language may know, starts a
 * new comment line, so no text can leave its comment. Chinese and Japanese
 * break between characters, but no line starts with a closing mark. Runs of
 * spaces become one; a word wider than the line stays whole.
 */
export function commentLines(text: string, prefix = "# ", width = 100): string {
  const room = width - stringWidth(prefix);
  const lines: string[] = [];
  for (const line of text.split(LINE_BREAK)) {
    const clean = line.replace(CONTROL, " ").replace(UNPAIRED, "\ufffd");
    for (const part of wrap(clean, room)) lines.push((prefix + part).trimEnd());
  }
  return lines.join("\n");
}

interface Unit {
  text: string;
  readonly spaced: boolean;
}

function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const { text: unit, spaced } of units(text)) {
    const gap = spaced && line !== "" ? 1 : 0;
    const size = stringWidth(unit);
    if (line !== "" && used + gap + size > room) {
      lines.push(line);
      line = unit;
      used = size;
    } else {
      line += (gap === 1 ? " " : "") + unit;
      used += gap + size;
    }
  }
  return [...lines, line];
}

/** The pieces of a text between which a line may end. */
function units(text: string): readonly Unit[] {
  const found: Unit[] = [];
  let spaced = false;
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece.startsWith(" ") || piece.startsWith("\u3000")) {
      spaced = true;
      continue;
    }
    const previous = found.at(-1);
    if (previous !== undefined && staysWith(previous.text, piece, spaced)) {
      previous.text += (spaced ? " " : "") + piece;
    } else {
      found.push({ text: piece, spaced });
    }
    spaced = false;
  }
  return found;
}

function staysWith(previous: string, piece: string, spaced: boolean): boolean {
  if (CJK_CLOSER.test(piece)) return true;
  if (spaced) return false;
  return OPENER.test(previous) || (CLOSER.test(piece) && ENDS_IN_CJK.test(previous));
}
