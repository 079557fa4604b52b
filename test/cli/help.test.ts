import { describe, expect, test } from "vitest";
import { flagOf } from "../../src/core/questions/define.ts";
import { questions } from "../../src/core/questions/table.ts";
import { stringWidth } from "../../src/core/print/width.ts";
import { run, succeeds } from "./run.ts";

const help = async (args: readonly string[], lang = "C.UTF-8"): Promise<string> => {
  const { stdout, stderr } = await succeeds(args, { env: { LANG: lang } });
  expect(stderr).toBe("");
  return stdout;
};

const chinese = /\p{Script=Han}/u;

describe.concurrent("--help", () => {
  test.for(["en", "zh"])("in %s fits one screen of 40 lines and 80 columns", async (lang) => {
    const lines = (await help(["--help", "--lang", lang])).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines)
      expect(line, `${stringWidth(line)} columns`).toSatisfy((text: string) => stringWidth(text) <= 80);
  });

  test.for(["en", "zh"])(
    "in %s names the commands, examples, exit codes and the way to the other flags",
    async (lang) => {
      const page = await help(["--help", "--lang", lang]);
      for (const word of [
        "presets",
        "regenerate",
        "completion",
        "--preset",
        "--model",
        "--gpus",
        "--yes",
        "--dry-run",
        "--all",
      ]) {
        expect(page).toContain(word);
      }
      for (const code of ["0", "1", "2", "70", "130"]) expect(page).toMatch(new RegExp(`\\b${code}\\b`));
      expect(page).not.toMatch(/undefined|\[object|\[default:\]|\[默认：\]/);
    },
  );

  test("is the same page as -h", async () => {
    expect(await help(["-h"])).toBe(await help(["--help"]));
  });

  test("is the same under every locale when --lang says en", async () => {
    const page = await help(["--help", "--lang", "en"]);
    expect(page).not.toMatch(chinese);
    for (const locale of ["zh_CN.UTF-8", "C"]) expect(await help(["--help", "--lang", "en"], locale)).toBe(page);
  });

  test("is Chinese with --lang zh and under a Chinese locale, and English under any other", async () => {
    const page = await help(["--help", "--lang", "zh"]);
    expect(page).toMatch(chinese);
    expect(await help(["--help"], "zh_CN.UTF-8")).toBe(page);
    expect(await help(["--help"], "fr_FR.UTF-8")).not.toMatch(chinese);
  });

  test.for(["en", "zh"])(
    "--all in %s names the flag of every question, and every other flag, in 80 columns",
    async (lang) => {
      const page = await help(["--help", "--all", "--lang", lang]);
      const others = [
        "preset",
        "answers",
        "yes",
        "force",
        "dry-run",
        "json",
        "lang",
        "no-color",
        "quiet",
        "check",
        "version",
      ];
      for (const flag of [...questions.map((row) => flagOf(row.key)), ...others])
        expect(page).toMatch(new RegExp(`--${flag}(?![\\w-])`));
      for (const line of page.split("\n")) expect(line).toSatisfy((text: string) => stringWidth(text) <= 80);
    },
  );

  test("wins over a command, and over a job that would be refused", async () => {
    const page = await help(["--help"]);
    expect(await help(["regenerate", "--help"])).toBe(page);
    expect(await help(["run", "--zero", "1", "--offload", "all", "--help"])).toBe(page);
  });
});

test("LC_ALL is stronger than LANG, and --lang than both", async () => {
  const zh = await run(["--help"], { env: { LANG: "en_US.UTF-8", LC_ALL: "zh_CN.UTF-8" } });
  expect(zh.stdout).toMatch(chinese);
  const en = await run(["--help", "--lang", "en"], { env: { LC_ALL: "zh_CN.UTF-8" } });
  expect(en.stdout).not.toMatch(chinese);
});

describe.concurrent("messages", () => {
  test("follow the locale and --lang, even when the flags are what is wrong", async () => {
    expect((await run(["run", "--zer", "3"], { env: { LANG: "zh_CN.UTF-8" } })).stderr).toMatch(chinese);
    expect((await run(["run", "--zer", "3", "--lang", "zh"])).stderr).toMatch(chinese);
    expect((await run(["run", "--zer", "3", "--lang=en"], { env: { LANG: "zh_CN.UTF-8" } })).stderr).not.toMatch(
      chinese,
    );
  });
});
