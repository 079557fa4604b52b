import yargs from "yargs";
import { presets } from "../core/presets.ts";
import { flagOf } from "../core/questions/define.ts";
import { questions } from "../core/questions/table.ts";
import { type Language, speaker } from "../messages/message.ts";

/** The help page: the flags that matter on one screen, or with `all` every one. */
export async function helpPage(language: Language, all: boolean): Promise<string> {
  const say = speaker(language);
  let page = yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .scriptName("create-train-config")
    .usage(say("help.usage"))
    .command("plan", say("help.plan"))
    .command("check [path..]", say("help.checkCommand"))
    .command("explain [words..]", say("help.explain"))
    .command("presets [name]", say("help.presets"))
    .command("regenerate [dir]", say("help.regenerate"))
    .command("completion", say("help.completion"))
    .updateStrings({
      "Commands:": say("help.commandsTitle"),
      "Options:": say("help.optionsTitle"),
      "Positionals:": say("help.positionalsTitle"),
      "Examples:": say("help.examplesTitle"),
      default: say("help.defaultTag"),
    })
    .wrap(80)
    .option("preset", {
      alias: "p",
      describe: `${say("help.preset")} ${presets.map((preset) => preset.name).join(", ")}`,
      group: say("help.jobTitle"),
    });
  for (const row of questions) {
    if (!all && !("main" in row)) continue;
    const values = row.form.kind === "choice" ? ` (${row.form.choices.map((choice) => choice.value).join(", ")})` : "";
    page = page.option(flagOf(row.key), {
      describe: `${row.label[language]}${all ? values : ""}${all ? `. ${row.why[language]}` : ""}`,
      group: say("help.jobTitle"),
    });
  }
  for (const [name, code, alias] of all ? toolFlags : toolFlags.filter(([name]) => mainToolFlags.includes(name))) {
    page = page.option(name, {
      describe: say(code),
      group: say("help.toolTitle"),
      ...(alias === undefined ? {} : { alias }),
    });
  }
  page = page
    .example("$0 my-run", say("help.exampleWizard"))
    .example("$0 my-run -p bge -y", say("help.examplePreset"))
    .epilogue(all ? `${say("help.exitCodes")}\n${say("help.create-npm")}` : say("help.exitCodes"));
  return page.getHelp();
}

/** The rest is on the long page. */
const mainToolFlags: readonly string[] = ["answers", "yes", "force", "dry-run", "json", "lang", "help"];

const toolFlags = [
  ["answers", "help.answers", undefined],
  ["yes", "help.yes", "y"],
  ["force", "help.force", "f"],
  ["dry-run", "help.dryRun", undefined],
  ["check", "help.check", undefined],
  ["explain", "help.explainTerms", undefined],
  ["format", "help.format", undefined],
  ["fix", "help.fix", undefined],
  ["fix-dry-run", "help.fixDryRun", undefined],
  ["max-warnings", "help.maxWarnings", undefined],
  ["rule", "help.rule", undefined],
  ["config", "help.config", undefined],
  ["json", "help.json", undefined],
  ["lang", "help.lang", undefined],
  ["no-color", "help.noColor", undefined],
  ["quiet", "help.quiet", undefined],
  ["help", "help.help", "h"],
  ["all", "help.all", undefined],
  ["version", "help.version", "v"],
] as const;
