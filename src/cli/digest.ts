import { createHash } from "node:crypto";

/** Node's own SHA-256; see `Digest`. */
export const digest = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
