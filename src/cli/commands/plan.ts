import { alternativesOf } from "../../core/plan/alternatives.ts";
import { explainMemory } from "../../core/plan/memory/explain.ts";
import { hostMemory } from "../../core/plan/memory/host.ts";
import { memoryJob, memoryQuestion } from "../../core/plan/memory/question.ts";
import { timeOf } from "../../core/plan/time/plan.ts";
import { type Language, message, say } from "../../messages/message.ts";
import { notesOf } from "../../notes.ts";
import { Unfit, UsageError } from "../errors.ts";
import type { Flags } from "../flags.ts";
import { complete, jobOf, saidOf } from "../gather.ts";
import { planOf } from "../job.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { planJson } from "../report/plan-json.ts";
import { type Planned, planText } from "../report/plan-text.ts";
import type { Terminal } from "../terminal.ts";

/** Memory, time and what would fit. Writes nothing; throws `Unfit` (exit 1) after telling of a job that does not fit. */
export async function plan(flags: Flags, terminal: Terminal): Promise<void> {
  refuseMisplaced(flags);
  if (flags.positionals[0] !== undefined)
    throw new UsageError({ message: message("command.plansNothing"), place: flags.positionals[0] });
  const { said, preset } = await saidOf(flags, terminal);
  const job = await jobOf(complete(said, flags.yes, null, terminal), preset, "train-config", terminal);
  const decided = planOf(job);
  const planned: Planned = {
    plan: decided,
    time: timeOf(decided),
    alternatives: alternativesOf(job, decided),
    terms: flags.explain ? explainMemory(memoryJob(memoryQuestion(decided))) : null,
  };
  terminal.out(flags.json ? JSON.stringify(toJson(planned, terminal.language)) : planText(planned, terminal));
  if (decided.memory.verdict === "does-not-fit") throw new Unfit();
}

/** The same for other programs; bytes as integers. */
function toJson({ plan: decided, time, alternatives, terms }: Planned, language: Language): object {
  const { memory } = decided;
  const { allocated, reserved, device, moments, parts, binding } = memory.gpu;
  return {
    plan: planJson(decided, language),
    memory: {
      perGpu: {
        needed: memory.needed,
        available: memory.available,
        allocated,
        reserved,
        device,
        moments,
        binding,
        parts,
      },
      host: hostMemory(memoryQuestion(decided)),
    },
    verdict: memory.verdict,
    alternatives: alternatives.map(({ answers, flags, memory: at, cost, slower }) => ({
      answers,
      flags,
      needed: at.needed,
      verdict: at.verdict,
      slower,
      cost: say(language, cost),
    })),
    hours: time?.hours ?? null,
    gpuHours: time?.gpuHours ?? null,
    tokensPerSecondPerGpu: time?.tokensPerSecond ?? null,
    secondsPerStep: time?.seconds ?? null,
    communicationShare: time?.communication ?? null,
    ...(terms === null ? {} : { terms: terms.map((term) => ({ ...term, bytes: Math.round(term.bytes) })) }),
    notes: notesOf(decided).map((note) => say(language, note)),
  };
}
