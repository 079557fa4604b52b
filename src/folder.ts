import type { EmittedFile } from "./core/file.ts";
import { type Digest, digests, MANIFEST, type Manifest, printManifest } from "./core/manifest.ts";
import type { Plan } from "./core/plan/plan.ts";
import type { JsonStyle } from "./core/print/json.ts";
import { version } from "./version.ts";

/** Puts the manifest next to files that are finished: it holds their digests, so it is made last. */
export function withManifest(
  files: readonly EmittedFile[],
  plan: Plan,
  origin: Pick<Manifest, "name" | "language" | "preset" | "answers" | "modelFile">,
  style: Partial<JsonStyle>,
  digest: Digest,
): readonly EmittedFile[] {
  const manifest = { ...origin, files: digests(files, digest), version };
  return [...files, { path: MANIFEST, text: printManifest(manifest, plan, style) }];
}
