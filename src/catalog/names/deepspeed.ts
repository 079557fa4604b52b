/**
 * The keys that DeepSpeed knows, section by section, with the release that brought them where an older one refuses them.
 * Sources: deepspeedai/DeepSpeed deepspeed/runtime/config.py, constants.py, precision_config.py, zero/config.py and
 * zero/offload_config.py (0.19.6), and the tags before it for the releases.
 */
const zeroKeys: readonly string[] = [
  "stage", "contiguous_gradients", "reduce_scatter", "reduce_bucket_size", "use_multi_rank_bucket_allreduce",
  "allgather_partitions", "allgather_bucket_size", "overlap_comm", "load_from_fp32_weights", "elastic_checkpoint",
  "offload_param", "offload_optimizer", "zenflow", "sub_group_size", "cpu_offload_param", "cpu_offload_use_pin_memory",
  "cpu_offload", "ignore_unused_parameters", "legacy_stage1", "round_robin_gradients", "zero_hpz_partition_size",
  "zero_quantized_weights", "zero_quantized_nontrainable_weights", "zero_quantized_gradients", "zeropp_loco_param",
  "mics_shard_size", "mics_hierarchical_params_gather", "memory_efficient_linear", "pipeline_loading_checkpoint",
  "override_module_apply", "log_trace_cache_warnings", "enable_sanity_checks", "save_muon_momentum_buffer_in_memory",
  "leaf_module", "stage3_gather_fp16_weights_on_model_save",
];

/** Fields of stage 3 that go by two names: the field's own, and with `stage3_` in front. */
const zeroAliases: readonly string[] = [
  "prefetch_bucket_size", "param_persistence_threshold", "model_persistence_threshold", "max_live_parameters",
  "max_reuse_distance", "gather_16bit_weights_on_model_save", "module_granularity_threshold",
  "use_all_reduce_for_fetch_params", "allgather_sequential", "partition_stream_chunk_size",
];

export const zeroNames: readonly string[] = [...zeroKeys, ...zeroAliases, ...zeroAliases.map((name) => `stage3_${name}`)];

/** The first release that takes a key of `zero_optimization`; before it the section is refused. */
export const zeroSince: Readonly<Record<string, string>> = {
  zero_hpz_partition_size: "0.10.0",
  zero_quantized_weights: "0.10.0",
  zero_quantized_gradients: "0.10.0",
  zero_quantized_nontrainable_weights: "0.10.1",
  zenflow: "0.17.4",
};

export const fp16Keys: readonly string[] = [
  "enabled", "auto_cast", "loss_scale", "initial_scale_power", "loss_scale_window", "hysteresis",
  "consecutive_hysteresis", "min_loss_scale", "fp16_master_weights_and_grads",
];

export const bf16Keys: readonly string[] = [
  "enabled", "immediate_grad_update", "check_grad_overflow", "bf16_master_weights_and_grads", "bf16_optimizer_states",
];

export const offloadOptimizerKeys: readonly string[] = [
  "device", "nvme_path", "buffer_count", "pin_memory", "pipeline_read", "pipeline_write", "fast_init", "ratio", "super_offload",
  "cpuadam_cores_perc",
];

export const offloadParamKeys: readonly string[] = [
  "device", "nvme_path", "buffer_count", "buffer_size", "max_in_cpu", "pin_memory",
];

/** What DeepSpeed looks for at the top of its file; it ignores everything else without a word. */
export const topKeys: readonly string[] = [
  "train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "optimizer", "scheduler", "fp16", "bf16",
  "bfloat16", "amp", "zero_optimization", "zero_allow_untested_optimizer", "zero_force_ds_cpu_optimizer", "gradient_clipping",
  "communication_data_type", "seq_parallel_communication_data_type", "seq_parallel_comm_data_type", "prescale_gradients",
  "gradient_predivide_factor", "gradient_allreduce_op", "sparse_gradients", "disable_allgather", "steps_per_print",
  "wall_clock_breakdown", "memory_breakdown", "dump_state", "activation_checkpointing", "sparse_attention", "flops_profiler",
  "tensorboard", "wandb", "csv_monitor", "comet", "monitor_config", "comms_logger", "aio", "autotuning", "elasticity",
  "compression_training", "data_efficiency", "curriculum_learning", "checkpoint", "data_types", "pipeline", "eigenvalue",
  "progressive_layer_drop", "quantize_training", "hybrid_engine", "compile", "graph_harvesting", "vocabulary_size", "nebula",
  "mesh_param", "sequence_parallel_size", "data_parallel_size", "tensor_parallel", "weight_quantization", "dataloader_drop_last",
  "use_data_before_expert_parallelism", "use_node_local_storage", "timers", "zero_quantization", "allgather_size",
  "checkpoint_engine", "torch_autocast", "inference", "kernel_inject", "expert_parallel", "local_rank",
];

/** Parameters of each scheduler: deepspeed/runtime/lr_schedules.py. */
export const schedulerParams: Readonly<Record<string, readonly string[]>> = {
  WarmupLR: ["warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "warmup_type", "last_batch_iteration"],
  WarmupDecayLR: ["total_num_steps", "warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "warmup_type", "last_batch_iteration"],
  WarmupCosineLR: [
    "total_num_steps", "warmup_min_ratio", "warmup_num_steps", "cos_min_ratio", "warmup_type", "last_batch_iteration",
  ],
  OneCycle: [
    "cycle_min_lr", "cycle_max_lr", "decay_lr_rate", "cycle_first_step_size", "cycle_second_step_size", "cycle_first_stair_count",
    "cycle_second_stair_count", "decay_step_size", "cycle_momentum", "cycle_min_mom", "cycle_max_mom", "decay_mom_rate",
    "last_batch_iteration",
  ],
  LRRangeTest: [
    "lr_range_test_min_lr", "lr_range_test_step_size", "lr_range_test_step_rate", "lr_range_test_staircase", "last_batch_iteration",
  ],
};

/** Keys whose values have to be whole numbers. */
export const wholeNumbers: readonly string[] = [
  "reduce_bucket_size", "allgather_bucket_size", "sub_group_size",
  ...["prefetch_bucket_size", "param_persistence_threshold", "model_persistence_threshold", "max_live_parameters", "max_reuse_distance"]
    .flatMap((name) => [name, `stage3_${name}`]),
];
