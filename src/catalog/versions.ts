/** The versions whose names, types and arithmetic the emitters know: from the first, up to but without the second. */
export const engineRanges = {
  transformers: { from: "4.36.0", below: "6.0.0" },
  deepspeed: { from: "0.12.0", below: "0.20.0" },
  xtuner: { from: "0.1.14", below: "2.0.0" },
  flagembedding: { from: "1.3.0", below: "2.0.0" },
} as const;

/** The newest release of each engine that the facts were measured on. */
export const newestKnownGood = {
  transformers: "5.18.0",
  deepspeed: "0.19.6",
  xtuner: "1.0.1",
  flagembedding: "1.4.0",
} as const;
