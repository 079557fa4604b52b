import { nearest } from "../catalog/nearest.ts";
import type { Job } from "../jobs/job.ts";
import type { Entry } from "../readers/tree.ts";
import { removeKey, renameKey } from "./edits.ts";
import type { Hit } from "./pitfall.ts";

/** A section with more of them is none that a person wrote. */
const MOST = 50;

/** Keys of a section that its schema does not know. The schema is strict from the given release on. */
export function* unknownKeys(
  job: Job,
  section: string,
  known: readonly string[],
  strictSince: string,
  mendable: (entry: Entry) => boolean,
): Iterable<Hit> {
  if (job.ds === null) return;
  const { doc } = job.ds;
  const deepspeed = job.version("deepspeed");
  const lenient = deepspeed.below(strictSince);
  let told = 0;
  for (const entry of doc.entries(section)) {
    const { key } = entry;
    if (known.includes(key)) continue;
    if (++told > MOST) return;
    const path = `${section}.${key}`;
    const near = nearest(key, known, 1)[0];
    yield {
      at: doc.place(path),
      severity: lenient ? "info" : "error",
      says: lenient
        ? {
            en: `${key} has no effect in ${section}; DeepSpeed ${strictSince} and later stop at it${near === undefined ? "" : `. ${near} is probably meant`}`,
            zh: `${key} 在 ${section} 中不起作用；DeepSpeed ${strictSince} 及以上会因此报错${near === undefined ? "" : `。大概是想写 ${near}`}`,
          }
        : {
            en: `${section} does not know ${key}: DeepSpeed${deepspeed.known ? "" : ` ${strictSince} and later`} stops with "Extra inputs are not permitted"${near === undefined ? "" : `; ${near} is probably meant`}`,
            zh: `${section} 不认识 ${key}：DeepSpeed${deepspeed.known ? "" : ` ${strictSince} 及以上`}会以 "Extra inputs are not permitted" 报错退出${near === undefined ? "" : `；大概是想写 ${near}`}`,
          },
      fix: !mendable(entry)
        ? undefined
        : near === undefined
          ? removeKey(doc, path)
          : doc.has(`${section}.${near}`)
            ? undefined
            : renameKey(doc, path, near),
    };
  }
}
