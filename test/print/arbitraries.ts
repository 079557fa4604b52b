import fc from "fast-check";
import type { JsonValue } from "../../src/core/print/json.ts";

/** Characters that some format or tool treats specially. */
const awkward = fc.constantFrom(
  ..." \t\n\r\v\f\0\u001b\u007f\u0085\u00a0\u2028\u2029\u202e\u200b\ufeff\ufffe\uffff\ud800\udc00",
  ..."'\"`\\#:-?,[]{}&*!|>%@~=+.<_$()/;",
  ..."配置，。（）「」ー한é̀",
  "👩‍👧",
  "❤️",
  "\r\n",
  "://",
  "www.",
  "01",
);

/** Texts another reader might take for something else than a text. */
const lookalike = fc.constantFrom(
  ..."yes No ON off y N null Null ~ true FALSE .inf -.INF .nan = << - -- --- ... ? :".split(" "),
  ..."1 1.5 1e5 1e-5 1.e+3 .5 010 0o10 0x1F 0b1 1_000 +1 -0 1:20 1:20:30.5 2024-01-01".split(" "),
  ..."2024-01-01T00:00:00Z !!int *a &a %YAML @a `a a:b a: a#b http://x/y ./a ../b /c .d".split(" "),
  "",
  " a",
  "a ",
  "a #b",
  "a: b",
  "a  b",
  "# a",
  "a\nb",
  "__proto__",
  "constructor",
  "Qwen/Qwen2.5-7B",
);

/** Texts: ordinary, full of awkward characters, or looking like another type. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: awkward, maxLength: 12 }),
  fc.string({ unit: fc.oneof(awkward, fc.constantFrom(..."ab1 ")), maxLength: 40 }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  lookalike,
);

/** Finite numbers of every size, most of them of the kind a config has. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -1000, max: 100_000 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -0.01, max: 0.01 }),
  fc.constantFrom(1e-5, 2.5e-6, 5e-324, 1e21, 1e20, -1e300, -0, 0.001, 0.0009, 2 ** 53),
);

const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(texts, numbers, fc.boolean(), fc.constant(null)),
    fc.array(numbers, { maxLength: 40 }),
    fc.array(fc.string({ maxLength: 12 }), { maxLength: 12 }),
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.array(
      fc.dictionary(fc.string({ maxLength: 5 }), tie("tree"), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      { maxLength: 4 },
    ),
    fc.dictionary(texts, tie("tree"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** Values of every shape: nested, empty, long lists of numbers, awkward keys. */
export const values: fc.Arbitrary<JsonValue> = tree;

/** A config as the product prints it: 40 keys, nested three deep. */
export const config: JsonValue = {
  zero_optimization: {
    stage: 3,
    overlap_comm: true,
    reduce_bucket_size: "auto",
    sub_group_size: 1e9,
    offload_optimizer: { device: "cpu", pin_memory: true, nvme_path: "/local_nvme", ratio: 0.3 },
    offload_param: { device: "none", pin_memory: false, buffer_count: 5, buffer_size: 1e8 },
    stage3_max_live_parameters: 1e9,
    stage3_gather_16bit_weights_on_model_save: true,
  },
  optimizer: {
    type: "AdamW",
    params: { lr: 1e-5, betas: [0.9, 0.95], eps: 1e-8, weight_decay: 0.1 },
  },
  scheduler: {
    type: "WarmupDecayLR",
    params: { warmup_min_lr: 0, warmup_num_steps: 100, total_num_steps: 1000 },
  },
  bf16: { enabled: true },
  fp16: { enabled: false, loss_scale: 0, initial_scale_power: 16 },
  gradient_clipping: 1,
  train_micro_batch_size_per_gpu: 4,
  gradient_accumulation_steps: 8,
  train_batch_size: 256,
  steps_per_print: 10,
  target_modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  dataset: { path: "数据/train.jsonl", template: "qwen", cutoff: 4096, packing: false },
};
