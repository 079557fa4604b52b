import { readFile } from "node:fs/promises";

/** Facts in JSON become one `JSON.parse` of a string, which starts several times faster than the same object in source. */
export function parsedJson() {
  return {
    name: "parsed-json",
    async load(/** @type {string} */ id) {
      if (!/\/(catalog|catalog\/names|presets)\/[\w.-]+\.json$/.test(id)) return null;
      const text = JSON.stringify(JSON.parse(await readFile(id, "utf8")));
      return { code: `export default JSON.parse(${JSON.stringify(text)});`, moduleType: "js" };
    },
  };
}
