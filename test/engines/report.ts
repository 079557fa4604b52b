/** What kind of thing was proven, in the order of the table's columns. */
export const columns = ["read", "schedule predicted", "plan followed", "trained", "launched", "pitfall caught"] as const;
export type Column = (typeof columns)[number];

/** One thing that was proven, or not. */
export interface Check {
  /** What it was proven on: a row of the table. */
  readonly where: string;
  readonly proof: Column;
  readonly name: string;
  /** Null where it holds. */
  readonly failure: string | null;
}

/** Keeps what was proven, and says what was not as soon as it is known. */
export class Report {
  readonly checks: Check[] = [];
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  add(check: Check): void {
    this.checks.push(check);
    if (check.failure !== null) this.#say(`FAILED ${check.where} · ${check.proof} · ${check.name}\n  ${indent(check.failure)}`);
  }

  get failed(): number {
    return this.checks.filter(({ failure }) => failure !== null).length;
  }
}

export interface Table {
  readonly columns: readonly Column[];
  /** What it was proven on, then a cell a column; empty where there is nothing to prove. */
  readonly rows: readonly (readonly string[])[];
}

const indent = (text: string): string => text.trimEnd().replaceAll("\n", "\n  ");

/** A table as text, its columns as wide as their longest cell. */
export function plainTable({ rows }: Table): string {
  const lines = [["", ...columns], ...rows];
  const widths = lines[0]?.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Rows by what it was proven on, columns by kind; cells count what holds, and what does not. */
export function tableOf(checks: readonly Check[]): Table {
  const rows = [...new Set(checks.map(({ where }) => where))].map((where) => [
    where,
    ...columns.map((proof) => {
      const found = checks.filter((check) => check.where === where && check.proof === proof);
      const failed = found.filter(({ failure }) => failure !== null).length;
      if (found.length === 0) return "";
      return failed === 0 ? String(found.length) : `${found.length - failed} (${failed} failed)`;
    }),
  ]);
  return { columns, rows };
}
