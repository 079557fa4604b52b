"""Writes down what an optimizer is really given: the learning rate of every update, whether it was made, its gradient."""

import math

import engine_setup  # noqa: F401
import torch
from deepspeed.runtime.engine import DeepSpeedEngine


class Recorder:
    """Of one run: one entry a DeepSpeed optimizer step, `rates` by parameter group."""

    def __init__(self):
        self.steps = []
        self.used = []
        self.squares = 0.0

    def install(self):
        recorder = self
        take = DeepSpeedEngine._take_model_step

        def take_model_step(engine, *args, **kwargs):
            rates = [float(group["lr"]) for group in engine.optimizer.param_groups]
            recorder.used, recorder.squares = [], 0.0
            skipped = engine.skipped_steps
            result = take(engine, *args, **kwargs)
            recorder.steps.append(
                {
                    "rates": rates,
                    "used": recorder.used,
                    "skipped": engine.skipped_steps > skipped,
                    "gradient": math.sqrt(recorder.squares) if math.isfinite(recorder.squares) else recorder.squares,
                }
            )
            return result

        DeepSpeedEngine._take_model_step = take_model_step
        self.watch(torch.optim.AdamW)
        return self

    def watch(self, optimizer):
        """The rate in each parameter group at the moment at which an optimizer of that class updates weights."""
        recorder = self
        step = optimizer.step

        def stepped(self, *args, **kwargs):
            for number, group in enumerate(self.param_groups):
                gradients = [p.grad for p in group["params"] if p.grad is not None]
                if gradients:
                    recorder.used.append([number, float(group["lr"])])
                    recorder.squares += sum(float(g.detach().float().pow(2).sum()) for g in gradients)
            return step(self, *args, **kwargs)

        stepped.hooked = True
        optimizer.step = stepped
