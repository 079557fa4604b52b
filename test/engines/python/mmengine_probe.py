"""What mmengine's own runners do with a `param_scheduler`: the rate in force during every iteration and at every update."""

import logging
import math
import tempfile
import warnings

import torchvision_operators  # noqa: F401  (before mmengine, which looks for torchvision)
import mmengine.runner.loops as loops
import torch
from mmengine.hooks import Hook, ParamSchedulerHook
from mmengine.model import BaseModel
from mmengine.runner import FlexibleRunner, Runner

logging.disable(logging.WARNING)
warnings.filterwarnings("ignore", message="Detected call of `scheduler.step")
# The iterator waits two seconds at each epoch's end, for worker processes that there are none of here.
loops.time.sleep = lambda seconds: None


class Recorder(torch.optim.SGD):
    """Notes the rate of every update and leaves the weight alone."""

    def __init__(self, params, lr):
        super().__init__(params, lr=lr)
        self.used = []

    def step(self, closure=None):
        self.used.append(self.param_groups[0]["lr"])


class OneWeight(BaseModel):
    """A model whose gradient is 1: the schedule is what is looked at."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.rates = []

    def forward(self, **_):
        return {"loss": self.weight * 1.0}

    def train_step(self, data, optim_wrapper):
        self.rates.append(optim_wrapper.optimizer.param_groups[0]["lr"])
        optim_wrapper.update_params(self.weight * 1.0)
        return {}


class Batches(torch.utils.data.Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return {}


def number(value):
    """JSON has neither infinities nor complex numbers, both of which a schedule can end in."""
    if isinstance(value, complex):
        return "complex"
    return value if math.isfinite(value) else str(value)


def failure(error):
    return {"type": type(error).__name__, "message": str(error)}


class Bench:
    """One real runner, given another job again and again: making one costs as much as a thousand iterations."""

    def __init__(self, kind):
        self.model = OneWeight()
        common = dict(
            model=self.model,
            work_dir=tempfile.mkdtemp(),
            train_dataloader=self.loader(1),
            train_cfg=dict(type="IterBasedTrainLoop", max_iters=1),
            optim_wrapper=self.wrapper(1.0, 1),
            default_scope="mmengine",
            log_level="ERROR",
        )
        if kind == "Runner":
            self.runner = Runner(**common)
        else:
            self.runner = FlexibleRunner(strategy=dict(type="SingleDeviceStrategy"), **common)
        self.kind = kind
        self.runner._hooks = []
        self.runner.register_hook(ParamSchedulerHook())

    @staticmethod
    def loader(length):
        return torch.utils.data.DataLoader(Batches(length), batch_size=1, collate_fn=lambda rows: {})

    @staticmethod
    def wrapper(lr, accumulation):
        return dict(type="OptimWrapper", optimizer=dict(type=Recorder, lr=lr), accumulative_counts=accumulation)

    def run(self, case):
        runner, model = self.runner, self.model
        model.rates = []
        runner._train_dataloader = self.loader(case["epoch_length"])
        train_cfg = dict(case["train_cfg"])
        runner._train_loop = {**train_cfg, "type": LOOPS.get(train_cfg.get("type"), train_cfg.get("type"))}
        runner.optim_wrapper = self.wrapper(case["base_lr"], case.get("accumulation", 1))
        runner.param_schedulers = [dict(each) for each in case["schedulers"]]
        if self.kind == "FlexibleRunner":
            runner.strategy._prepared = False
            runner.strategy.model = None
        error = None
        try:
            runner.train()
        except Exception as raised:
            error = failure(raised)
        optimizer = getattr(runner.optim_wrapper, "optimizer", None)
        return {
            "error": error,
            "rates": [number(rate) for rate in model.rates],
            "updates": [number(rate) for rate in getattr(optimizer, "used", [])],
        }


benches = {}
# Loops that are given as classes because they stand in no registry of mmengine's.
LOOPS = {}


def bench(kind):
    if kind not in benches:
        benches[kind] = Bench(kind)
    return benches[kind]


def schedules(job):
    """
    Trains with every case's schedule through the runner that the job names.

    A case holds `schedulers` (param_scheduler entries), `train_cfg`, `base_lr`, `epoch_length` and `accumulation`. Told of
    each: the rate during every iteration that ran, the rate of every update, and what was raised.
    """
    keep = job.get("keep", ["error", "rates", "updates"])
    runner = bench(job.get("runner", "Runner"))
    return {"runs": [{key: value for key, value in runner.run(case).items() if key in keep} for case in job["cases"]]}
