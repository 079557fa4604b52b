"""What FlagEmbedding does with the command that is written for it: its own arguments, and a training of its own."""

import dataclasses
import importlib
import os
import random
import sys
from pathlib import Path

import engine_setup  # noqa: F401  (before DeepSpeed)
import deepspeed
import FlagEmbedding.finetune.embedder.decoder_only.icl.__main__
import FlagEmbedding.finetune.reranker.encoder_only.base.__main__
import torch
import transformers
from FlagEmbedding.abc.finetune.embedder import AbsEmbedderModel
from FlagEmbedding.abc.finetune.reranker import AbsRerankerModel
from recorder import Recorder
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, BertTokenizerFast

# What launch.sh passes on: without a GPU, the Trainer has to be told.
HERE = [] if torch.cuda.is_available() else ["--use_cpu", "True"]
WORDS = ["red", "green", "blue", "one", "two", "three", "sun", "moon", "star", "up", "down", "left"]


def entry_of(name):
    """The entry point's module, and the name that its runner has there."""
    module = importlib.import_module(f"FlagEmbedding.finetune.{name}.__main__")
    runner = next(key for key, value in vars(module).items() if isinstance(value, type) and key.endswith("Runner"))
    return module, runner


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return getattr(value, "value", value)
    return str(value)


def parse(job):
    """
    Every command's words through its entry point's own parser: the values of all its arguments, or what was raised.

    A case holds `entry` and `words`. FlagEmbedding looks for the data when it parses, so the files are there.
    """
    os.chdir(job["folder"])
    told = []
    for case in job["cases"]:
        module, name = entry_of(case["entry"])
        seen = {}

        class Reader:
            def __init__(self, **groups):
                for group in groups.values():
                    seen.update({field.name: plain(getattr(group, field.name, None)) for field in dataclasses.fields(group)})

            def run(self):
                pass

        runner = getattr(module, name)
        setattr(module, name, Reader)
        sys.argv = [case["entry"], *case["words"], *HERE]
        try:
            for path in case["data"]:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).touch()
            module.main()
            told.append({"values": seen, "error": None})
        except (Exception, SystemExit) as raised:
            told.append({"values": {}, "error": f"{type(raised).__name__}: {raised}"})
        finally:
            setattr(module, name, runner)
            transformers.integrations.deepspeed.unset_hf_deepspeed_config()
    return {"cases": told}


def make(job):
    """A small random BERT or XLM-RoBERTa with a tokenizer of a few words under `folder`/`model`."""
    with_folder = Path(job["folder"])
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    place = with_folder / job["model"]
    place.mkdir(parents=True, exist_ok=True)
    (place / "vocab.txt").write_text("\n".join(vocabulary))
    # XLM-RoBERTa's tokenizer names the ends of a text, which m3 leaves out of its weights for words.
    ends = {"bos_token": "[CLS]", "eos_token": "[SEP]"}
    BertTokenizerFast(vocab_file=str(place / "vocab.txt"), model_max_length=64, **ends).save_pretrained(place)
    torch.manual_seed(3)
    config = AutoConfig.for_model(
        job["family"],
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=80,
        type_vocab_size=2,
        pad_token_id=0,
    )
    AutoModel.from_config(config).save_pretrained(place)
    return {}


def queries(job):
    """`rows` queries whose answer repeats them and whose `negatives` don't, as JSON lines."""
    import json

    chance = random.Random(job["seed"])
    lines = []
    for _ in range(job["rows"]):
        words = chance.sample(WORDS, 3)
        others = [" ".join(chance.sample([word for word in WORDS if word not in words], 3)) for _ in range(job["negatives"])]
        lines.append(json.dumps({"query": " ".join(words), "pos": [" ".join(reversed(words))], "neg": others}))
    path = Path(job["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {}


def compare_saved(model, folder):
    """How many weights of the trained encoder differ from what a stranger loads from the folder."""
    if isinstance(model, AbsRerankerModel):
        loaded = AutoModelForSequenceClassification.from_pretrained(folder)
    else:
        loaded = AutoModel.from_pretrained(folder)
    saved = dict(loaded.named_parameters())
    running = {name: value.detach().float().cpu() for name, value in model.model.named_parameters()}
    different = [name for name in running if name not in saved or not torch.equal(running[name], saved[name].detach().float())]
    return {"compared": len(running), "different": different, "files": sorted(path.name for path in Path(folder).iterdir())}


def train(job):
    """
    Runs `python -m FlagEmbedding.finetune.…` in `folder` with the command's words.

    Told: what each optimizer step was given, the loss of every forward pass, what was logged, and how the saved weights load.
    """
    os.chdir(job["folder"])
    deepspeed.init_distributed("gloo", auto_mpi_discovery=False)
    recorder = Recorder().install()
    losses, kept = [], []
    for model in (AbsEmbedderModel, AbsRerankerModel):
        watch_losses(model, losses)
    module, name = entry_of(job["entry"])
    runner = getattr(module, name)

    class Kept(runner):
        def run(self):
            kept.append(self)
            super().run()

    setattr(module, name, Kept)
    sys.argv = [job["entry"], *job["words"], *HERE]
    module.main()
    trainer = kept[0].trainer
    transformers.integrations.deepspeed.unset_hf_deepspeed_config()
    return {
        "steps": recorder.steps,
        "losses": losses,
        "logs": [entry for entry in trainer.state.log_history if "loss" in entry],
        "globalStep": trainer.state.global_step,
        "saved": compare_saved(kept[0].model, trainer.args.output_dir) if trainer.is_world_process_zero() else None,
    }


def watch_losses(model, losses):
    for each in (model, *model.__subclasses__(), *(deep for sub in model.__subclasses__() for deep in sub.__subclasses__())):
        if "forward" not in vars(each):
            continue
        forward = each.forward

        def noted(self, *args, _forward=forward, **kwargs):
            result = _forward(self, *args, **kwargs)
            if result.loss is not None:
                losses.append(float(result.loss.detach()))
            return result

        each.forward = noted
