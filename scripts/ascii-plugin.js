/**
 * Writes every character beyond ASCII as an escape: V8 reads a source that holds one Chinese character as two bytes a
 * character throughout, which costs more than the rest of the start.
 */
export function ascii() {
  return {
    name: "ascii",
    // After the minifier, which would write the characters out again.
    generateBundle(
      /** @type {unknown} */ _options,
      /** @type {Record<string, { type: string, code?: string }>} */ bundle,
    ) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.code === undefined) continue;
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
      }
    },
  };
}
