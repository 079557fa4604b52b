import type { Place } from "../readers/source.ts";
import type { Job } from "./job.ts";
import { baseOf } from "./paths.ts";

/** A value with the place that says it. */
export interface Said<T> {
  readonly value: T;
  readonly place: Place;
}

/** The ZeRO stage of a job: of its DeepSpeed file, of accelerate's, or of a config that the framework ships by name. */
export function zeroStage(job: Job): Said<number> | null {
  const { ds, accelerate, args, dsNamed } = job;
  if (ds !== null) {
    const stage = ds.doc.value("zero_optimization.stage");
    const number =
      typeof stage === "number" ? stage : typeof stage === "string" && /^\d$/.test(stage) ? Number(stage) : null;
    if (number !== null) return { value: number, place: ds.doc.place("zero_optimization.stage") };
    return ds.doc.has("zero_optimization") && stage === undefined
      ? { value: 0, place: ds.doc.place("zero_optimization") }
      : null;
  }
  const inline = accelerate?.doc.number("deepspeed_config.zero_stage");
  if (accelerate != null && inline !== undefined)
    return { value: inline, place: accelerate.doc.place("deepspeed_config.zero_stage") };
  const [, shipped] = /zero-?_?([0-3])/i.exec(dsNamed?.found === true ? "" : (dsNamed?.text ?? "")) ?? [];
  if (dsNamed !== null && shipped !== undefined) return { value: Number(shipped), place: dsNamed.place };
  const flag = job.launch?.own.number("zero_stage") ?? args?.number("zero_stage");
  return flag === undefined || args === null ? null : { value: flag, place: args.place("zero_stage") };
}

/** Whether DeepSpeed runs the job. */
export const usesDeepSpeed = ({ ds, dsNamed, args, accelerate, launch }: Job): boolean =>
  ds !== null ||
  dsNamed !== null ||
  launch?.launcher === "deepspeed" ||
  args?.on("deepspeed") === true ||
  launch?.own.on("use_deepspeed") === true ||
  accelerate?.doc.value("distributed_type") === "DEEPSPEED";

export type Precision = "fp16" | "bf16";

/** A precision that something switches on: the arguments, the DeepSpeed file by a literal true, accelerate. */
export function precisionOn(job: Job, precision: Precision): Said<true> | null {
  const { args, ds, accelerate, launch } = job;
  if (args?.on(precision) === true) return { value: true, place: args.place(precision) };
  if (ds?.doc.value(`${precision}.enabled`) === true)
    return { value: true, place: ds.doc.place(`${precision}.enabled`) };
  for (const name of ["torch_dtype", "dtype", "mixed_precision"]) {
    const value = args?.value(name);
    if (args != null && typeof value === "string" && DTYPES[precision].test(value))
      return { value: true, place: args.place(name) };
  }
  if (launch !== null && launch.own.value("mixed_precision") === precision)
    return { value: true, place: launch.own.place("mixed_precision") };
  if (accelerate?.doc.value("mixed_precision") === precision)
    return { value: true, place: accelerate.doc.place("mixed_precision") };
  return null;
}

const DTYPES = { fp16: /^(?:fp16|float16|half)$/, bf16: /^(?:bf16|bfloat16)$/ };

/** The model's name or path. */
export function modelName(job: Job): Said<string> | null {
  const { args, xtuner } = job;
  for (const name of ["model_name_or_path", "pretrained_model_name_or_path", "model_name", "model_path"]) {
    const value = args?.value(name);
    if (args != null && typeof value === "string") return { value, place: args.place(name) };
  }
  const value = xtuner?.doc.text("pretrained_model_name_or_path");
  return xtuner == null || value === undefined
    ? null
    : { value, place: xtuner.doc.place("pretrained_model_name_or_path") };
}

/** Whether the job trains adapters: null where nothing tells. */
export function usesAdapters({ args, dialect }: Job): boolean | null {
  if (args === null) return null;
  const kind =
    args.text("finetuning_type") ??
    args.text("train_type") ??
    args.text("tuner_type") ??
    args.text("sft_type") ??
    args.text("adapter");
  if (kind !== undefined) return /^full$/i.test(kind) ? false : /lora|oft|adapter|freeze/i.test(kind) ? true : null;
  if (
    args.has("lora_rank") ||
    args.has("lora_r") ||
    args.has("lora_alpha") ||
    args.has("lora_target") ||
    args.has("lora_dim")
  )
    return true;
  if (["use_lora", "use_peft", "lora_enable", "lora", "q_lora", "qlora", "peft"].some((name) => args.on(name)))
    return true;
  if (["use_lora", "use_peft", "lora_enable"].some((name) => args.exactly(name) !== null)) return false;
  if (dialect === "axolotl") return false;
  // ms-swift and LLaMA-Factory train LoRA unless told otherwise.
  return dialect === "swift" || dialect === "llamafactory" ? true : null;
}

/** Processes on this node, as far as the launch says so. */
export function processesPerNode(job: Job): Said<number> | null {
  const { launch, accelerate } = job;
  if (launch === null) return null;
  const { own, launcher } = launch;
  const of = (name: string): Said<number> | null => {
    const value = own.number(name);
    return value === undefined ? null : { value, place: own.place(name) };
  };
  switch (launcher) {
    case "torchrun":
      return (
        of("nproc_per_node") ??
        of("nproc-per-node") ??
        (own.exactly("nproc_per_node") === null ? { value: 1, place: launch.place } : null)
      );
    case "deepspeed": {
      const include = own.text("include");
      const slots = include === undefined ? null : /^[\w.-]+:([\d,]+)$/.exec(include)?.[1];
      return of("num_gpus") ?? (slots == null ? null : { value: slots.split(",").length, place: own.place("include") });
    }
    case "accelerate": {
      const machines = own.number("num_machines") ?? accelerate?.doc.number("num_machines") ?? 1;
      const flag = of("num_processes");
      if (flag !== null) return { ...flag, value: flag.value / machines };
      const value = accelerate?.doc.number("num_processes");
      return accelerate == null || value === undefined
        ? null
        : { value: value / machines, place: accelerate.doc.place("num_processes") };
    }
    case "python":
      return { value: 1, place: launch.place };
    case "xtuner":
    case "swift":
    case "llamafactory-cli": {
      const variable = launch.env("NPROC_PER_NODE");
      const value = Number(variable?.value ?? Number.NaN);
      return variable === null || !Number.isInteger(value)
        ? null
        : { value, place: { source: launch.source, key: variable.name, range: variable.range } };
    }
    case "axolotl":
      return null;
  }
}

/** Nodes, as far as the launch says so. */
export function nodesOf(job: Job): Said<number> | null {
  const { launch, accelerate } = job;
  if (launch === null) return null;
  for (const name of ["nnodes", "num_nodes", "num_machines"]) {
    const value = launch.own.number(name);
    if (value !== undefined) return { value, place: launch.own.place(name) };
    if (launch.own.exactly(name) !== null) return null;
  }
  const value = accelerate?.doc.number("num_machines");
  if (accelerate != null && value !== undefined) return { value, place: accelerate.doc.place("num_machines") };
  if (launch.own.exactly("hostfile") !== null || job.hosts !== null) return null;
  return { value: 1, place: launch.place };
}

/** Processes over the hosts that DeepSpeed's launcher is told of; null where it is told of none that are known. */
function slotsOf({ launch, hosts }: Job): Said<number> | null {
  if (launch?.launcher !== "deepspeed" || hosts === null) return null;
  const { own } = launch;
  const narrowed = ["include", "exclude"].some((name) => own.exactly(name) !== null);
  if (narrowed || baseOf(own.text("hostfile") ?? "") !== baseOf(hosts.source.path)) return null;
  const gpus = own.number("num_gpus");
  const used = hosts.slots.slice(0, own.number("num_nodes") ?? hosts.slots.length);
  return { value: used.reduce((sum, slots) => sum + (gpus ?? slots), 0), place: own.place("hostfile") };
}

/** Processes of the whole job: what the person says, else what the launch says. */
export function worldSize(job: Job): Said<number> | null {
  const { context } = job;
  const [processes, nodes] = [processesPerNode(job), nodesOf(job)];
  const place = processes?.place ?? job.launch?.place ?? job.ds?.doc.place("train_batch_size");
  if (context.gpus !== undefined && place !== undefined) return { value: context.gpus, place };
  const slots = slotsOf(job);
  if (slots !== null) return slots;
  return processes === null || nodes === null ? null : { value: processes.value * nodes.value, place: processes.place };
}
