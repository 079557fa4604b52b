import type { Example, Pitfall, Text } from "./pitfall.ts";
import { pitfalls } from "./all.ts";

export interface Page {
  readonly path: string;
  readonly text: string;
}

const WORDS = {
  code: { en: "Code", zh: "编号" },
  severity: { en: "Severity", zh: "级别" },
  versions: { en: "Versions", zh: "版本" },
  why: { en: "Why", zh: "原因" },
  fix: { en: "What to do", zh: "如何处理" },
  bad: { en: "Reported", zh: "会报告" },
  good: { en: "Not reported", zh: "不会报告" },
  sources: { en: "Sources", zh: "来源" },
  title: { en: "Pitfalls", zh: "陷阱" },
  severities: {
    error: { en: "error", zh: "错误" },
    warning: { en: "warning", zh: "警告" },
    info: { en: "info", zh: "提示" },
  },
} as const satisfies Readonly<Record<string, Text | Readonly<Record<string, Text>>>>;

type Language = keyof Text;

/** Where a source can be read, where it is a thread or a file of GitHub. */
export function linkOf(source: string): string | null {
  const thread = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(source);
  if (thread !== null) return `https://github.com/${thread[1]}/issues/${thread[2]}`;
  const file = /^([\w.-]+\/[\w.-]+):(\S+)$/.exec(source);
  return file === null ? null : `https://github.com/${file[1]}/blob/HEAD/${file[2]}`;
}

/** A pitfall's page in one language, as Markdown. */
export function pageOf(pitfall: Pitfall, language: Language): string {
  const { id, code, severity, title, why, fix, versions, sources, bad, good } = pitfall;
  const [firstBad, firstGood] = [bad[0], good[0]];
  return [
    `# ${id}`,
    "",
    title[language],
    "",
    `- ${WORDS.code[language]}: ${code}`,
    `- ${WORDS.severity[language]}: ${WORDS.severities[severity][language]}`,
    ...(versions === undefined ? [] : [`- ${WORDS.versions[language]}: ${versions[language]}`]),
    "",
    `## ${WORDS.why[language]}`,
    "",
    why[language],
    "",
    `## ${WORDS.fix[language]}`,
    "",
    fix[language],
    ...(firstBad === undefined ? [] : ["", `## ${WORDS.bad[language]}`, "", ...exampleOf(firstBad)]),
    ...(firstGood === undefined ? [] : ["", `## ${WORDS.good[language]}`, "", ...exampleOf(firstGood)]),
    "",
    `## ${WORDS.sources[language]}`,
    "",
    ...sources.map((source) => {
      const link = linkOf(source);
      return link === null ? `- ${source}` : `- [${source}](${link})`;
    }),
    "",
  ].join("\n");
}

function exampleOf({ files }: Example): readonly string[] {
  return Object.entries(files).flatMap(([name, text], index) => [
    ...(index === 0 ? [] : [""]),
    `\`${name}\``,
    "",
    `\`\`\`${languageOf(name)}`,
    text.trimEnd(),
    "```",
  ]);
}

const languageOf = (name: string): string =>
  name.endsWith(".sh")
    ? "sh"
    : name.endsWith(".py")
      ? "python"
      : name.endsWith(".json")
        ? "json"
        : /\.ya?ml$/.test(name)
          ? "yaml"
          : "text";

/** Every page, in both languages, and their lists. */
export function pitfallPages(): readonly Page[] {
  return (["en", "zh"] as const).flatMap((language) => {
    const suffix = language === "en" ? ".md" : ".zh-CN.md";
    const rows = pitfalls.map(
      ({ id, severity, title }) =>
        `| [${id}](${id}${suffix}) | ${WORDS.severities[severity][language]} | ${title[language].replaceAll("|", "\\|")} |`,
    );
    return [
      {
        path: `README${suffix}`,
        text: [`# ${WORDS.title[language]}`, "", "| | | |", "| --- | --- | --- |", ...rows, ""].join("\n"),
      },
      ...pitfalls.map((pitfall) => ({ path: `${pitfall.id}${suffix}`, text: pageOf(pitfall, language) })),
    ];
  });
}
