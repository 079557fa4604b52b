#!/usr/bin/env bash
# Written by create-train-config 0.1.0. Change the answers, not this file:
#   npx create-train-config regenerate
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

# 1 × 8 GPUs = 8 processes: the world size of the batch equation (global batch 256).

# More arguments are passed on.
exec torchrun --standalone --nproc_per_node 8 \
  -m FlagEmbedding.finetune.embedder.encoder_only.m3 \
  --model_name_or_path BAAI/bge-m3 \
  --train_data data/train.jsonl \
  --train_group_size 8 \
  --query_max_len 512 \
  --passage_max_len 512 \
  --pad_to_multiple_of 8 \
  --knowledge_distillation False \
  --query_instruction_for_retrieval '' \
  --query_instruction_format '{}{}' \
  --temperature 0.02 \
  --sentence_pooling_method cls \
  --normalize_embeddings True \
  --negatives_cross_device True \
  --unified_finetuning True \
  --use_self_distill True \
  --self_distill_start_step 0 \
  --fix_encoder False \
  --output_dir output/bge \
  --run_name bge \
  --per_device_train_batch_size 8 \
  --gradient_accumulation_steps 4 \
  --num_train_epochs 2 \
  --learning_rate 1e-5 \
  --lr_scheduler_type linear \
  --warmup_ratio 0.1 \
  --optim adamw_torch \
  --adam_beta1 0.9 \
  --adam_beta2 0.999 \
  --adam_epsilon 1e-8 \
  --weight_decay 0 \
  --max_grad_norm 1 \
  --bf16 True \
  --gradient_checkpointing True \
  --gradient_checkpointing_kwargs '{"use_reentrant":false}' \
  --logging_steps 1 \
  --logging_nan_inf_filter False \
  --eval_strategy no \
  --save_strategy steps \
  --save_steps 500 \
  --save_total_limit 3 \
  --seed 42 \
  --report_to none \
  --dataloader_drop_last True \
  --deepspeed "$here"/ds_config.json \
  "$@"
