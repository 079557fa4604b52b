import { decoderOfSize, parseModelSize } from "../../catalog/decoder-by-size.ts";
import { type EmbedderFacts, type Family, familyOf } from "../../catalog/families.ts";
import { type Architecture, findModel } from "../../catalog/models.ts";
import { countEmbeddingParameters, countParameters, isEncoder } from "../../catalog/parameters.ts";
import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import type { Method, ModelPlan, Task } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";

/** What was read from a model folder's config.json: the person's own copy, which no catalog needs to know. */
export interface ModelFile {
  readonly architecture: Architecture;
  readonly family: Family | null;
  readonly params: number;
  readonly exact: boolean;
}

export function resolveModel(answers: Answers, file: ModelFile | null, findings: Findings): ModelPlan {
  const path = answers.model;
  if (file !== null && path !== undefined) return fromFile(path, file, findings);
  if (path === undefined) {
    if (answers.modelSize !== undefined) return fromSize(answers.modelSize, answers.modelSize, answers, findings);
    refuse(findings, ["model"], message("problem.modelMissing"), message("instead.model"));
    return assumed("model", 7e9, answers);
  }
  const found = findModel(path);
  if (found.kind === "found") {
    const { model } = found;
    if (answers.modelSize !== undefined) {
      refuse(
        findings,
        ["model", "modelSize"],
        message("problem.sizeOfKnownModel", { model: model.id }),
        message("instead.dropFlag", { flag: "--model-size" }),
      );
    }
    return {
      path: found.hubId,
      label: found.hubId,
      family: familyOf(model.family),
      architecture: model.architecture,
      params: model.params,
      embeddingParams: model.embeddingParams,
      certainty: "exact",
    };
  }
  if (answers.modelSize !== undefined) return fromSize(path, answers.modelSize, answers, findings);
  if (found.kind === "quantized") {
    refuse(findings, ["model"], message("problem.modelQuantized", { model: path }), message("instead.unquantized"));
  } else {
    refuse(
      findings,
      ["model"],
      message("problem.modelUnknown", { model: path }),
      found.nearest.length > 0
        ? message("instead.modelNear", { values: found.nearest.join(", ") })
        : message("instead.modelSize"),
    );
  }
  return assumed(path, 7e9, answers);
}

function fromFile(path: string, file: ModelFile, findings: Findings): ModelPlan {
  if (!file.exact) findings.notes.push(message("note.configApproximate"));
  return {
    path,
    label: path,
    family: file.family ?? familyOf(isEncoder(file.architecture.modelType) ? "encoder" : "decoder"),
    architecture: file.architecture,
    params: file.params,
    embeddingParams: countEmbeddingParameters(file.architecture),
    certainty: file.exact ? "exact" : "assumed",
  };
}

function fromSize(label: string, size: string, answers: Answers, findings: Findings): ModelPlan {
  const params = parseModelSize(size);
  if (params === null) {
    refuse(
      findings,
      ["modelSize"],
      message("problem.modelSize", { size }),
      message("instead.flag", { flag: "--model-size 7B" }),
    );
    return assumed(label, 7e9, answers);
  }
  findings.notes.push(message("note.modelAssumed", { size }));
  return assumed(label, params, answers);
}

function assumed(label: string, params: number, answers: Answers): ModelPlan {
  const architecture = decoderOfSize(params);
  return {
    path: answers.model ?? "/path/to/model",
    label,
    family: familyOf("decoder"),
    architecture,
    params: countParameters(architecture),
    embeddingParams: countEmbeddingParameters(architecture),
    certainty: "assumed",
  };
}

/** What both the Qwen scripts and XTuner's stock configs use. */
const LORA = { rank: 64, alpha: 16, dropout: 0.05 } as const;

export function resolveMethod(answers: Answers, model: ModelPlan, findings: Findings): Method {
  const { embedder } = model.family;
  const only = embedder === null ? null : embedder.lora === null ? "full" : "lora";
  const kind = answers.method ?? only ?? "full";
  if (answers.method === undefined) decide(findings, "method", kind, message("because.method"));
  if (kind === "full") {
    for (const key of ["loraRank", "loraTargets"] as const) {
      if (answers[key] !== undefined) {
        refuse(
          findings,
          [key, "method"],
          message("problem.loraFlagWithFull"),
          message("instead.flag", { flag: "--method lora" }),
        );
      }
    }
  }
  if (only !== null && only !== kind) {
    const flag = `--method ${only}`;
    refuse(
      findings,
      ["method", "model"],
      message("problem.embedderMethod", { method: only }),
      message("instead.flag", { flag }),
    );
  }
  if (kind === "full") return { kind };
  const advised = embedder?.lora ?? LORA;
  const rank = answers.loraRank ?? advised.rank;
  const { alpha } = advised;
  if (answers.loraRank === undefined) {
    decide(
      findings,
      "loraRank",
      rank,
      message("because.loraRank", { alpha }),
      embedder?.source ?? "QwenLM/Qwen finetune/finetune_lora_ds.sh",
    );
  }
  const targets = answers.loraTargets ?? model.family.loraTargets;
  if (answers.loraTargets === undefined) {
    decide(
      findings,
      "loraTargets",
      targets.join(", "),
      message("because.loraTargets", { family: model.family.id }),
      model.family.source,
    );
  }
  return { kind, rank, alpha, dropout: LORA.dropout, targets };
}

export function resolveTask(
  answers: Answers,
  model: ModelPlan,
  world: number,
  flash: boolean,
  findings: Findings,
): Task {
  const kind = model.family.embedder === null ? "sft" : "embedding";
  const encoder = isEncoder(model.architecture.modelType);
  if ((answers.task !== undefined && answers.task !== kind) || (encoder && kind === "sft")) {
    refuse(
      findings,
      ["task", "model"],
      message(kind === "sft" ? "problem.notAnEmbedder" : "problem.notADecoder", { model: model.label }),
      message("instead.catalogModels", { task: kind === "sft" ? "embedding" : "sft" }),
    );
  }
  if (answers.task === undefined) decide(findings, "task", kind, message("because.task", { model: model.label }));
  return model.family.embedder === null
    ? resolveSft(answers, model, flash, findings)
    : resolveEmbedding(answers, model, model.family.embedder, world, findings);
}

function resolveSft(answers: Answers, model: ModelPlan, flash: boolean, findings: Findings): Task {
  refuseFlagsOf("embedding", answers, findings);
  const longest = model.architecture.maxPositions;
  const seqLen = answers.seqLen ?? Math.min(2048, longest);
  if (answers.seqLen === undefined) decide(findings, "seqLen", seqLen, message("because.seqLen", { longest }));
  if (seqLen > longest && model.certainty === "exact") {
    refuse(
      findings,
      ["seqLen"],
      message("problem.tooLong", { flag: "--seq-len", value: seqLen, longest }),
      message("instead.flag", { flag: `--seq-len ${longest}` }),
    );
  }
  const packing = answers.packing ?? false;
  if (packing && !flash) {
    refuse(
      findings,
      ["packing", "gpu"],
      message("problem.packingNeedsFlash"),
      message("instead.dropFlag", { flag: "--packing" }),
    );
  }
  return { kind: "sft", seqLen, packing };
}

function resolveEmbedding(
  answers: Answers,
  model: ModelPlan,
  embedder: EmbedderFacts,
  world: number,
  findings: Findings,
): Task {
  refuseFlagsOf("sft", answers, findings);
  const longest = Math.min(embedder.longest, model.architecture.maxPositions);
  const reranker = embedder.entry.startsWith("reranker");
  const queryMaxLen = answers.queryMaxLen ?? Math.min(embedder.queryMaxLen, longest);
  const passageMaxLen =
    answers.passageMaxLen ??
    (reranker ? Math.min(embedder.passageMaxLen, longest - queryMaxLen) : Math.min(embedder.passageMaxLen, longest));
  const trainGroupSize = answers.trainGroupSize ?? embedder.trainGroupSize;
  const temperature = answers.temperature ?? embedder.temperature;
  if (embedder.temperature === null && answers.temperature !== undefined) {
    refuse(findings, ["temperature"], message("problem.noTemperature"), message("instead.dropThis"));
  }
  for (const key of ["queryMaxLen", "passageMaxLen", "trainGroupSize", "temperature"] as const) {
    if (answers[key] === undefined) {
      const value = { queryMaxLen, passageMaxLen, trainGroupSize, temperature }[key];
      if (value !== null)
        decide(findings, key, value, message("because.embedder", { model: model.label }), embedder.source);
    }
  }
  for (const [key, value] of [
    ["queryMaxLen", queryMaxLen],
    ["passageMaxLen", passageMaxLen],
  ] as const) {
    if (value > longest) {
      const flag = key === "queryMaxLen" ? "--query-max-len" : "--passage-max-len";
      refuse(
        findings,
        [key],
        message("problem.tooLong", { flag, value, longest }),
        message("instead.flag", { flag: `${flag} ${longest}` }),
      );
    }
  }
  if (reranker && queryMaxLen + passageMaxLen > longest && queryMaxLen <= longest && passageMaxLen <= longest) {
    refuse(
      findings,
      ["queryMaxLen", "passageMaxLen"],
      message("problem.pairTooLong", { query: queryMaxLen, passage: passageMaxLen, longest }),
      message("instead.flag", {
        flag: `--query-max-len ${Math.min(queryMaxLen, longest / 4)} --passage-max-len ${longest - Math.min(queryMaxLen, longest / 4)}`,
      }),
    );
  }
  // With one candidate per query the loss is the cross-entropy of a single class: 0, and so is its gradient.
  const smallest = reranker ? 2 : 1;
  if (trainGroupSize < smallest) {
    refuse(
      findings,
      ["trainGroupSize"],
      message("problem.noNegatives"),
      message("instead.flag", { flag: "--train-group-size 8" }),
    );
  }
  return {
    kind: "embedding",
    embedder,
    queryMaxLen,
    passageMaxLen,
    trainGroupSize,
    temperature,
    negativesCrossDevice: embedder.negativesCrossDevice && world > 1,
  };
}

const flagsOf = {
  sft: ["seqLen", "packing", "liger"],
  embedding: ["queryMaxLen", "passageMaxLen", "trainGroupSize", "temperature"],
} as const;

function refuseFlagsOf(other: "sft" | "embedding", answers: Answers, findings: Findings): void {
  for (const key of flagsOf[other]) {
    if (answers[key] !== undefined) {
      refuse(
        findings,
        [key],
        message(other === "sft" ? "problem.sftFlag" : "problem.embeddingFlag"),
        message("instead.dropThis"),
      );
    }
  }
}
