# Written by create-train-config 0.1.0. Change the answers, not this file:
#   npx create-train-config regenerate
import torch
from datasets import load_dataset
from mmengine.dataset import DefaultSampler
from mmengine.hooks import CheckpointHook, DistSamplerSeedHook, IterTimerHook, LoggerHook, ParamSchedulerHook
from mmengine.optim import AmpOptimWrapper
from mmengine.optim.scheduler import CosineAnnealingLR, LinearLR
from peft import LoraConfig
from torch.optim import AdamW
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from xtuner.dataset import process_hf_dataset
from xtuner.dataset.collate_fns import default_collate_fn
from xtuner.dataset.map_fns import openai_map_fn, template_map_fn_factory
from xtuner.engine.hooks import DatasetInfoHook
from xtuner.engine.runner import TrainLoop
from xtuner.model import SupervisedFinetune
from xtuner.utils import PROMPT_TEMPLATE

#######################################################################
#                          PART 1  Settings                           #
#######################################################################
# Every value stands where it is used: --cfg-options can override a place by its path, such as
# optim_wrapper.optimizer.lr, and nothing else changes behind it.
work_dir = "output/qwen-7b-qlora"
# The batch and the schedule below hold for this number of processes only.
if int(__import__("os").environ.get("WORLD_SIZE", 8)) != 8:
    raise SystemExit("This config was written for 8 processes, but WORLD_SIZE says otherwise: start 8, or write the folder again with --gpus.")

# Counted each time this file is loaded, so that the schedule fits whatever the data file holds.
# XTuner's usual epoch form freezes the learning rate when an epoch is short.
rows = sum(1 for line in open("data/train.jsonl", encoding="utf-8") if line.strip())
steps_per_epoch = max(1, -(-rows // 64) // 2)
optimizer_steps = 5 * steps_per_epoch
warmup_steps = int(-(-0.01 * optimizer_steps // 1))

#######################################################################
#                      PART 2  Model & Tokenizer                      #
#######################################################################
tokenizer = dict(
    type=AutoTokenizer.from_pretrained,
    pretrained_model_name_or_path="Qwen/Qwen-7B",
    trust_remote_code=True,
    padding_side="right",
)

model = dict(
    type=SupervisedFinetune,
    use_activation_checkpointing=True,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path="Qwen/Qwen-7B",
        trust_remote_code=True,
        attn_implementation="eager",
        torch_dtype=torch.bfloat16,
        quantization_config=dict(
            type=BitsAndBytesConfig,
            load_in_4bit=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
            bnb_4bit_use_double_quant=True,
            bnb_4bit_quant_type="nf4",
        ),
    ),
    lora=dict(
        type=LoraConfig,
        r=64,
        lora_alpha=16,
        lora_dropout=0.05,
        target_modules=["c_attn", "c_proj", "w1", "w2"],
        bias="none",
        task_type="CAUSAL_LM",
    ),
)

#######################################################################
#                      PART 3  Dataset & Dataloader                   #
#######################################################################
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    dataset=dict(
        type=process_hf_dataset,
        dataset=dict(type=load_dataset, path="json", data_files=dict(train="data/train.jsonl")),
        tokenizer=tokenizer,
        max_length=2048,
        dataset_map_fn=openai_map_fn,
        template_map_fn=dict(type=template_map_fn_factory, template=PROMPT_TEMPLATE.qwen_chat),
        remove_unused_columns=True,
        pack_to_max_length=False,
    ),
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=default_collate_fn),
)

#######################################################################
#                    PART 4  Scheduler & Optimizer                    #
#######################################################################
# With --deepspeed, precision comes from the JSON alone, and dtype and loss_scale here count for
# nothing.
optim_wrapper = dict(
    type=AmpOptimWrapper,
    optimizer=dict(
        type=AdamW,
        lr=3e-4,
        betas=(0.9, 0.95),
        eps=1e-8,
        weight_decay=0.1,
    ),
    clip_grad=dict(max_norm=1, error_if_nonfinite=False),
    accumulative_counts=2,
    loss_scale="dynamic",
    dtype="bfloat16",
)

# In iterations (micro batches). begin and end are shifted to where gradients are applied, so that
# every optimizer step gets the learning rate that transformers would give it.
param_scheduler = [
    dict(
        type=LinearLR,
        start_factor=1e-8,
        by_epoch=False,
        begin=1,
        end=2 * warmup_steps + 2,
    ),
]
if warmup_steps < optimizer_steps:
    param_scheduler.append(
        dict(
            type=CosineAnnealingLR,
            eta_min=0,
            by_epoch=False,
            begin=2 * warmup_steps + 1,
            end=2 * optimizer_steps + 1,
        )
    )

train_cfg = dict(type=TrainLoop, max_iters=2 * optimizer_steps)

#######################################################################
#                           PART 5  Runtime                           #
#######################################################################
custom_hooks = [dict(type=DatasetInfoHook, tokenizer=tokenizer)]

default_hooks = dict(
    timer=dict(type=IterTimerHook),
    logger=dict(type=LoggerHook, log_metric_by_epoch=False, interval=2),
    param_scheduler=dict(type=ParamSchedulerHook),
    checkpoint=dict(type=CheckpointHook, by_epoch=False, interval=1000, max_keep_ckpts=3),
    sampler_seed=dict(type=DistSamplerSeedHook),
)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method="fork", opencv_num_threads=0),
    dist_cfg=dict(backend="nccl"),
)

visualizer = None
log_level = "INFO"
load_from = None
resume = False
randomness = dict(seed=42, deterministic=False)
log_processor = dict(by_epoch=False)
