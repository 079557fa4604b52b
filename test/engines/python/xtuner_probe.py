"""What XTuner does with the files that are written for it: its own checks, its own loop, and a training of its own."""

import contextlib
import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

import mmengine_probe
import torch
import xtuner.tools.train as tool
from mmengine.config import Config
from mmengine.config.lazy import LazyAttr, LazyObject
from mmengine.model import BaseDataPreprocessor
from xtuner.engine.runner import TrainLoop

mmengine_probe.LOOPS["TrainLoop"] = TrainLoop
if not torch.cuda.is_available():
    # mmengine's launcher picks the process's GPU, XTuner asks what it can do and moves its inputs there; there is none.
    torch.cuda.set_device = lambda device: None
    torch.cpu.is_bf16_supported = lambda: True
    torch.cuda.is_bf16_supported = lambda *_, **__: True
    BaseDataPreprocessor.cuda = lambda self, *_, **__: self
schedules = mmengine_probe.schedules


@contextlib.contextmanager
def inside(folder):
    """Configs open their data by a path that counts from where they are started."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def plain(value):
    """A config's value as JSON: a class or a function by its name."""
    if isinstance(value, (LazyObject, LazyAttr)):
        value = value.build()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return getattr(value, "__qualname__", str(value))


def load(path, arguments):
    """What `xtuner.tools.train` does with a config before it builds its runner."""
    sys.argv = ["train.py", path, *arguments]
    args = tool.parse_args()
    cfg = Config.fromfile(args.config)
    if hasattr(tool, "set_model_resource"):  # since 0.2
        tool.set_model_resource(cfg)
    tool.register_function(cfg._cfg_dict)
    tool.check_cfg(cfg, args)
    return cfg


def write_rows(path, rows):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("{}\n" * rows, encoding="utf-8")


def configs(job):
    """
    Loads every config beside data of its number of rows, as XTuner does, and steps its schedule on its own loop.

    A case holds `text`, `data` (the path in it), `rows` (a list: each is loaded), `world` and `arguments`. `values` says
    what stands in the config; `schedule`, whether the loop is run; `epoch_length`, how many batches there are.
    """
    told = []
    for case in job["cases"]:
        os.environ["WORLD_SIZE"] = str(case["world"])
        with tempfile.TemporaryDirectory() as folder, inside(folder):
            Path("xtuner_config.py").write_text(case["text"], encoding="utf-8")
            for rows in case["rows"]:
                write_rows(case["data"], rows)
                told.append(look_at(case))
    os.environ["WORLD_SIZE"] = "1"
    return {"configs": told}


def look_at(case):
    try:
        cfg = load("xtuner_config.py", case.get("arguments", []))
        values = {name: plain(cfg[name]) for name in case["values"]}
        run = None
        if case.get("schedule", True):
            run = mmengine_probe.bench(case.get("runner", "Runner")).run(
                {
                    "schedulers": cfg.param_scheduler,
                    "train_cfg": cfg.train_cfg,
                    "base_lr": cfg.optim_wrapper.optimizer.lr,
                    "accumulation": cfg.optim_wrapper.accumulative_counts,
                    "epoch_length": case.get("epoch_length", 1),
                }
            )
        return {"error": None, "values": values, "run": run}
    except (Exception, SystemExit) as raised:
        return {"error": mmengine_probe.failure(raised), "values": {}, "run": None}


def make(job):
    """
    A model of two small layers and its tokenizer under `folder`/`model`, and `rows` conversations in `folder`/`data`: what
    the training finds where it looks for a model from the hub.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2TokenizerFast

    rows = [
        {
            "messages": [
                {"role": "user", "content": f"what is {i % 7} plus {i % 5}?"},
                {"role": "assistant", "content": f"it is {i % 7 + i % 5}."},
            ]
        }
        for i in range(job["rows"])
    ]
    lines = [json.dumps(row) for row in rows]
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    raw.train_from_iterator(lines, trainer)
    with tempfile.TemporaryDirectory() as folder:
        raw.save(f"{folder}/tokenizer.json")
        raw.model.save(folder)
        names = {"vocab_file": "vocab.json", "merges_file": "merges.txt", "tokenizer_file": "tokenizer.json"}
        paths = {key: f"{folder}/{name}" for key, name in names.items()}
        # XTuner knows by the class's name that there is no token before a text.
        tokenizer = Qwen2TokenizerFast(**paths, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    torch.manual_seed(0)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=256,
        )
    )
    with inside(job["folder"]):
        tokenizer.save_pretrained(job["model"])
        model.save_pretrained(job["model"])
        Path(job["data"]).parent.mkdir(parents=True, exist_ok=True)
        Path(job["data"]).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return {"parameters": sum(each.numel() for each in model.parameters())}


def run_tool(name, folder, arguments):
    """`python -m xtuner.tools.…` in that folder."""
    with inside(folder):
        sys.argv = [name, *arguments]
        sys.modules.pop(f"xtuner.tools.{name}", None)
        runpy.run_module(f"xtuner.tools.{name}", run_name="__main__")


def train(job):
    """
    Runs `python -m xtuner.tools.train` in `folder` with `arguments`.

    Told: the loss of every iteration, what each optimizer step was given, and the last checkpoint.
    """
    import engine_setup  # noqa: F401
    from deepspeed.runtime.engine import DeepSpeedEngine
    from recorder import Recorder

    recorder = Recorder().install()
    losses = []
    backward = DeepSpeedEngine.backward

    def noting(self, loss, *args, **values):
        losses.append(float(loss.detach()))
        return backward(self, loss, *args, **values)

    DeepSpeedEngine.backward = noting
    error = None
    try:
        run_tool("train", job["folder"], job["arguments"])
    except (Exception, SystemExit) as raised:
        if not job.get("mayFail", False):
            raise
        error = mmengine_probe.failure(raised)
    marker = Path(job["folder"], job["output"], "last_checkpoint")
    checkpoint = marker.read_text().strip() if marker.exists() else None
    return {"error": error, "losses": losses, "steps": recorder.steps, "checkpoint": checkpoint}


def convert(job):
    """
    Runs XTuner's converter in `folder` with `arguments`. Told: how many weights of the model that transformers loads from
    `saved` differ from those in `checkpoint`, and how many from those of `start`, which the training began with.
    """
    import engine_setup  # noqa: F401
    from transformers import AutoModelForCausalLM
    from xtuner.model.utils import guess_load_checkpoint

    run_tool("model_converters.pth_to_hf", job["folder"], job["arguments"])
    with inside(job["folder"]):
        stored = guess_load_checkpoint(job["checkpoint"])
        saved = dict(AutoModelForCausalLM.from_pretrained(job["saved"], torch_dtype=torch.float32).named_parameters())
        start = dict(AutoModelForCausalLM.from_pretrained(job["start"], torch_dtype=torch.float32).named_parameters())
    differs = [name for name, value in saved.items() if not torch.equal(value, stored[f"llm.{name}"].float().cpu())]
    moved = [name for name, value in saved.items() if not torch.equal(value, start[name])]
    return {"compared": len(saved), "different": differs, "moved": len(moved)}
