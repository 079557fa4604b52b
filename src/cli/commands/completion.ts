import { gpus } from "../../catalog/gpus.ts";
import { models } from "../../catalog/models.ts";
import { presets } from "../../core/presets.ts";
import { flagOf } from "../../core/questions/define.ts";
import { questions } from "../../core/questions/table.ts";
import type { Flags } from "../flags.ts";
import { commands } from "../flags.ts";
import { refuseMisplaced } from "../misplaced.ts";
import type { Terminal } from "../terminal.ts";

/** Values that a flag takes, where they are few enough to be offered. */
function valuesOf(flag: string): readonly string[] {
  if (flag === "preset") return presets.map((preset) => preset.name);
  if (flag === "lang") return ["en", "zh"];
  if (flag === "format") return ["text", "json", "sarif", "github"];
  if (flag === "model") return models.map((model) => model.id);
  if (flag === "gpu") return gpus.map((gpu) => gpu.id);
  const row = questions.find((each) => flagOf(each.key) === flag);
  if (row?.form.kind === "choice") return row.form.choices.map((choice) => String(choice.value));
  return row?.form.kind === "list" && "values" in row.form ? row.form.values : [];
}

/** A completion script for bash (zsh reads it after `bashcompinit`), with every flag and the values that it takes. */
export function completion(given: Flags, terminal: Terminal): void {
  refuseMisplaced(given);
  const flags = [
    ...questions.map((row) => flagOf(row.key)),
    "preset",
    "answers",
    "lang",
    "yes",
    "force",
    "dry-run",
    "json",
    "no-color",
    "quiet",
    "check",
    "explain",
    "format",
    "fix",
    "fix-dry-run",
    "max-warnings",
    "rule",
    "config",
    "help",
    "all",
    "version",
  ];
  const cases = flags
    .map((flag) => [flag, valuesOf(flag)] as const)
    .filter(([, values]) => values.length > 0)
    .map(([flag, values]) => `    --${flag}) COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$word")); return ;;`);
  const words = [...commands.filter((name) => name !== "create"), ...flags.map((flag) => `--${flag}`)].join(" ");
  terminal.out(
    [
      '# bash: eval "$(create-train-config completion)"',
      "# zsh:  autoload -U bashcompinit && bashcompinit, then the same",
      "_create_train_config() {",
      '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
      '  case "$before" in',
      ...cases,
      '    --data|--answers|--output-dir|--nvme-path|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;',
      "  esac",
      `  COMPREPLY=($(compgen -W "${words}" -- "$word") $(compgen -d -- "$word"))`,
      "}",
      "complete -o filenames -F _create_train_config create-train-config train-config",
    ].join("\n"),
  );
}
