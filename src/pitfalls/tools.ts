import { findGpu } from "../catalog/gpus.ts";
import type { Job, Package } from "../jobs/job.ts";
import type { Place } from "../readers/source.ts";
import type { Doc, Node } from "../readers/tree.ts";

/** Whether transformers' Trainer fills the DeepSpeed config in and compares it with its arguments. */
export const byTrainer = ({ reader, ds }: Job): boolean => reader === "trainer" && ds !== null;

/** A node below a path, with its dotted path. */
export interface At {
  readonly path: string;
  readonly node: Node;
}

/** Every value of a tree with its path, maps and lists included. */
export function* walk(doc: Doc, path = ""): Generator<At> {
  const root = doc.node(path);
  if (root === null) return;
  const stack: At[] = [{ path, node: root }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    yield at;
    const { node, path: above } = at;
    if (node.kind === "map") {
      for (const { key, value } of node.entries.toReversed())
        stack.push({ path: above === "" ? key : `${above}.${key}`, node: value });
    } else if (node.kind === "list") {
      for (const [index, value] of [...node.items.entries()].toReversed())
        stack.push({ path: `${above}[${index}]`, node: value });
    }
  }
}

/** The places where versions are pinned, of those that are. */
export const pins = (job: Job, ...names: readonly Package[]): readonly Place[] =>
  names.flatMap((name) => job.version(name).place ?? []);

/** The type of a component in a Python config: `type=LinearLR`, `type='LinearLR'`, `type='mmengine.optim.LinearLR'`. */
export function typeName(doc: Doc, path: string): string | null {
  const node = doc.node(path);
  const text =
    node?.kind === "opaque" ? node.text : node?.kind === "scalar" && typeof node.value === "string" ? node.value : null;
  return text === null ? null : (text.split(".").pop() ?? null);
}

/** GPUs that `CUDA_VISIBLE_DEVICES` names; null where it can't be told. */
export function visibleDevices(job: Job): { readonly ids: readonly string[]; readonly place: Place } | null {
  const variable = job.launch?.env("CUDA_VISIBLE_DEVICES") ?? null;
  if (job.launch === null || variable === null || variable.value === null || variable.value === "") return null;
  const ids = variable.value
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  return { ids, place: { source: job.launch.source, key: variable.name, range: variable.range } };
}

/** The card that the person names, or that the script asks Slurm for, if it has no bf16; null for every other card. */
export function cardWithoutBf16({ context, script }: Job): string | null {
  const asked = /^#SBATCH\s+--(?:gres|gpus|gpus-per-node)=(?:gpu:)?([a-z][\w-]*)/im.exec(
    script?.source.text ?? "",
  )?.[1];
  const name = context.gpu ?? asked;
  if (name === undefined) return null;
  const search = findGpu(name);
  const found = search.kind === "found" ? [search.gpu] : search.kind === "ambiguous" ? search.candidates : [];
  return found.length === 0 || found.some((gpu) => gpu.bf16) ? null : name;
}

/** The paths of the schedulers of an mmengine config: one, or a list of them. */
export function schedulerPaths(doc: Doc): readonly string[] {
  const node = doc.node("param_scheduler");
  if (node?.kind === "list") return node.items.map((_, index) => `param_scheduler[${index}]`);
  return node?.kind === "map" ? ["param_scheduler"] : [];
}
