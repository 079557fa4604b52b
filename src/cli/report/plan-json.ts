import type { Plan } from "../../core/plan/plan.ts";
import { curveOf } from "../../core/plan/schedule.ts";
import { showVersion } from "../../core/version.ts";
import { type Language, say } from "../../messages/message.ts";

/** A plan for other programs: plain values, bytes as integers, reasons as sentences. */
export function planJson(plan: Plan, language: Language): object {
  const { model, hardware, versions, decisions, notes: _, length, schedule, ...rest } = plan;
  return {
    ...rest,
    model: { path: model.path, family: model.family.id, params: model.params, certainty: model.certainty },
    hardware: {
      gpu: hardware.card.kind === "listed" ? hardware.card.gpu.id : null,
      memory: hardware.memory,
      gpus: hardware.gpus,
      nodes: hardware.nodes,
      gpusPerNode: hardware.gpusPerNode,
    },
    length,
    schedule: {
      ...schedule,
      warmupSteps: length.kind === "epochs" ? null : curveOf(schedule, length.total).warmup,
      totalSteps: length.kind === "epochs" ? null : length.total,
    },
    versions: Object.fromEntries(Object.entries(versions).map(([engine, version]) => [engine, showVersion(version)])),
    decisions: decisions.map(({ because, ...decision }) => ({ ...decision, because: say(language, because) })),
  };
}
