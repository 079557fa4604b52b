"""Runs an emitted train.py as it stands, and tells what the engines did."""

import json
import os
import runpy
import sys
from pathlib import Path

import engine_setup
import deepspeed
import torch
import transformers
from recorder import Recorder
from transformers import AutoModelForCausalLM, Trainer

ADAPTERS = Path("adapter_model.safetensors")


class Stopped(BaseException):
    """The run was ended after a checkpoint, as a lost machine would end it."""


def catch_trainer(stop_after):
    """Keeps the Trainer that train.py makes, and ends the run at the first checkpoint from a step on."""
    caught = {}
    init, save = Trainer.__init__, Trainer._save_checkpoint

    def remember(self, *args, **kwargs):
        init(self, *args, **kwargs)
        caught["trainer"] = self

    def save_then_stop(self, *args, **kwargs):
        save(self, *args, **kwargs)
        if stop_after is not None and self.state.global_step >= stop_after:
            raise Stopped

    Trainer.__init__, Trainer._save_checkpoint = remember, save_then_stop
    return caught


def gathered(model):
    """Every weight of the running model, whole on this rank."""
    parameters = dict(model.named_parameters())
    with deepspeed.zero.GatheredParameters(list(parameters.values())):
        return {name: value.detach().clone() for name, value in parameters.items()}


def compare_saved(model, folder):
    """How many weights of the running model differ from what a stranger loads from the folder."""
    transformers.integrations.deepspeed.unset_hf_deepspeed_config()
    running = gathered(model)
    if (folder / ADAPTERS.name).exists():
        from peft import get_peft_model_state_dict
        from safetensors.torch import load_file

        saved = load_file(folder / ADAPTERS.name)
        running = get_peft_model_state_dict(model, state_dict=running)
    else:
        loaded = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=next(iter(running.values())).dtype)
        saved = dict(loaded.named_parameters())
    different = [name for name in running if name not in saved or not torch.equal(running[name].cpu(), saved[name].detach())]
    return {"compared": len(running), "different": different, "extra": sorted(saved.keys() - running.keys())}


def train(job):
    """`folder` with its train.py; `stopAfter` a step, or null."""
    engine_setup.start_processes()
    os.chdir(job["folder"])
    sys.argv = ["train.py", *(f"--{name}={json.dumps(value)}" for name, value in engine_setup.CPU_ARGUMENTS.items())]
    recorder = Recorder().install()
    if job.get("offload"):
        from deepspeed.ops.adam import DeepSpeedCPUAdam

        recorder.watch(DeepSpeedCPUAdam)
    caught = catch_trainer(job["stopAfter"])
    stopped = False
    try:
        runpy.run_path("train.py", run_name="__main__")
    except Stopped:
        stopped = True
    trainer = caught["trainer"]
    engine = trainer.model_wrapped if hasattr(trainer.model_wrapped, "_take_model_step") else trainer.deepspeed
    return {
        "steps": recorder.steps,
        "stopped": stopped,
        "globalStep": trainer.state.global_step,
        "logs": [entry for entry in trainer.state.log_history if "loss" in entry],
        "saved": None if stopped else compare_saved(engine.module, Path(trainer.args.output_dir)),
    }
