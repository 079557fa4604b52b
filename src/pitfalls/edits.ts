import type { Setting, Settings } from "../jobs/settings.ts";
import type { Source } from "../readers/source.ts";
import type { Doc, Entry } from "../readers/tree.ts";
import type { Edit } from "./pitfall.ts";

/** Another value for a key, written as the file's language writes it; the rest of the file stays. */
export function replaceValue(doc: Doc, path: string, text: string): readonly Edit[] {
  const node = doc.node(path);
  return node === null ? [] : [{ source: doc.source, range: node.range, text }];
}

/** Another name for a key, in the quotes that it has. */
export function renameKey(doc: Doc, path: string, name: string): readonly Edit[] {
  const entry = doc.entry(path);
  if (entry === null) return [];
  const written = doc.source.text.slice(entry.keyRange.from, entry.keyRange.to);
  const quote = /^["']/.exec(written)?.[0] ?? "";
  return [{ source: doc.source, range: entry.keyRange, text: quote + name + quote }];
}

/** A key and its value taken out, with the comma that would be left over, and the line where it stands alone on one. */
export function removeKey(doc: Doc, path: string): readonly Edit[] {
  const entry = doc.entry(path);
  if (entry === null) return [];
  const at = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return removeEntry(doc.source, doc.entries(at < 0 ? "" : path.slice(0, at)), entry);
}

function removeEntry(source: Source, entries: readonly Entry[], entry: Entry): readonly Edit[] {
  const { text } = source;
  const index = entries.indexOf(entry);
  const before = entries[index - 1];
  let { from, to } = entry.range;
  const comma = /^[ \t]*,/.exec(text.slice(to, to + 80));
  if (comma !== null) to += comma[0].length;
  const edits: Edit[] = [];
  // The last of several leaves the comma of the one before it.
  if (comma === null && before !== undefined) {
    const between = text.slice(before.range.to, from);
    const left = between.indexOf(",");
    if (left >= 0)
      edits.push({ source, range: { from: before.range.to + left, to: before.range.to + left + 1 }, text: "" });
  }
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  const rest = /^[ \t]*(?:(?:#|\/\/)[^\n]*)?(?:\r?\n|$)/.exec(text.slice(to, to + 400));
  if (/^[ \t]*$/.test(text.slice(lineStart, from)) && rest !== null) {
    from = lineStart;
    to += rest[0].length;
  } else {
    const blanks = /^[ \t]*/.exec(text.slice(to, to + 80))?.[0].length ?? 0;
    if (comma !== null) to += blanks;
  }
  return [...edits, { source, range: { from, to }, text: "" }];
}

/** Another value for an argument, where it has a place of its own in its file. */
export function replaceSetting(setting: Setting, text: string): readonly Edit[] | undefined {
  const { source } = setting.place;
  return setting.valueRange === null ? undefined : [{ source, range: setting.valueRange, text }];
}

/** Another name for an argument. */
export function renameSetting(setting: Setting, name: string): readonly Edit[] {
  const { source, key, range } = setting.place;
  const written = source.text.slice(range.from, range.to);
  const lead = /^(?:--?|["'])/.exec(written)?.[0] ?? "";
  const quote = lead === '"' || lead === "'" ? lead : "";
  return key.startsWith("-") && !written.startsWith("-") ? [] : [{ source, range, text: lead + name + quote }];
}

/** An argument taken out: with its line where it stands alone on one, of a command or of a file. */
export function removeSetting(settings: Settings, setting: Setting, doc: Doc | null): readonly Edit[] | undefined {
  const { source } = setting.place;
  if (doc !== null && doc.source === source && !setting.place.key.startsWith("-")) {
    const entry = doc.entries("").find((each) => each.keyRange.from === setting.place.range.from);
    return entry === undefined ? undefined : removeEntry(source, doc.entries(""), entry);
  }
  if (settings.form !== "flags" || !source.text.startsWith("-", setting.range.from)) return undefined;
  const { from, to } = setting.range;
  const before = /[ \t]*\\\r?\n[ \t]*$/.exec(source.text.slice(Math.max(0, from - 400), from));
  const after = /^[ \t]*\\\r?\n/.exec(source.text.slice(to, to + 200));
  const start = from - (before?.[0].length ?? 0);
  if (before !== null && after !== null) {
    const line = source.text.lastIndexOf("\n", from) + 1;
    return [{ source, range: { from: line, to: to + after[0].length }, text: "" }];
  }
  if (before !== null && /^[ \t]*(?:\r?\n|$)/.test(source.text.slice(to, to + 200)))
    return [{ source, range: { from: start, to }, text: "" }];
  const blanks = /[ \t]*$/.exec(source.text.slice(Math.max(0, from - 200), from))?.[0].length ?? 0;
  return [{ source, range: { from: from - blanks, to }, text: "" }];
}

/** Text after which every edit is made; edits that overlap an earlier one are left for the next run. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { range, text: written } of edits.toSorted(
    (a, b) => a.range.from - b.range.from || a.range.to - b.range.to,
  )) {
    if (range.from < at) continue;
    result += text.slice(at, range.from) + written;
    at = range.to;
  }
  return result + text.slice(at);
}
