import type { Finding, Report } from "../../check.ts";
import type { Language } from "../../messages/message.ts";
import { linkOf } from "../../pitfalls/page.ts";
import { pitfalls } from "../../pitfalls/all.ts";
import { version } from "../../version.ts";

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly files: number;
}

export function summarise({ findings, files }: Pick<Report, "findings" | "files">): Summary {
  const count = (severity: Finding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), infos: count("info"), files: files.length };
}

/** One object: the findings and their sum. */
export function asJson(report: Report, skipped: readonly unknown[], language: Language): string {
  return JSON.stringify({
    findings: report.findings.map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      file: finding.file,
      line: finding.line,
      column: finding.column,
      key: finding.key,
      message: finding.message[language],
      why: finding.pitfall.why[language],
      fix: finding.pitfall.fix[language],
      sources: finding.pitfall.sources,
      code: finding.code,
      fixable: finding.edits.length > 0,
    })),
    summary: summarise(report),
    skipped,
  });
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** SARIF 2.1.0, as code scanning reads it. */
export function asSarif({ findings }: Report, language: Language): string {
  const names = new Set(findings.map(({ rule }) => rule));
  const used = pitfalls.filter(({ id }) => names.has(id));
  const places = new Map(used.map(({ id }, index) => [id, index]));
  const groups = grouped(findings);
  const uri = (file: string): string => file.split("/").map(encodeURIComponent).join("/");
  const location = (finding: Finding): object => ({
    physicalLocation: {
      artifactLocation: { uri: uri(finding.file) },
      region: {
        startLine: finding.line,
        startColumn: finding.column,
        endLine: finding.endLine,
        endColumn: finding.endColumn,
      },
    },
    logicalLocations: [{ fullyQualifiedName: finding.key }],
  });
  const related = (finding: Finding): object => {
    const others = (groups.get(finding.group) ?? []).filter((each) => each !== finding);
    return others.length === 0 ? {} : { relatedLocations: others.map(location) };
  };
  return JSON.stringify({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "create-train-config",
            version,
            rules: used.map(({ id, title, why, fix, severity, sources }) => ({
              id,
              shortDescription: { text: title[language] },
              fullDescription: { text: why[language] },
              help: { text: fix[language] },
              defaultConfiguration: { level: LEVELS[severity] },
              ...(linkOf(sources[0] ?? "") === null ? {} : { helpUri: linkOf(sources[0] ?? "") }),
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: places.get(finding.rule),
          level: LEVELS[finding.severity],
          message: { text: finding.message[language] },
          locations: [location(finding)],
          ...related(finding),
        })),
      },
    ],
  });
}

/** The findings by what they speak of: all places of one contradiction together, in their order. */
export function grouped(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const groups = new Map<number, Finding[]>();
  for (const finding of findings) {
    const held = groups.get(finding.group);
    if (held === undefined) groups.set(finding.group, [finding]);
    else held.push(finding);
  }
  return groups;
}

/** Workflow commands: GitHub shows them at the lines of a pull request. */
export function asGitHub({ findings }: Report, language: Language): string {
  const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return findings
    .map((finding) => {
      const level = finding.severity === "info" ? "notice" : finding.severity;
      const place = `file=${property(finding.file)},line=${finding.line},endLine=${finding.endLine},col=${finding.column},endColumn=${finding.endColumn}`;
      return `::${level} ${place},title=${property(finding.rule)}::${data(`${finding.message[language]}\n${finding.pitfall.fix[language]}`)}`;
    })
    .join("\n");
}
