"""Emitted files through the engines' own readers: HfArgumentParser, HfTrainerDeepSpeedConfig, DeepSpeedConfig."""

import json
import logging
import os
import re
import warnings
from types import SimpleNamespace
from unittest import mock

import engine_setup
from deepspeed.runtime.config import DeepSpeedConfig
from transformers import HfArgumentParser, TrainingArguments


class Heard(logging.Handler):
    """Keeps what the engines warn of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


def read(folder):
    """One folder, as `world` processes with a model of `hidden` would read it for a run of `steps`."""
    path = os.path.join(folder["path"], "training_args.json")
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    values["deepspeed"] = os.path.join(folder["path"], values["deepspeed"])
    values.update(engine_setup.CPU_ARGUMENTS)
    cpu = os.path.join(folder["path"], "training_args.cpu.json")
    with open(cpu, "w", encoding="utf-8") as file:
        json.dump(values, file)
    # The number of processes is said, not started: 512 of them would not fit here.
    TrainingArguments.world_size = property(lambda self: folder["world"])
    heard = Heard()
    loggers = [logging.getLogger(name) for name in ("DeepSpeed", "transformers", "accelerate")]
    for logger in loggers:
        logger.addHandler(heard)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            (args,) = HfArgumentParser(TrainingArguments).parse_json_file(cpu)
            config = args.hf_deepspeed_config
            model = SimpleNamespace(config=SimpleNamespace(hidden_size=folder["hidden"]))
            config.trainer_config_finalize(args, model, folder["steps"])
            left = [key for key, value in flat(config.config) if value == "auto"]
            ranks = SimpleNamespace(get_rank=lambda: 0, get_world_size=lambda *group: folder["world"])
            with mock.patch("deepspeed.runtime.config.dist", ranks):
                parsed = DeepSpeedConfig(config.config)
    finally:
        for logger in loggers:
            logger.removeHandler(heard)
    return {
        "left": left,
        "warnings": heard.texts + [text for text in map(lambda item: str(item.message), warned) if names_any(text, values)],
        "batch": [
            parsed.train_micro_batch_size_per_gpu,
            parsed.gradient_accumulation_steps,
            parsed.train_batch_size,
        ],
        "clipping": parsed.gradient_clipping,
        "stage": int(parsed.zero_optimization_stage),
        "precision": precision(parsed),
        "scheduler": parsed.scheduler_name,
        "warmup": args.get_warmup_steps(folder["steps"]),
        "learningRate": args.learning_rate,
        "type": args.lr_scheduler_type.value,
        "keepsNaN": not args.logging_nan_inf_filter,
    }


def names_any(text, values):
    """Whether a warning is about something that was written; of their own inner ways the engines warn as well."""
    return any(re.search(rf"\b{re.escape(key)}\b", text) for key in values)


def precision(parsed):
    fp16 = parsed.fp16_enabled if hasattr(parsed, "fp16_enabled") else parsed.float16_config.enabled
    bf16 = parsed.bfloat16_enabled if hasattr(parsed, "bfloat16_enabled") else parsed.bfloat16_config.enabled
    return "both" if fp16 and bf16 else "fp16" if fp16 else "bf16" if bf16 else "fp32"


def flat(value, prefix=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{prefix}{key}.")
    else:
        yield prefix[:-1], value


def folders(job):
    """Reads each folder; an exception is that folder's answer."""
    engine_setup.start_processes()
    answers = []
    for folder in job["folders"]:
        try:
            answers.append({"read": read(folder)})
        except Exception as error:
            answers.append({"error": f"{type(error).__name__}: {error}"})
    return answers
