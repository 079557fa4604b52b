"""Learning rates as the engines' own classes and a real Trainer give them: good schedules, and broken ones just as well."""

import tempfile

import engine_setup
import torch
from deepspeed.runtime import lr_schedules
from recorder import Recorder
from transformers import Trainer, TrainingArguments, get_scheduler


def optimizer_of(lr):
    """Two parameter groups, as transformers makes them: decayed and not."""
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "weight_decay": decay} for decay in (0.1, 0.0)]
    return torch.optim.AdamW(groups, lr=lr)


def followed(optimizer, scheduler, steps):
    """The rate of both groups at each update; the schedule is stepped after it."""
    rates = []
    for _ in range(steps):
        rates.append([float(group["lr"]) for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    return rates


def each(rows, make):
    answers = []
    for row in rows:
        try:
            optimizer = optimizer_of(row["lr"])
            answers.append({"rates": followed(optimizer, make(optimizer, row), row["steps"])})
        except Exception as error:
            answers.append({"error": {"type": type(error).__name__, "text": str(error)}})
    return answers


def trainer_classes(job):
    """transformers' get_scheduler, for each row of `name`, `kwargs`, `lr`, `warmup`, `total`, `steps`."""

    def make(optimizer, row):
        return get_scheduler(
            row["name"],
            optimizer,
            num_warmup_steps=row["warmup"],
            num_training_steps=row["total"],
            scheduler_specific_kwargs=row["kwargs"],
        )

    return each(job["rows"], make)


def deepspeed_classes(job):
    """DeepSpeed's scheduler classes, for each row of `type`, `params`, `lr`, `steps`."""
    return each(job["rows"], lambda optimizer, row: getattr(lr_schedules, row["type"])(optimizer, **row["params"]))


class Net(torch.nn.Module):
    """Small, with weights that are decayed and a norm that is not."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.first = torch.nn.Linear(8, 16)
        self.norm = torch.nn.LayerNorm(16)
        self.last = torch.nn.Linear(16, 1)

    def forward(self, x, labels):
        out = self.last(self.norm(self.first(x.to(self.first.weight.dtype))))
        return {"loss": ((out[:, 0] - labels) ** 2).mean()}


def rows(count):
    made = torch.Generator().manual_seed(5)
    return [{"x": torch.randn(8, generator=made), "labels": torch.randn((), generator=made)} for _ in range(count)]


class Poisoned(Trainer):
    """Makes the loss NaN from one step on, as a broken batch or an overflow does."""

    nan_from = None

    def compute_loss(self, model, inputs, **kwargs):
        loss = super().compute_loss(model, inputs, **{k: v for k, v in kwargs.items() if k == "return_outputs"})
        if self.nan_from is not None and self.state.global_step >= self.nan_from:
            loss = loss * float("nan")
        return loss


def trainer_run(job):
    """A real Trainer run under DeepSpeed with `arguments` and `config` as they are; `nanFrom` a step, or null."""
    engine_setup.start_processes()
    recorder = Recorder().install()
    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            output_dir=folder,
            deepspeed=job["config"],
            report_to=[],
            save_strategy="no",
            logging_steps=1,
            disable_tqdm=True,
            **engine_setup.CPU_ARGUMENTS,
            **job["arguments"],
        )
        trainer = Poisoned(model=Net(), args=args, train_dataset=rows(64))
        trainer.nan_from = job["nanFrom"]
        trainer.train()
    return {"steps": recorder.steps, "logs": [entry for entry in trainer.state.log_history if "loss" in entry]}
