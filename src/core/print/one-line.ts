import { stringWidth } from "./width.ts";

/**
 * Joins the texts of some items with commas, or returns undefined as soon as
 * they take more than `room` columns or one of them has no text: a large
 * collection costs no more than a line's worth of it.
 */
export function joinWithin<Item>(
  items: readonly Item[],
  room: number,
  textOf: (item: Item, left: number) => string | undefined,
): string | undefined {
  let joined = "";
  let left = room;
  for (const item of items) {
    const text = textOf(item, left);
    if (text === undefined) return undefined;
    left -= stringWidth(text) + (joined === "" ? 0 : 2);
    if (left < 0) return undefined;
    joined += joined === "" ? text : `, ${text}`;
  }
  return joined;
}
