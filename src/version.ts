import manifest from "../package.json" with { type: "json" };

/** The tool's own version. */
export const version: string = manifest.version;
