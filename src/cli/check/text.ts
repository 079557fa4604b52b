import type { Finding, Report } from "../../check.ts";
import { speaker } from "../../messages/message.ts";
import { stringWidth } from "../../core/print/width.ts";
import { linkOf } from "../../pitfalls/page.ts";
import type { Source } from "../../readers/source.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { drawCurves } from "./curves.ts";
import { grouped, summarise } from "./formats.ts";

const WORDS = { error: "check.error", warning: "check.warning", info: "check.info" } as const;
const COLORS = { error: "red", warning: "yellow", info: "cyan" } as const;

/** Findings for a person: place, cause, the line itself, what to do, where to read on. */
export function asText(report: Report, sources: ReadonlyMap<string, Source>, terminal: Terminal): string {
  const { language } = terminal;
  const tell = speaker(language);
  const lines: string[] = [];
  for (const [finding, ...others] of grouped(report.findings).values()) {
    if (finding === undefined) continue;
    const place = `${finding.file}:${finding.line}:${finding.column}`;
    lines.push(
      `${paint(terminal, "bold", oneLine(place))} ${paint(terminal, COLORS[finding.severity], tell(WORDS[finding.severity]))} ${oneLine(finding.message[language])} ${paint(terminal, "dim", finding.rule)}`,
    );
    for (const each of [finding, ...others])
      lines.push(...evidence(each, sources, terminal, each === finding ? null : tell("check.alsoAt")));
    if (finding.curves !== null)
      lines.push(...drawCurves(finding.curves, tell, terminal.columns, terminal.unicode).map((line) => `    ${line}`));
    lines.push(`    ${paint(terminal, "dim", `${tell("check.instead")}:`)} ${finding.pitfall.fix[language]}`);
    const link = linkOf(finding.pitfall.sources[0] ?? "");
    if (link !== null) lines.push(`    ${paint(terminal, "dim", `${tell("check.see")}: ${link}`)}`);
    lines.push("");
  }
  const summary = summarise(report);
  if (report.findings.length === 0) lines.push(tell("check.clean", { files: summary.files }));
  else {
    const fixable = new Set(report.findings.filter(({ edits }) => edits.length > 0).map(({ group }) => group)).size;
    lines.push(
      [tell("check.summary", summary), ...(fixable === 0 ? [] : [tell("check.fixable", { count: fixable })])].join(
        "; ",
      ),
    );
  }
  return lines.join("\n");
}

function evidence(
  { file, line }: Finding,
  sources: ReadonlyMap<string, Source>,
  terminal: Terminal,
  also: string | null,
): readonly string[] {
  const text = sources.get(file)?.line(line).trim();
  if (text === undefined || text === "") return [];
  const place = oneLine(`${also === null ? "" : `${also} `}${file}:${line} |`);
  const room = Math.max(20, Math.min(100, terminal.columns - stringWidth(place) - 6));
  const cut = text.length > room ? `${text.slice(0, room)}${terminal.unicode ? "…" : "..."}` : text;
  return [`    ${paint(terminal, "dim", place)} ${oneLine(cut)}`];
}
