import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text files under a folder of the project, by their path from its root. */
export function sources(folder: string, ending: string): ReadonlyMap<string, string> {
  const paths = readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(ending));
  return new Map(paths.sort().map((path) => [`${folder}/${path}`, readFileSync(`${root}${folder}/${path}`, "utf8")]));
}
