import type { Method } from "../plan.ts";
import { type Buckets, deepspeedDefaults } from "./job.ts";

/** Elements that are enough for a ring to run at full speed over NVLink or InfiniBand; DeepSpeed's own 5e8 take 2.5 times the room. */
const ENOUGH = 200_000_000;

/** Below this a collective spends its time on latency; it is what a card that is nearly full gets, and a small LoRA. */
const LEAST = 50_000_000;

/** The least that is fetched ahead: the "auto" of transformers, 0.9 h², is a few hundred kB where the hidden size is small. */
const LEAST_PREFETCH = 5_000_000;

/** DeepSpeed's buckets for a job. It allocates them in full, even for the few parameters of an adapter. */
export function bucketsOf(method: Method["kind"], trained: number, hidden: number): Buckets {
  const largest = method === "full" ? ENOUGH : LEAST;
  const reduce = Math.max(LEAST, Math.min(largest, roundUp(trained)));
  return {
    ...deepspeedDefaults,
    reduce,
    allgather: reduce,
    overlap: false,
    prefetch: Math.max(LEAST_PREFETCH, Math.floor(0.9 * hidden * hidden)),
  };
}

/** The same for a card that is nearly full: shorter messages and more launches for about a gigabyte or two. */
export const smallBuckets = (buckets: Buckets): Buckets => ({
  ...buckets,
  reduce: Math.min(buckets.reduce, LEAST),
  allgather: Math.min(buckets.allgather, LEAST),
  subGroup: 1e8,
  maxLive: 3e8,
});

/** Two digits and zeros. */
function roundUp(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / unit) * unit;
}
