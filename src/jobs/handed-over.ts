import type { PythonCall } from "../readers/python.ts";
import type { ProgramFile } from "./recognise.ts";
import { settingsOf } from "./settings.ts";

type HandedOver = NonNullable<ProgramFile["config"]>;

/** DeepSpeed configs among the arguments of calls, with who reads them. */
export function handedOver(calls: readonly PythonCall[]): readonly HandedOver[] {
  return calls.flatMap(({ name, doc }): readonly HandedOver[] => {
    const settings = settingsOf(doc, "python");
    const setting =
      name === "initialize"
        ? (settings.exactly("config") ?? settings.exactly("config_params"))
        : name === "DeepSpeedPlugin"
          ? settings.exactly("hf_ds_config")
          : /TrainingArgu?ments$|Config$/.test(name)
            ? settings.exactly("deepspeed")
            : null;
    return setting === null ? [] : [{ setting, reader: name === "DeepSpeedPlugin" ? "accelerate" : "deepspeed" }];
  });
}

/** The one config that a program hands to DeepSpeed or to accelerate; null where there are several. */
export function configOf(calls: readonly PythonCall[]): ProgramFile["config"] {
  const found = handedOver(calls.filter(({ name }) => name === "initialize" || name === "DeepSpeedPlugin"));
  return found.length === 1 ? (found[0] ?? null) : null;
}
