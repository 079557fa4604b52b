import { say, speaker } from "../messages/message.ts";
import { version } from "../version.ts";
import { create } from "./commands/create.ts";
import { Cancelled, Drift, Unfit, UsageError } from "./errors.ts";
import { type Flags, readFlags } from "./flags.ts";
import { paint, processTerminal, type Terminal } from "./terminal.ts";

/** Words to an exit code: 0 done, 1 drift or a job that does not fit, 2 the person can mend it, 70 we have to, 130 cancelled. */
export async function main(argv: readonly string[]): Promise<number> {
  // The language of an error about the flags has to be known before the flags are read.
  let terminal = processTerminal({
    lang: languageWord(argv),
    color: !argv.includes("--no-color"),
    quiet: argv.includes("--quiet"),
  });
  try {
    const flags = await readFlags(argv);
    terminal = processTerminal(flags);
    await run(flags, terminal);
    return 0;
  } catch (error) {
    return report(error, terminal, argv.includes("--debug"));
  }
}

/** One line for a Node that is too old, instead of whatever fails first. */
export function oldNode(version: string): number {
  const { stderr, language } = processTerminal({});
  stderr.write(`${speaker(language)("terminal.node", { version })}\n`);
  return 2;
}

function languageWord(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const word = argv[at];
  return at < 0 || word === undefined ? undefined : word === "--lang" ? argv[at + 1] : word.slice("--lang=".length);
}

async function run(flags: Flags, terminal: Terminal): Promise<void> {
  if (flags.version) return terminal.out(version);
  if (flags.help) return terminal.out(await (await import("./help.ts")).helpPage(terminal.language, flags.all));
  switch (flags.command) {
    case "create":
      return create(flags, terminal);
    case "plan":
      return (await import("./commands/plan.ts")).plan(flags, terminal);
    case "check":
      return (await import("./commands/check.ts")).check(flags, terminal);
    case "explain":
      return (await import("./commands/explain.ts")).explain(flags, terminal);
    case "presets":
      return (await import("./commands/presets.ts")).presets(flags, terminal);
    case "regenerate":
      return (await import("./commands/regenerate.ts")).regenerate(flags, terminal);
    case "completion":
      return (await import("./commands/completion.ts")).completion(flags, terminal);
  }
}

function report(error: unknown, terminal: Terminal, debug: boolean): number {
  const { stderr, language } = terminal;
  const tell = speaker(language);
  if (error instanceof Drift || error instanceof Unfit) return 1;
  if (error instanceof Cancelled || (error instanceof Error && error.name === "ExitPromptError")) {
    stderr.write(`${tell("terminal.cancelled")}\n`);
    return 130;
  }
  if (error instanceof UsageError) {
    for (const { message, place, instead } of error.complaints) {
      stderr.write(`${paint(terminal, "red", `${tell("terminal.error")}:`)} ${oneLine(say(language, message))}\n`);
      if (place !== undefined && place !== "")
        stderr.write(`  ${paint(terminal, "dim", `${tell("terminal.where")}:`)} ${oneLine(place)}\n`);
      if (instead != null) stderr.write(`  ${terminal.unicode ? "→" : "->"} ${oneLine(say(language, instead))}\n`);
    }
    return 2;
  }
  stderr.write(
    `${paint(terminal, "red", `${tell("terminal.error")}:`)} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  stderr.write(`  ${tell("terminal.defect")}\n`);
  if (debug && error instanceof Error) stderr.write(`${error.stack}\n`);
  return 70;
}

/** What a person typed may hold line breaks and escape sequences; a message keeps to its line. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ");
