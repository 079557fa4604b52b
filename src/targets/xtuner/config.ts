import type { Context } from "../../core/print/render.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { atLeast, type Version } from "../../core/version.ts";
import { warmupSteps } from "../../core/plan/schedule.ts";
import type { Language } from "../../messages/message.ts";
import { message, say } from "../../messages/message.ts";
import { pythonCount } from "./expression.ts";
import { knownSchedulers, type SchedulerForm, schedulerForms } from "./schedulers.ts";

/** mmengine's config files hold literals only, so a scheduler is its class name and its keyword arguments. */
interface SchedulerEntry {
  readonly type: string;
  /** A Python condition: where the run turns out shorter than its warm-up there is nothing left to decay over. */
  readonly when: string | null;
  readonly args: Readonly<Record<string, unknown>>;
}

const LOG_EVERY_STEPS = 1;
const KEEP_CHECKPOINTS = 3;

/** The values of `templates/xtuner/config.py.hbs`: XTuner 0.1 and 0.2, a job whose length the plan or the data tells. */
export function xtunerContext(plan: Plan, language: Language, header: string): Context {
  const { batch, method, model, optimizer, precision, schedule, task } = plan;
  if (task.kind !== "sft") throw new Error("XTuner is written for SFT; the plan refuses this target");
  const schedulers = plan.length.kind === "epochs" ? fromRows(plan) : fromTotal(plan, plan.length.total);
  return {
    language,
    header,
    messages: {
      worldSize: say(language, message("xtuner.wrongWorld", { world: batch.world })),
    },
    outputDir: plan.outputDir,
    worldSize: batch.world,
    data: plan.data,
    model: { path: model.path, trustRemoteCode: model.family.loading.kind === "remote-code" },
    promptTemplate: model.family.xtunerTemplate,
    // Remote code knows neither; sdpa needs nothing to be built.
    attention: model.family.loading.kind === "remote-code" ? "eager" : "sdpa",
    gradientCheckpointing: true,
    seqLen: task.seqLen,
    packing: task.packing,
    lossAsText: readsLossAsText(plan.versions.xtuner),
    microBatch: batch.micro,
    accumulation: batch.accumulation,
    lr: schedule.peakLr,
    betas: [optimizer.beta1, optimizer.beta2],
    optimizerEps: optimizer.epsilon,
    weightDecay: optimizer.weightDecay,
    maxGradNorm: optimizer.maxGradNorm,
    dtype: { bf16: "bfloat16", fp16: "float16", fp32: "float32" }[precision.kind],
    lora: method.kind === "full" ? null : method,
    qlora: method.kind === "qlora",
    seed: plan.seed,
    logIters: LOG_EVERY_STEPS * batch.accumulation,
    saveIters: plan.saveSteps * batch.accumulation,
    keepCheckpoints: KEEP_CHECKPOINTS,
    epochs: null,
    schedulerTypes: [...new Set(schedulers.schedulers.map((entry) => entry.type))].sort(),
    ...schedulers,
  };
}

/** Whether XTuner stops at a message without a text `loss`. Source: InternLM/xtuner openai_map_fn.py (v0.1.22, v0.1.23). */
const readsLossAsText = ([major, minor, patch]: Version): boolean => major === 0 && minor === 1 && patch >= 22;

type ScheduleContext = {
  readonly schedulers: readonly SchedulerEntry[];
  readonly iterations: number | string;
  readonly rowsForm: Readonly<Record<string, unknown>> | null;
};

function fromTotal(plan: Plan, total: Parameters<typeof knownSchedulers>[1]): ScheduleContext {
  return {
    schedulers: knownSchedulers(plan, total).map(({ type, begin, end, ...args }) => ({
      type,
      when: null,
      args: { ...args, by_epoch: false, begin, end },
    })),
    iterations: total * plan.batch.accumulation,
    rowsForm: null,
  };
}

/** The data decides the length, so the config counts its rows and puts the schedule together from them when it is loaded. */
function fromRows(plan: Plan): ScheduleContext {
  const { batch, length, schedule } = plan;
  const epochs = length.kind === "epochs" ? length.epochs : 1;
  const { warmup } = schedule;
  const forms = schedulerForms(plan);
  const entry = ({ begin, end, type, ...args }: SchedulerForm, when: string | null): SchedulerEntry => ({
    type,
    when,
    args: { ...mapValues(args, pythonNumber), by_epoch: "False", begin: pythonCount(begin), end: pythonCount(end) },
  });
  const none = warmup.kind === "none";
  const withoutWarmup = (form: SchedulerForm): SchedulerForm =>
    none ? { ...form, begin: { ...form.begin, warmup: 0 }, end: { ...form.end, warmup: 0 } } : form;
  return {
    schedulers: [
      ...(forms.warmup === null || none ? [] : [entry(forms.warmup, null)]),
      ...(forms.decay === null
        ? []
        : [entry(withoutWarmup(forms.decay), none ? null : "warmup_steps < optimizer_steps")]),
    ],
    iterations: pythonCount({ total: batch.accumulation, warmup: 0, decay: 0, constant: 0 }),
    rowsForm: {
      globalBatch: batch.global,
      // As the Trainer of an older transformers counts, so that both trainers run the same number of steps.
      floors: plan.targets.includes("hf") && !atLeast(plan.versions.transformers, "4.52"),
      globalMicroBatch: batch.micro * batch.world,
      accumulation: batch.accumulation,
      epochs,
      wholeEpochs: Number.isInteger(epochs),
      warmupRatio: warmup.kind === "ratio" && schedule.shape.name !== "constant" ? warmup.ratio : null,
      warmupSteps: warmup.kind === "steps" ? warmupSteps(warmup, warmup.steps) : null,
    },
  };
}

const mapValues = (
  values: Readonly<Record<string, unknown>>,
  change: (value: unknown) => string,
): Record<string, string> => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

const pythonNumber = (value: unknown): string => String(value);
