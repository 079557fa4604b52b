#!/usr/bin/env python3
# Written by create-train-config 0.1.0. Change the answers, not this file:
#   npx create-train-config regenerate

import dataclasses
import json
import os
import sys
from bisect import bisect_right
from functools import partial
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, HfArgumentParser, Trainer, TrainingArguments, set_seed
from transformers import __version__ as transformers_version

HERE = Path(__file__).resolve().parent
MODEL = "Qwen/Qwen-7B"
DATA = "data/train.jsonl"
SEQ_LEN = 2048
WORLD_SIZE = 8
CHAT_TEMPLATE = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
IGNORED = -100


def say(text):
    if os.environ.get("RANK") == "0":
        print(text, flush=True)


def overrides(words, values):
    words = iter(words)
    for word in words:
        key, sign, text = word.partition("=")
        text = text if sign else next(words, "--")
        if not key.startswith("--") or text.startswith("--"):
            sys.exit("train.py: %(word)s: expected --key value or --key=value" % {"word": word})
        key = key[2:].replace("-", "_")
        try:
            value = text if isinstance(values.get(key), str) else json.loads(text)
        except ValueError:
            value = {"True": True, "False": False, "None": None}.get(text, text)
        yield key, value


def load_arguments():
    path = HERE / "training_args.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit("train.py: cannot read %(path)s: %(error)s" % {"path": path, "error": error})
    if values.get("deepspeed"):
        values["deepspeed"] = str(HERE / values["deepspeed"])
    planned = WORLD_SIZE * values["per_device_train_batch_size"] * values["gradient_accumulation_steps"]
    values.update(overrides(sys.argv[1:], values))
    # The deepspeed launcher adds --local_rank; the environment already says it.
    values.pop("local_rank", None)
    known = {field.name for field in dataclasses.fields(TrainingArguments) if field.init}
    if unknown := sorted(values.keys() - known):
        names = {"keys": ", ".join(unknown), "planned": "4.37.2", "installed": transformers_version}
        sys.exit("train.py: unknown training argument: %(keys)s (written for transformers %(planned)s, installed: %(installed)s)" % names)
    if "WORLD_SIZE" not in os.environ:
        sys.exit("train.py: not started by a launcher; use launch.sh (or torchrun)")
    world = int(os.environ["WORLD_SIZE"])
    batch = world * values["per_device_train_batch_size"] * values["gradient_accumulation_steps"]
    # The learning rate belongs to one global batch (micro-batch × accumulation × processes): never
    # change it silently.
    if batch != planned:
        numbers = {"world": world, "plannedWorld": WORLD_SIZE, "batch": batch, "planned": planned}
        sys.exit("train.py: world size %(world)d gives a global batch of %(batch)d; the plan is world size %(plannedWorld)d and %(planned)d; start %(plannedWorld)d process(es), or keep the batch with --gradient_accumulation_steps" % numbers)
    return HfArgumentParser(TrainingArguments).parse_dict(values)[0]


def load_tokenizer():
    tokenizer = AutoTokenizer.from_pretrained(MODEL, trust_remote_code=True)
    if not tokenizer.chat_template:
        tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def parse(line):
    try:
        row = json.loads(line)
    except ValueError:
        raise ValueError("not JSON") from None
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or not all(
        isinstance(message, dict) and isinstance(message.get("role"), str) and isinstance(message.get("content"), str)
        for message in messages
    ):
        raise ValueError("expected {\"messages\": [{\"role\": \"...\", \"content\": \"...\"}]}")
    if not any(message["role"] == "assistant" for message in messages):
        raise ValueError("no assistant message")
    return messages


def shared(left, right):
    pairs = enumerate(zip(left, right))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


# Returns (text, [answer spans]) pairs. Some chat templates rewrite earlier turns (Qwen3 strips
# reasoning), so a turn extends the previous text only where the template left that text as it was;
# otherwise it starts one of its own, exactly as inference would see it.
def conversations(tokenizer, messages):
    found = []
    for turn, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        prompt = tokenizer.apply_chat_template(messages[:turn], tokenize=False, add_generation_prompt=True)
        text = tokenizer.apply_chat_template(messages[: turn + 1], tokenize=False)
        answer = (shared(prompt, text), len(text))
        if found and text.startswith(found[-1][0]):
            found[-1] = (text, [*found[-1][1], answer])
        else:
            found.append((text, [answer]))
    return found


def encode(tokenizer, text, answers):
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=tokenizer.is_fast)
    ids = encoded["input_ids"]
    ends = [end for _, end in encoded["offset_mapping"]] if tokenizer.is_fast else None

    def tokens_before(position):
        if ends is not None:
            return bisect_right(ends, position)
        return shared(ids, tokenizer(text[:position], add_special_tokens=False)["input_ids"])

    labels = [IGNORED] * len(ids)
    for start, end in answers:
        first, last = tokens_before(start), tokens_before(end)
        labels[first:last] = ids[first:last]
    # Nothing predicts the first token; in a packed row it would be predicted from the conversation
    # before.
    labels[:1] = [IGNORED]
    return {
        "input_ids": torch.tensor(ids[:SEQ_LEN], dtype=torch.int32),
        "labels": torch.tensor(labels[:SEQ_LEN], dtype=torch.int32),
    }, len(ids) > SEQ_LEN


# Every process tokenises the whole file: same input, same rows, nothing to synchronise.
def load_rows(tokenizer):
    rows, broken, count, cut, dropped = [], [], 0, 0, 0
    try:
        lines = open(DATA, "rb")
    except OSError as error:
        sys.exit("train.py: cannot open the data file %(path)s: %(error)s" % {"path": DATA, "error": error.strerror})
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = [encode(tokenizer, *conversation) for conversation in conversations(tokenizer, parse(line))]
            except Exception as error:
                reason = " ".join(str(error).split()) or type(error).__name__
                broken.append("line %(line)d: %(reason)s" % {"line": number, "reason": reason})
                continue
            count += 1
            for row, too_long in found:
                cut += too_long
                if (row["labels"] != IGNORED).any():
                    rows.append(row)
                else:
                    dropped += 1
    if broken:
        details = {"path": DATA, "count": len(broken), "lines": "; ".join(broken[:10])}
        sys.exit("train.py: %(path)s has %(count)d unusable row(s): %(lines)s" % details)
    numbers = {"path": DATA, "count": count, "rows": len(rows), "cut": cut, "dropped": dropped, "seqLen": SEQ_LEN}
    if not rows:
        sys.exit(("train.py: no conversation in %(path)s reaches its answer within %(seqLen)d tokens" if dropped else "train.py: the data file %(path)s holds no rows") % numbers)
    say("%(path)s: %(count)d conversations, %(rows)d training rows; %(cut)d cut at %(seqLen)d tokens, %(dropped)d left out because no answer remained" % numbers)
    return rows


def collate(pad, batch):
    longest = max(len(row["input_ids"]) for row in batch)
    shape = (len(batch), min(-(-longest // 8) * 8, SEQ_LEN))
    ids, labels, mask = torch.full(shape, pad), torch.full(shape, IGNORED), torch.zeros(shape, dtype=torch.long)
    for index, row in enumerate(batch):
        length = len(row["input_ids"])
        ids[index, :length], labels[index, :length], mask[index, :length] = row["input_ids"], row["labels"], 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}


def load_model(training_args):
    model = AutoModelForCausalLM.from_pretrained(
        MODEL,
        torch_dtype=torch.bfloat16,
        trust_remote_code=True,
    )
    if training_args.gradient_checkpointing:
        # With frozen embeddings, checkpointed blocks would otherwise get no gradient.
        model.enable_input_require_grads()
    adapter = LoraConfig(
        task_type="CAUSAL_LM",
        r=64,
        lora_alpha=16,
        lora_dropout=0.05,
        target_modules=["c_attn", "c_proj", "w1", "w2"],
    )
    model = get_peft_model(model, adapter)
    return model


# Where every weight is decayed (an adapter's are), DeepSpeed drops the empty other group after the
# schedule was made, and torch >= 2.10 then stops with a zip() error.
class GroupedTrainer(Trainer):
    def create_optimizer(self, *args):
        optimizer = super().create_optimizer(*args)
        optimizer.param_groups = [group for group in optimizer.param_groups if group["params"]]
        return optimizer


def main():
    # Before the model: under ZeRO-3 from_pretrained shards while loading only if it already knows
    # these arguments.
    training_args = load_arguments()
    set_seed(training_args.seed)
    tokenizer = load_tokenizer()
    rows = load_rows(tokenizer)
    model = load_model(training_args)
    model.config.use_cache = False
    candidates = (tokenizer.pad_token_id, getattr(tokenizer, "eod_id", None), tokenizer.eos_token_id, 0)
    pad = next(token for token in candidates if token is not None)
    trainer = GroupedTrainer(
        model=model,
        args=training_args,
        train_dataset=rows,
        data_collator=partial(collate, pad),
        tokenizer=tokenizer,
    )
    # trainer_state.json is written last: a checkpoint without it was cut short.
    finished = [state.parent for state in Path(training_args.output_dir).glob("checkpoint-[0-9]*/trainer_state.json")]
    checkpoint = max(finished, key=lambda path: int(path.name.split("-")[1]), default=None)
    if checkpoint:
        say("resuming from %(path)s" % {"path": checkpoint})
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    trainer.save_state()
    # On every process: ZeRO-3 gathers the weights from all of them.
    trainer.save_model()
    # Leave together: a process that aborts on exit makes the launcher kill the one still writing.
    if torch.distributed.is_initialized():
        torch.distributed.barrier()


if __name__ == "__main__":
    main()
