import { flagOf } from "../core/questions/define.ts";
import { message } from "../messages/message.ts";
import { UsageError } from "./errors.ts";
import type { Flags } from "./flags.ts";

/** What files can't tell, and `check` takes. */
const CONTEXT: readonly string[] = ["gpu", "gpus", "nodes", "transformers", "deepspeed", "xtuner"];

/** Refuses a flag that a command can't follow: to ignore it would leave a person believing in it. */
export function refuseMisplaced(flags: Flags): void {
  const { command } = flags;
  const answers = Object.keys(flags.answers).map(flagOf);
  const preset = flags.preset === undefined ? [] : ["preset"];
  const file = flags.answersFile === undefined ? [] : ["answers"];
  const check = flags.check ? ["check"] : [];
  const explain = flags.explain ? ["explain"] : [];
  const writing = [...(flags.force ? ["force"] : []), ...(flags.dryRun ? ["dry-run"] : [])];
  const checking = [
    ...(flags.fix ? ["fix"] : []),
    ...(flags.fixDryRun ? ["fix-dry-run"] : []),
    ...(flags.format === undefined ? [] : ["format"]),
    ...(flags.maxWarnings === undefined ? [] : ["max-warnings"]),
    ...(flags.rules.length === 0 ? [] : ["rule"]),
    ...(flags.config === undefined ? [] : ["config"]),
  ];
  const misplaced = {
    create: [...check, ...explain, ...checking],
    plan: [...check, ...writing, ...checking],
    regenerate: [...preset, ...file, ...explain, ...checking],
    presets: [...answers, ...preset, ...file, ...check, ...explain, ...writing, ...checking],
    completion: [...answers, ...preset, ...file, ...check, ...explain, ...writing, ...checking],
    check: [...answers.filter((flag) => !CONTEXT.includes(flag)), ...preset, ...file, ...check, ...explain, ...writing],
    explain: [...answers, ...preset, ...file, ...check, ...explain, ...writing, ...checking],
  }[command];
  if (misplaced.length === 0) return;
  throw new UsageError(
    ...misplaced.map((flag) => ({ message: message("flag.notHere", { command }), place: `--${flag}` })),
  );
}
