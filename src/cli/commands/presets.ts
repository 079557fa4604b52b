import { findPreset, presets as all } from "../../core/presets.ts";
import { printJson, type JsonValue } from "../../core/print/json.ts";
import { type Flags, unknownPreset } from "../flags.ts";
import { UsageError } from "../errors.ts";
import { refuseMisplaced } from "../misplaced.ts";
import type { Terminal } from "../terminal.ts";

/** Lists the presets, or prints one: every answer with its reason and source. */
export function presets(flags: Flags, terminal: Terminal): void {
  refuseMisplaced(flags);
  const [name] = flags.positionals;
  if (name === undefined) {
    if (flags.json)
      terminal.out(
        JSON.stringify(all.map((preset) => ({ name: preset.name, title: preset.title[terminal.language] }))),
      );
    else for (const preset of all) terminal.out(`${preset.name.padEnd(12)} ${preset.title[terminal.language]}`);
    return;
  }
  const preset = findPreset(name);
  if (preset === null) throw new UsageError(unknownPreset(name, "presets"));
  terminal.out(printJson(preset as unknown as JsonValue).trimEnd());
}
