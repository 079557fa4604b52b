import { findGpu, gpus as cards } from "../../catalog/gpus.ts";
import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { bytes, GiB } from "../units.ts";
import type { Hardware } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";

/** Cards in a common server; a job on more cards takes several of them. */
const CARDS_PER_NODE = 8;

export function resolveHardware(answers: Answers, findings: Findings): Hardware {
  const card = resolveCard(answers, findings);
  const gpus = answers.gpus ?? 1;
  const nodes = answers.nodes ?? nodesFor(gpus);
  if (gpus % nodes !== 0) {
    const fitting = Array.from({ length: Math.min(gpus, 64) }, (_, index) => index + 1).filter((n) => gpus % n === 0);
    refuse(
      findings,
      ["gpus", "nodes"],
      message("problem.gpusPerNode", { gpus, nodes }),
      message("instead.nodes", { nodes: fitting.slice(0, 8).join(", ") }),
    );
  }
  if (answers.nodes === undefined && nodes > 1) {
    decide(findings, "nodes", nodes, message("because.nodes", { perNode: gpus / nodes }));
  }
  return { ...card, gpus, nodes, gpusPerNode: Math.max(1, Math.floor(gpus / nodes)) };
}

function nodesFor(gpus: number): number {
  if (gpus <= CARDS_PER_NODE) return 1;
  return gpus % CARDS_PER_NODE === 0 ? gpus / CARDS_PER_NODE : 1;
}

type Card = Pick<Hardware, "card" | "memory" | "bf16" | "flashAttention">;

function resolveCard(answers: Answers, findings: Findings): Card {
  const asked = answers.gpuMemory === undefined ? null : bytes(answers.gpuMemory * GiB);
  if (answers.gpu === undefined) {
    // Nothing is known of the card but its size, so nothing newer than Volta is assumed of it.
    if (asked === null) refuse(findings, ["gpu"], message("problem.gpuMissing"), message("instead.gpu"));
    else if (answers.precision === undefined || answers.precision === "auto") {
      decide(findings, "precision", "fp16", message("because.unknownCard"));
    }
    return {
      card: { kind: "by-memory" },
      memory: asked ?? bytes(80 * GiB),
      bf16: answers.precision === "bf16",
      flashAttention: false,
    };
  }
  const found = findGpu(answers.gpu);
  if (found.kind !== "found") {
    const names = found.kind === "ambiguous" ? found.candidates.map((gpu) => gpu.id) : found.nearest;
    refuse(
      findings,
      ["gpu"],
      message(found.kind === "ambiguous" ? "problem.gpuAmbiguous" : "problem.gpuUnknown", { gpu: answers.gpu }),
      names.length > 0
        ? message("instead.oneOf", { values: names.join(", ") })
        : message("instead.gpuMemory", { count: cards.length }),
    );
    // Go on with what all the cards it may be have in common, so that the other answers can be judged, too.
    const cardsMeant = found.kind === "ambiguous" ? found.candidates : [];
    return {
      card: { kind: "by-memory" },
      memory: asked ?? bytes(80 * GiB),
      bf16: cardsMeant.every((gpu) => gpu.bf16),
      flashAttention: cardsMeant.every((gpu) => gpu.flashAttention2),
    };
  }
  return {
    card: { kind: "listed", gpu: found.gpu },
    memory: asked ?? bytes(Math.round(found.gpu.memoryGiB * GiB)),
    bf16: found.gpu.bf16,
    flashAttention: found.gpu.flashAttention2,
  };
}
