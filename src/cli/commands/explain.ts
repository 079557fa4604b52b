import { message, speaker } from "../../messages/message.ts";
import { pitfalls } from "../../pitfalls/all.ts";
import { findPitfalls } from "../../pitfalls/explain.ts";
import { pageOf } from "../../pitfalls/page.ts";
import { UsageError } from "../errors.ts";
import type { Flags } from "../flags.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { type Terminal } from "../terminal.ts";

/** A pitfall's page, by its name or by what an engine printed; without words, the list of all. */
export function explain(flags: Flags, terminal: Terminal): void {
  refuseMisplaced(flags);
  const { language } = terminal;
  const words = flags.positionals.join(" ");
  if (words === "") {
    if (flags.json)
      return terminal.out(
        JSON.stringify(
          pitfalls.map(({ id, code, severity, title }) => ({ id, code, severity, title: title[language] })),
        ),
      );
    const width = Math.max(...pitfalls.map(({ id }) => id.length));
    for (const { id, title } of pitfalls) terminal.out(`${id.padEnd(width)}  ${title[language]}`);
    return;
  }
  const [first, ...others] = findPitfalls(words);
  if (first === undefined)
    throw new UsageError({
      message: message("explain.none", { words: words.slice(0, 80) }),
      instead: message("explain.list"),
    });
  if (flags.json) {
    const shown = [first, ...others].map(({ id, code, severity, title, why, fix, sources }) => ({
      id,
      code,
      severity,
      title: title[language],
      why: why[language],
      fix: fix[language],
      sources,
    }));
    return terminal.out(JSON.stringify({ pitfalls: shown }));
  }
  terminal.out(pageOf(first, language).trimEnd());
  if (others.length > 0)
    terminal.out(`\n${speaker(language)("explain.more")}: ${others.map(({ id }) => id).join(", ")}`);
}
