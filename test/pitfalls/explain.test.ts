import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pitfalls } from "../../src/pitfalls/all.ts";
import { findPitfalls } from "../../src/pitfalls/explain.ts";
import { pitfallPages } from "../../src/pitfalls/page.ts";
import { root } from "../core/files.ts";

/** What engines and trainers print, and the pitfall that it points at. */
const printed: readonly (readonly [string, string])[] = [
  ["torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB", "does-not-fit"],
  ["tried to get lr value before scheduler/optimizer started stepping, returning lr=0", "fp16-lr-zero-log"],
  ["- ds train_micro_batch_size_per_gpu=4 vs hf per_device_train_batch_size=2", "batch-mismatch-hf"],
  ["- ds gradient_accumulation_steps=8 vs hf gradient_accumulation_steps=8", "string-number"],
  ["- ds scheduler.params.total_num_steps=10000 vs hf num_training_steps (calculated)=58", "schedule-mismatch-hf"],
  ["- ds optimizer.params.lr=3e-05 vs hf learning_rate=1e-05", "lr-mismatch-hf"],
  ["- ds bf16.enabled=True vs hf bf16|bf16_full_eval=False", "precision-mismatch-hf"],
  ["AssertionError: Check batch related parameters. train_batch_size is not equal to micro_batch_per_gpu * gradient_acc_step * world_size 8 != 2 * 1 * 1", "batch-size-mismatch"],
  ["AssertionError: Either train_batch_size or train_micro_batch_size_per_gpu needs to be provided", "batch-undefined"],
  ["pydantic_core._pydantic_core.ValidationError: 5 validation errors for DeepSpeedBF16Config", "bf16-extra-keys"],
  ["pydantic_core._pydantic_core.ValidationError: 1 validation error for DeepSpeedFP16Config\nopt_level", "fp16-extra-keys"],
  ["Extra inputs are not permitted [type=extra_forbidden, input_value=True, input_type=bool]", "zero-unknown-key"],
  ["Input should be a valid integer, got a number with a fractional part [type=int_from_float, input_value=15099494.4]", "bucket-not-integer"],
  ["Exception: Current loss scale already at minimum - cannot decrease scale anymore. Exiting run.", "fp16-on-bf16-model"],
  ["AssertionError: bfloat16 and fp16 modes cannot be simultaneously enabled", "precision-both-enabled"],
  ["ValueError: At most one of fp16 and bf16 can be True, but not both", "precision-both-enabled"],
  ["TypeError: __init__() missing 1 required positional argument: 'total_num_steps'", "ds-total-steps-missing"],
  ["TypeError: WarmupCosineLR.__init__() got an unexpected keyword argument 'warmup_min_lr'", "ds-warmupcosine-params"],
  ["AssertionError: DeepSpeed does not recognize LR scheduler CosineAnnealingLR", "ds-unknown-scheduler"],
  ["ValueError: warmup_num_steps must be a positive integer, got 0", "ds-warmup-steps-degenerate"],
  ["ValueError: 'max_grad_norm' is not supported as an optimizer parameter, please switch to using the deepspeed parameter 'gradient_clipping'", "ds-optimizer-max-grad-norm"],
  ["ValueError: ZeRO inference only makes sense with ZeRO Stage 3 - please adjust your config", "zero-inference-needs-stage3"],
  ["deepspeed.runtime.zero.utils.ZeRORuntimeException: You are using ZeRO-Offload with a client provided optimizer", "offload-client-optimizer"],
  ["AssertionError: You are using an untested ZeRO Optimizer.", "zero-untested-optimizer"],
  ["size mismatch for embed.weight: copying a param with shape torch.Size([0]) from checkpoint", "zero3-no-gather-save"],
  ["ValueError: DeepSpeed Zero-3 is not compatible with passing a `device_map`.", "zero3-device-map"],
  ["RuntimeError: Expected to mark a variable ready only once.", "gc-ddp-unused-params"],
  ["ValueError: Attempting to unscale FP16 gradients.", "fp16-weights-with-amp"],
  ["ValueError: Your setup doesn't support bf16/gpu.", "bf16-on-pre-ampere"],
  ["TypeError: TrainingArguments.__init__() got an unexpected keyword argument 'evaluation_strategy'", "hf-eval-strategy-renamed"],
  ["TypeError: TrainingArguments.__init__() got an unexpected keyword argument 'warmup_ratio'", "hf-arg-removed-v5"],
  ["ValueError: Some specified arguments are not used by the HfArgumentParser: ['--finetune_type', 'lora']", "hf-unknown-arg"],
  ["ValueError: --load_best_model_at_end requires the saving steps to be a round multiple of the evaluation steps", "load-best-steps-multiple"],
  ["ValueError: --load_best_model_at_end requires the save and eval strategy to match", "load-best-mismatch"],
  ["[WARNING] [runner.py:196:fetch_hostfile] Detected CUDA_VISIBLE_DEVICES=2,4,5,7 but ignoring it because one or several of --include", "launcher-cvd-conflict"],
  ["ValueError: Cannot specify num_nodes/gpus with include/exclude", "launcher-include-num-gpus"],
  ["ValueError: DeepSpeed is not compatible with MP / device_map. n_gpu: 8, local_world_size: 1.", "swift-nproc-mismatch"],
  ["ValueError: Please use `FORCE_TORCHRUN=1` to launch DeepSpeed training.", "ds-plain-python-launch"],
  ["RuntimeError: The server socket has failed to listen on any local network address. EADDRINUSE", "master-port-shared"],
  ["ValueError: Expected a string path to an existing deepspeed config, or a dictionary, or a base64 encoded string. Received: ds.json", "ds-config-not-found"],
  ["ValueError: When using `deepspeed_config_file`, the following accelerate config variables will be ignored: ['zero_stage']", "accelerate-ds-file-conflict"],
  ["ValueError: The config file at a.yaml had unknown keys (['lr_scheduler'])", "accelerate-unknown-key"],
  ["run.sh: line 14: --num_train_epochs: command not found", "shell-missing-backslash"],
  ["TypeError: '<=' not supported between instances of 'float' and 'str'", "yaml-sci-string"],
  ["RuntimeError: The expanded size of the tensor (1024) must match the existing size (512) at non-singleton dimension 1", "embedding-max-len-exceeds-model"],
  ["No module named 'FlagEmbedding.baai_general_embedding'", "flagembedding-old-module"],
  ["AttributeError: 'EncoderOnlyEmbedderTrainer' object has no attribute 'tokenizer'", "flagembedding-transformers5"],
  ["{'loss': 0.0, 'grad_norm': 1.4142135381698608, 'learning_rate': 1e-05}", "nan-shown-as-zero"],
  ["{'loss': 0.0, 'grad_norm': nan, 'learning_rate': 9.9e-06}", "nan-shown-as-zero"],
  ["AssertionError: Check batch related parameters. train_batch_size is not equal to micro_batch_per_gpu * gradient_acc_step * world_size 32 != 4 * 1 * 1", "batch-size-mismatch"],
  ["- ds scheduler.params.warmup_num_steps=100 vs hf warmup_steps=0", "schedule-mismatch-hf"],
  ["- ds scheduler.params.warmup_max_lr=3e-05 vs hf learning_rate=1e-05", "lr-mismatch-hf"],
  ["- ds fp16.enabled=True vs hf fp16|fp16_full_eval+fp16_backend(amp)=False", "precision-mismatch-hf"],
  ["- ds gradient_clipping=0.5 vs hf max_grad_norm=1.0", "batch-mismatch-hf"],
  ["ValueError: Please correct the following DeepSpeed config values that mismatch TrainingArguments values:", "batch-mismatch-hf"],
  ["ValueError: `--mixed_precision` arg cannot be set to `bf16` when `fp16` is set in the DeepSpeed config file.", "precision-mismatch-hf"],
  ["ValueError: `optimizer.params.lr` not found in kwargs. Please specify it without `auto` (set to correct value) in the DeepSpeed config file or pass it in kwargs.", "auto-outside-hf"],
  ["[2024-03-01 10:00:00,000] [INFO] [loss_scaler.py:183:update_scale] [deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 65536, reducing to 32768", "fp16-on-bf16-model"],
  ["[deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 4294967296, reducing to 2147483648", "initial-scale-power-high"],
  ["TypeError: DeepSpeedZeroOptimizer is not an Optimizer", "ds-unknown-scheduler"],
  ["ValueError: --adafactor was passed, but also found `optimizer` configured in the DeepSpeed config. Only one optimizer can be configured.", "hf-optim-conflict"],
  ["ValueError: 'warmup_cosine' is not a valid SchedulerType, please select one of ['linear', 'cosine']", "hf-unknown-schedule"],
  ["ValueError: One of min_lr or min_lr_rate should be set through `lr_scheduler_kwargs`", "cosine-min-lr-kwargs"],
  ["ValueError: warmup_steps must be of type int and must be 0 or a positive integer.", "warmup-steps-fraction"],
  ["TypeError: TrainingArguments.__init__() got an unexpected keyword argument 'eval_strategy'", "hf-arg-too-new"],
  ["FutureWarning: `evaluation_strategy` is deprecated and will be removed in version 4.46 of 🤗 Transformers. Use `eval_strategy` instead", "hf-eval-strategy-renamed"],
  ["ValueError: Some specified arguments are not used by the HfArgumentParser: ['--overwrite_output_dir']", "hf-arg-removed-v5"],
  ["json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 12 column 5 (char 301)", "json-trailing-comma"],
  ["ValueError: Duplicate keys in DeepSpeed config: ['fp16']", "json-duplicate-key"],
  ["json.decoder.JSONDecodeError: Extra data: line 40 column 1 (char 911)", "json-syntax"],
  ["torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use", "master-port-shared"],
  ["ValueError: No slot '5' specified on host 'localhost'", "launcher-cvd-slots"],
  ["train.py: error: unrecognized arguments: --deepspeed ds.json\nusage: torchrun [-h]\ntorchrun: error: unrecognized arguments: --learning_rate", "launcher-arg-misplaced"],
  ["ModuleNotFoundError: No module named 'mpi4py'", "ds-plain-python-launch"],
  ["ValueError: The train_dataset does not implement __len__, max_steps has to be specified. The number of steps needs to be known in advance for the learning rate scheduler.", "streaming-needs-max-steps"],
  ["ValueError: Please specify `max_steps` in streaming mode.", "streaming-needs-max-steps"],
  ["ValueError: `pure_bf16` is incompatible with DeepSpeed ZeRO-3.", "pure-bf16-zero3"],
  ["ValueError: Unsloth is incompatible with DeepSpeed ZeRO-3.", "zero3-unsloth"],
  ["ValueError: `predict_with_generate` is incompatible with DeepSpeed ZeRO-3.", "zero3-predict-with-generate"],
  ["ValueError: DeepSpeed ZeRO-3 is incompatible with PTQ-quantized models.", "zero3-prequantized"],
  ["ValueError: GaLore and APOLLO are incompatible with DeepSpeed yet.", "galore-deepspeed"],
  ["ValueError: Distributed training has not been initialized for representation all gather.", "flagembedding-cross-device-single-gpu"],
  ["TypeError: Trainer.__init__() got an unexpected keyword argument 'tokenizer'", "flagembedding-transformers5"],
  ["deepspeed.runtime.zero.utils.ZeRORuntimeException: You are using ZeRO-Offload with a client provided optimizer (<class 'torch.optim.adamw.AdamW'>) which in most cases will yield poor performance.", "offload-client-optimizer"],
  ["[WARNING] Config parameter cpu_offload is deprecated use offload_optimizer instead", "zero-deprecated-key"],
  ["pydantic_core._pydantic_core.ValidationError: 1 validation error for DeepSpeedZeroConfig\nstage\n  Input should be less than or equal to 3 [type=less_than_equal, input_value=4, input_type=int]", "ds-type-mismatch"],
  ["pydantic.v1.error_wrappers.ValidationError: 1 validation error for DeepSpeedZeroConfig\nstage3_gather_fp16\n  extra fields not permitted (type=value_error.extra)", "zero-unknown-key"],
  ["TypeError: unsupported operand type(s) for /: 'str' and 'int'", "yaml-sci-string"],
  ["[rank0]: The client socket has timed out after 600s while trying to connect to (127.0.0.1, 29500).", "multinode-master-localhost"],
];

test("at least sixty lines are tried", () => {
  expect(new Set(printed.map(([line]) => line)).size).toBeGreaterThanOrEqual(60);
});

test.each([
  "Loading checkpoint shards: 100%|██████████| 4/4 [00:08<00:00,  2.10s/it]",
  "{'loss': 1.3142, 'grad_norm': 2.21, 'learning_rate': 9.7e-06, 'epoch': 0.42}",
  "{'loss': 0.0213, 'grad_norm': 1.4142, 'learning_rate': 9.7e-06, 'epoch': 0.42}",
  "***** Running training *****",
  "100%|██████████| 500/500 [1:02:11<00:00,  7.46s/it]",
  "W1103 10:01:11.123 torch/distributed/run.py:793] Setting OMP_NUM_THREADS environment variable for each process to be 1 in default",
  "KeyError: 'instruction'",
  "没有这样的错误",
])("%s → nothing", (line) => {
  expect(findPitfalls(line)).toEqual([]);
});

test.each(printed)("%s → %s", (line, id) => {
  expect(findPitfalls(line).map((pitfall) => pitfall.id)).toContain(id);
});

test("at least sixty messages are known, and none is of so few words that it fits anything", () => {
  const logs = pitfalls.flatMap((pitfall) => pitfall.logs ?? []);
  expect(logs.length).toBeGreaterThanOrEqual(60);
  for (const log of logs) for (const line of ["", "loading checkpoint shards: 100%", "{'loss': 1.31, 'grad_norm': 0.71, 'learning_rate': 9e-06, 'epoch': 0.2}"]) expect(line).not.toMatch(log);
});

test("a pitfall is found by its name, its code and a slip of the pen", () => {
  for (const { id, code } of pitfalls) {
    expect(findPitfalls(id)[0]?.id).toBe(id);
    expect(findPitfalls(code.toLowerCase())[0]?.id).toBe(id);
  }
  expect(findPitfalls("overlap-com-stage2")[0]?.id).toBe("overlap-comm-stage2");
  expect(findPitfalls("nothing that anybody prints")).toEqual([]);
});

test("the pages in docs are those of the pitfalls", () => {
  const pages = pitfallPages();
  const folder = `${root}docs/pitfalls/`;
  expect(readdirSync(folder).sort()).toEqual(pages.map(({ path }) => path).sort());
  for (const { path, text } of pages) expect(readFileSync(folder + path, "utf8"), path).toBe(text);
});

test("the list of pitfalls is that of the files", () => {
  const files = readdirSync(`${root}src/pitfalls`).filter((name) => /^export const pitfall: Pitfall = /m.test(readFileSync(`${root}src/pitfalls/${name}`, "utf8")));
  expect(pitfalls.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});
