"""Models, tokenizers and data that are made on the spot: nothing is downloaded."""

import json
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast, set_seed

WORDS = ["red", "green", "blue", "one", "two", "three", "sun", "moon", "star", "up", "down", "left"]
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
}
FAMILIES = {
    "qwen2": {"tie_word_embeddings": True},
    "llama": {"tie_word_embeddings": False},
    "mixtral": {"num_local_experts": 4, "num_experts_per_tok": 2, "tie_word_embeddings": False},
}


def tokenizer():
    """A byte-level BPE trained on its own few words."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([" ".join(WORDS)] * 4, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="<|im_end|>", pad_token="<|endoftext|>", model_max_length=256
    )
    fast.chat_template = CHATML
    return fast


def model(job):
    """Writes a random decoder and its tokenizer into a folder."""
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    fast = tokenizer()
    set_seed(7)
    config = AutoConfig.for_model(
        job["family"],
        vocab_size=320,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=0,
        **SIZES,
        **FAMILIES[job["family"]],
    )
    made = AutoModelForCausalLM.from_config(config)
    made.to(torch.float32).save_pretrained(folder)
    fast.save_pretrained(folder)
    return {"config": json.loads((folder / "config.json").read_text())}


def conversations(job):
    """Writes `rows` short conversations whose answer repeats the question, as JSON lines."""
    chance = random.Random(job["seed"])
    lines = []
    for _ in range(job["rows"]):
        words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(2, 5)))
        turns = [{"role": "user", "content": words}, {"role": "assistant", "content": words}]
        lines.append(json.dumps({"messages": turns}))
    Path(job["path"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {}
