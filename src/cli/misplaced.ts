import { flagOf } from "../core/questions/define.ts";
import { message } from "../messages/message.ts";
import { UsageError } from "./errors.ts";
import type { Flags } from "./flags.ts";

/** Refuses a flag that a command can't follow: to ignore it would leave a person believing in it. */
export function refuseMisplaced(flags: Flags): void {
  const { command } = flags;
  const answers = Object.keys(flags.answers).map(flagOf);
  const preset = flags.preset === undefined ? [] : ["preset"];
  const file = flags.answersFile === undefined ? [] : ["answers"];
  const check = flags.check ? ["check"] : [];
  const explain = flags.explain ? ["explain"] : [];
  const writing = [...(flags.force ? ["force"] : []), ...(flags.dryRun ? ["dry-run"] : [])];
  const misplaced = {
    create: [...check, ...explain],
    plan: [...check, ...writing],
    regenerate: [...preset, ...file, ...explain],
    presets: [...answers, ...preset, ...file, ...check, ...explain, ...writing],
    completion: [...answers, ...preset, ...file, ...check, ...explain, ...writing],
  }[command];
  if (misplaced.length === 0) return;
  throw new UsageError(
    ...misplaced.map((flag) => ({ message: message("flag.notHere", { command }), place: `--${flag}` })),
  );
}
