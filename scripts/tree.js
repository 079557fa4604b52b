// Fills a folder with config files of every kind that `check` reads, good and bad ones, the same for the same number.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generate } from "../dist/index.js";

const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 2)}\n`;
const shapes = ["cosine", "linear", "constant_with_warmup"];
const pick = (/** @type {readonly any[]} */ list, /** @type {number} */ index) => list[index % list.length];

/** What stands in a DeepSpeed file of a real project, with a scheduler of its own in every second one. */
const deepspeed = (/** @type {number} */ index) => ({
  fp16: {
    enabled: "auto",
    loss_scale: 0,
    loss_scale_window: 1000,
    initial_scale_power: 16,
    hysteresis: 2,
    min_loss_scale: 1,
  },
  bf16: { enabled: "auto" },
  optimizer: { type: "AdamW", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } },
  ...(index % 2 === 0
    ? {}
    : {
        scheduler: {
          type: "WarmupLR",
          params: { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto" },
        },
      }),
  zero_optimization: {
    stage: 2 + (index % 2),
    offload_optimizer: { device: "cpu", pin_memory: true },
    overlap_comm: index % 3 === 0,
    contiguous_gradients: true,
    reduce_bucket_size: "auto",
    stage3_gather_16bit_weights_on_model_save: true,
  },
  gradient_accumulation_steps: "auto",
  gradient_clipping: "auto",
  steps_per_print: 100 + index,
  train_batch_size: "auto",
  train_micro_batch_size_per_gpu: "auto",
});

const argumentsOf = (/** @type {number} */ index) => ({
  output_dir: `out/run-${index}`,
  per_device_train_batch_size: pick([1, 2, 4, 8], index),
  gradient_accumulation_steps: pick([1, 4, 16], index),
  learning_rate: pick([1e-5, 2e-5, 5e-6], index),
  lr_scheduler_type: pick(shapes, index),
  warmup_ratio: 0.03,
  num_train_epochs: 3,
  bf16: true,
  gradient_checkpointing: true,
  deepspeed: "ds_config.json",
});

const flags = (/** @type {object} */ args, join = " \\\n  ") =>
  Object.entries(args)
    .map(([key, value]) => `--${key} ${value}`)
    .join(join);

const yaml = (/** @type {object} */ args) =>
  Object.entries(args)
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? `[${value.join(", ")}]` : value}\n`)
    .join("");

/** @type {readonly ((index: number) => Readonly<Record<string, string>>)[]} */
const kinds = [
  // A launch script with its DeepSpeed file.
  (index) => ({
    "ds_config.json": json(deepspeed(index)),
    "finetune.sh": `#!/bin/bash\nexport CUDA_DEVICE_MAX_CONNECTIONS=1\nMODEL="Qwen/Qwen-7B"\nGPUS=\${GPUS:-8}\nDISTRIBUTED_ARGS="\n    --nproc_per_node $GPUS \\\n    --nnodes 1 \\\n    --master_port ${6000 + (index % 1000)}\n"\n# run ${index}\ntorchrun $DISTRIBUTED_ARGS finetune.py \\\n  --model_name_or_path $MODEL \\\n  ${flags(argumentsOf(index))}\n`,
  }),
  // HfArgumentParser, JSON and YAML.
  (index) => ({
    "args.json": json({ model_name_or_path: "bert-base-uncased", ...argumentsOf(index) }),
    "ds_config.json": json(deepspeed(index + 1)),
  }),
  (index) => ({
    "args.yaml": yaml({ model_name_or_path: "gpt2", ...argumentsOf(index), learning_rate: "1.0e-5" }),
    "ds_config.json": json(deepspeed(index)),
  }),
  (index) => ({
    "llama_factory.yaml": `### model\nmodel_name_or_path: Qwen/Qwen2.5-7B-Instruct\ntrust_remote_code: true\n\n### method\nstage: sft\ndo_train: true\nfinetuning_type: ${pick(["lora", "full"], index)}\nlora_target: all\n\n### dataset\ndataset: identity\ntemplate: qwen\ncutoff_len: ${2048 + index}\n\n### train\n${yaml({ ...argumentsOf(index), learning_rate: "1.0e-4" })}`,
    "ds_config.json": json(deepspeed(index)),
  }),
  (index) => ({
    "axolotl.yml": `base_model: NousResearch/Llama-2-7b-hf\ndatasets:\n  - path: mhenrichsen/alpaca_2k_test\n    type: alpaca\nsequence_len: ${4096 + index}\nadapter: lora\nlora_r: 32\nmicro_batch_size: 2\ngradient_accumulation_steps: 4\nnum_epochs: 4\noptimizer: adamw_bnb_8bit\nlr_scheduler: ${pick(["cosine", "linear"], index)}\nlearning_rate: 0.0002\nbf16: auto\nwarmup_steps: 10\ndeepspeed: ds_config.json\n`,
    "ds_config.json": json({ ...deepspeed(0), steps_per_print: index + 1 }),
  }),
  (index) => ({
    "swift.sh": `NPROC_PER_NODE=4 \\\nCUDA_VISIBLE_DEVICES=0,1,2,3 \\\nswift sft \\\n  --model Qwen/Qwen2.5-7B-Instruct \\\n  --train_type lora \\\n  --torch_dtype bfloat16 \\\n  --num_train_epochs ${1 + (index % 5)} \\\n  --per_device_train_batch_size 1 \\\n  --learning_rate 1e-4 \\\n  --deepspeed zero2 \\\n  --output_dir out/${index}\n`,
  }),
  (index) => ({
    "accelerate.yaml": `compute_environment: LOCAL_MACHINE\ndebug: false\ndeepspeed_config:\n  gradient_accumulation_steps: ${1 + (index % 8)}\n  offload_optimizer_device: none\n  zero3_init_flag: true\n  zero_stage: 3\ndistributed_type: DEEPSPEED\nmachine_rank: 0\nmixed_precision: bf16\nnum_machines: 1\nnum_processes: 8\n`,
    "launch.sh": `accelerate launch --config_file accelerate.yaml train.py \\\n  ${flags({ ...argumentsOf(index), deepspeed: undefined }).replace(" \\\n  --deepspeed undefined", "")}\n`,
  }),
  (index) => ({
    "train.py": `import torch\nfrom transformers import AutoModelForCausalLM, Trainer, TrainingArguments\n\n\ndef main():\n    model = AutoModelForCausalLM.from_pretrained("gpt2")\n    args = TrainingArguments(\n        output_dir="out/${index}",\n        per_device_train_batch_size=${1 + (index % 8)},\n        learning_rate=2e-5,\n        bf16=True,\n        lr_scheduler_type="${pick(shapes, index)}",\n        warmup_ratio=0.03,\n    )\n    Trainer(model=model, args=args).train()\n\n\nif __name__ == "__main__":\n    main()\n`,
  }),
  (index) => ({
    "xtuner_config.py": `from mmengine.optim import AmpOptimWrapper, CosineAnnealingLR, LinearLR\nfrom torch.optim import AdamW\nfrom xtuner.engine.runner import TrainLoop\n\npretrained_model_name_or_path = 'internlm/internlm2-chat-7b'\nbatch_size = 1\naccumulative_counts = ${16 + (index % 16)}\nmax_epochs = 3\nlr = 2e-4\nwarmup_ratio = 0.03\noptim_wrapper = dict(\n    type=AmpOptimWrapper,\n    optimizer=dict(type=AdamW, lr=lr, betas=(0.9, 0.999), weight_decay=0),\n    clip_grad=dict(max_norm=1, error_if_nonfinite=False),\n    accumulative_counts=accumulative_counts,\n    loss_scale='dynamic',\n    dtype='float16')\nparam_scheduler = [\n    dict(type=LinearLR, start_factor=1e-5, by_epoch=True, begin=0, end=warmup_ratio * max_epochs, convert_to_iter_based=True),\n    dict(type=CosineAnnealingLR, eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, ${pick(["end=max_epochs", "T_max=max_epochs"], index)}, convert_to_iter_based=True)\n]\ntrain_cfg = dict(type=TrainLoop, max_epochs=max_epochs)\n`,
  }),
  (index) => ({
    "embedder.sh": `torchrun --nproc_per_node ${1 + (index % 8)} -m FlagEmbedding.finetune.embedder.encoder_only.base --model_name_or_path BAAI/bge-large-en-v1.5 --train_data ./data --train_group_size 8 --query_max_len 64 --passage_max_len 512 --output_dir out/${index} --learning_rate 1e-5 --fp16 --num_train_epochs 2 --per_device_train_batch_size 4 --deepspeed ds_config.json --warmup_ratio 0.1 --negatives_cross_device --temperature 0.02\n`,
    "ds_config.json": json(deepspeed(index)),
  }),
  (index) => ({
    hostfile: Array.from({ length: 2 + (index % 6) }, (_, node) => `node-${node} slots=8\n`).join(""),
    "run.sh": `deepspeed --hostfile hostfile --master_port ${20000 + (index % 5000)} train.py \\\n  ${flags(argumentsOf(index))}\n`,
    "ds_config.json": json(deepspeed(index)),
    "requirements.txt": `torch==2.4.0\ntransformers==4.${30 + (index % 20)}.0\ndeepspeed>=0.14\n`,
  }),
  // What the generator writes.
  (index) => {
    const made = generate({
      preset: pick(["qwen-7b", "qwen2-72b", "bge"], index),
      answers: { seed: index },
      name: `run-${index}`,
    });
    if (!made.ok) throw new Error("a preset is refused");
    return Object.fromEntries(made.files.map(({ path: name, text }) => [name, text]));
  },
];

/** Files of jobs, each in a folder of its own, until there are `count` of them; those that are no configs count as well. */
export function makeTree(/** @type {string} */ folder, /** @type {number} */ count) {
  let made = 0;
  for (let index = 0; made < count; index++) {
    const job = path.join(folder, `project-${Math.floor(index / 50)}`, `job-${index}`);
    mkdirSync(job, { recursive: true });
    for (const [name, text] of Object.entries(pick(kinds, index)(Math.floor(index / kinds.length)))) {
      if (made === count) break;
      mkdirSync(path.dirname(path.join(job, name)), { recursive: true });
      writeFileSync(path.join(job, name), text);
      made += 1;
    }
  }
}
