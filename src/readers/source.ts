/** UTF-16 offsets into a file's text, the end exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A file as text, by the path that a person knows it by. */
export class Source {
  readonly path: string;
  readonly text: string;
  #lines: readonly number[] | null = null;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Line and column of an offset, both from 1; a column counts UTF-16 units, as editors and SARIF do. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = (this.#lines ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  }

  /** The text of a line, numbered from 1, without its end. */
  line(number: number): string {
    const starts = (this.#lines ??= lineStarts(this.text));
    const from = starts[number - 1] ?? this.text.length;
    return this.text.slice(from, starts[number] ?? this.text.length).replace(/\r?\n$/, "");
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Where something stands: the file, the key that a person would look for, and the text. */
export interface Place {
  readonly source: Source;
  readonly key: string;
  readonly range: Range;
}

/** What a reader refuses to read: it would take too much stack or time, and nobody writes such a config. */
export class Unreadable extends Error {}
