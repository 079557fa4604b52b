/** Keys of an accelerate file: huggingface/accelerate src/accelerate/commands/config/config_args.py (1.15) and its forerunners. */
export const accelerateKeys: readonly string[] = [
  "compute_environment", "distributed_type", "mixed_precision", "use_cpu", "debug", "num_processes", "machine_rank",
  "num_machines", "gpu_ids", "main_process_ip", "main_process_port", "rdzv_backend", "same_network", "main_training_function",
  "enable_cpu_affinity", "fp8_config", "deepspeed_config", "fsdp_config", "parallelism_config", "megatron_lm_config",
  "mpirun_config", "ipex_config", "downcast_bf16", "tpu_name", "tpu_zone", "tpu_use_cluster", "tpu_use_sudo", "command_file",
  "commands", "tpu_vm", "tpu_env", "tpu_cluster", "dynamo_config", "dynamo_backend", "fp16", "mps_config", "tpu_commands",
  "ec2_instance_type", "iam_role_name", "image_uri", "profile", "region", "base_job_name", "pytorch_version",
  "transformers_version", "py_version", "sagemaker_inputs_file", "sagemaker_metrics_file", "additional_args", "command_line",
];

/** Keys that the `deepspeed_config` of an accelerate file is read for: src/accelerate/commands/config/cluster.py and launch.py. */
export const accelerateDeepSpeedKeys: readonly string[] = [
  "deepspeed_config_file", "zero_stage", "offload_optimizer_device", "offload_param_device", "offload_optimizer_nvme_path",
  "offload_param_nvme_path", "gradient_accumulation_steps", "gradient_clipping", "zero3_init_flag", "zero3_save_16bit_model",
  "deepspeed_hostfile", "deepspeed_exclusion_filter", "deepspeed_inclusion_filter", "deepspeed_multinode_launcher",
  "deepspeed_moe_layer_cls_names",
];

/** Switches of `accelerate launch`; everything else of its own takes a value: src/accelerate/commands/launch.py. */
export const accelerateSwitches: readonly string[] = [
  "cpu", "multi_gpu", "tpu", "enable_cpu_affinity", "dynamo_use_fullgraph", "dynamo_use_dynamic",
  "dynamo_use_regional_compilation", "use_deepspeed", "use_fsdp", "use_parallelism_config", "use_megatron_lm", "use_mps_device",
  "use_xpu", "ipex", "same_network", "m", "module", "no_python", "tpu_cluster", "no_tpu_cluster", "tpu_use_sudo", "downcast_bf16",
  "debug", "quiet", "q", "fp16",
];
