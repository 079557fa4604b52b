"""Measures torch's peak memory of random models on a CUDA GPU, one training step at a time.

Encoders of the sizes of bge-base, bge-large and bge-m3 take a contrastive step (in-batch negatives, one passage group a
query); decoders of Qwen2's shape take a language-model step. Every point is written with its conditions, in the format
that `npm run accuracy:memory -- FILE` reads. Weights are random: memory depends on shapes alone.

    python scripts/measure-gpu-memory.py --out points.json [--quick]

Needs torch 2 or later, transformers 4.48 or later and a CUDA GPU; nothing is downloaded.
"""

import argparse
import gc
import json
import sys

GIB = 2**30

ENCODERS = {
    "bge-base": {"type": "bert", "layers": 12, "hidden": 768, "ffn": 3072, "heads": 12, "vocab": 21128, "positions": 512},
    "bge-large": {"type": "bert", "layers": 24, "hidden": 1024, "ffn": 4096, "heads": 16, "vocab": 21128, "positions": 512},
    "bge-m3": {"type": "xlm-roberta", "layers": 24, "hidden": 1024, "ffn": 4096, "heads": 16, "vocab": 250002, "positions": 8194},
}

DECODERS = {
    "qwen2-0.5b": {"layers": 24, "hidden": 896, "ffn": 4864, "heads": 14, "kv_heads": 2, "head_dim": 64, "vocab": 151936, "tied": True},
    "qwen2-1.5b": {"layers": 28, "hidden": 1536, "ffn": 8960, "heads": 12, "kv_heads": 2, "head_dim": 128, "vocab": 151936, "tied": True},
}

# precision: what weights, gradients and moments are kept in, and whether the step runs under autocast.
PRECISIONS = {"fp32": (False, False), "bf16-amp": (False, True), "bf16-pure": (True, False)}


def fail(reason):
    sys.exit(f"measure-gpu-memory: {reason}")


def require_cuda():
    try:
        import torch
        import transformers
    except ImportError as error:
        fail(f"{error.name} is not installed; install torch and transformers first")
    if not torch.cuda.is_available():
        fail("there is no CUDA GPU here (torch.cuda.is_available() is false); nothing was measured")
    if tuple(int(part) for part in transformers.__version__.split(".")[:2]) < (4, 48):
        fail(f"transformers {transformers.__version__} is too old; 4.48 or later is needed")
    return torch, transformers


def build_encoder(transformers, torch, shape, attention, dtype):
    common = {
        "num_hidden_layers": shape["layers"],
        "hidden_size": shape["hidden"],
        "intermediate_size": shape["ffn"],
        "num_attention_heads": shape["heads"],
        "vocab_size": shape["vocab"],
        "max_position_embeddings": shape["positions"],
    }
    config_class = transformers.BertConfig if shape["type"] == "bert" else transformers.XLMRobertaConfig
    return transformers.AutoModel.from_config(config_class(**common), attn_implementation=attention, torch_dtype=dtype)


def build_decoder(transformers, torch, shape, attention, dtype):
    config = transformers.Qwen2Config(
        num_hidden_layers=shape["layers"],
        hidden_size=shape["hidden"],
        intermediate_size=shape["ffn"],
        num_attention_heads=shape["heads"],
        num_key_value_heads=shape["kv_heads"],
        vocab_size=shape["vocab"],
        tie_word_embeddings=shape["tied"],
        max_position_embeddings=32768,
        use_cache=False,
    )
    return transformers.AutoModelForCausalLM.from_config(config, attn_implementation=attention, torch_dtype=dtype)


def contrastive_loss(torch, model, job, device, vocab):
    def embed(rows, length):
        ids = torch.randint(10, vocab, (rows, length), device=device)
        # A padding mask, as a tokenizer gives it, decides which attention kernel is taken.
        mask = torch.ones_like(ids)
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
        return torch.nn.functional.normalize(hidden, dim=-1)

    queries = embed(job["microBatch"], job["queryLength"])
    passages = embed(job["microBatch"] * job["group"], job["passageLength"])
    scores = queries @ passages.T / 0.02
    target = torch.arange(job["microBatch"], device=device) * job["group"]
    return torch.nn.functional.cross_entropy(scores.float(), target)


def language_loss(torch, model, job, device, vocab):
    ids = torch.randint(10, vocab, (job["microBatch"], job["seqLen"]), device=device)
    return model(input_ids=ids, labels=ids).loss


def measure(torch, model, loss_of, job, vocab):
    """Peaks of two optimizer steps: the first allocates the moments, the second is the usual one. Bytes."""
    device = "cuda"
    half, autocast = PRECISIONS[job["precision"]]
    model.train()
    if job["gradientCheckpointing"]:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, foreach=True)
    peaks = []
    for _ in range(3):
        torch.cuda.reset_peak_memory_stats()
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=autocast):
            loss = loss_of(torch, model, job, device, vocab)
        loss.backward()
        del loss
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        torch.cuda.synchronize()
        peaks.append((torch.cuda.max_memory_allocated(), torch.cuda.max_memory_reserved()))
    return peaks[-1]


def encoder_jobs(quick):
    for name in ENCODERS:
        longest = min(2048, ENCODERS[name]["positions"] - 2 if name == "bge-m3" else ENCODERS[name]["positions"])
        for length in [128, 512] + ([longest] if longest > 512 else []):
            for batch, group in [(4, 8)] if quick else [(4, 2), (4, 8), (16, 8)]:
                for precision in ["bf16-amp"] if quick else ["fp32", "bf16-amp"]:
                    for checkpointing in [False, True]:
                        yield {
                            "model": name,
                            "microBatch": batch,
                            "queryLength": min(64, length),
                            "passageLength": length,
                            "group": group,
                            "precision": precision,
                            "gradientCheckpointing": checkpointing,
                            "attention": "sdpa",
                        }
        if not quick:
            for attention in ["eager", "sdpa"]:
                yield {
                    "model": name, "microBatch": 4, "queryLength": 64, "passageLength": 512, "group": 8,
                    "precision": "bf16-amp", "gradientCheckpointing": False, "attention": attention,
                }


def decoder_jobs(quick):
    for name in DECODERS:
        for length in [1024, 4096] if quick else [512, 1024, 2048, 4096]:
            for batch in [1] if quick else [1, 4]:
                for checkpointing in [True] if quick else [True, False]:
                    yield {
                        "model": name, "microBatch": batch, "seqLen": length, "precision": "bf16-pure",
                        "gradientCheckpointing": checkpointing, "attention": "sdpa",
                    }


def point(torch, transformers, job, shape, params, peak, kind):
    """One measurement with its conditions, in the format of the accuracy script."""
    encoder = kind == "encoder"
    name = torch.cuda.get_device_name()
    arch = {
        "paramsB": params / 1e9, "layers": shape["layers"], "hidden": shape["hidden"], "ffn": shape["ffn"],
        "heads": shape["heads"], "kvHeads": shape.get("kv_heads", shape["heads"]),
        "headDim": shape.get("head_dim", shape["hidden"] // shape["heads"]),
        "vocab": shape["vocab"], "tied": shape.get("tied", True), "mlp": "gelu" if encoder else "swiglu", "kind": kind,
    }
    length = job["passageLength"] if encoder else job["seqLen"]
    return {
        "id": "random/" + "/".join(str(value) for value in job.values()),
        "source": f"scripts/measure-gpu-memory.py ({name}, torch {torch.__version__}, transformers {transformers.__version__})",
        "model": job["model"], "arch": arch, "method": "full", "quant": None, "lora": None,
        "precision": job["precision"], "optimizer": "adamw-torch",
        "distributed": {"framework": "none", "zeroStage": 0, "offloadOptimizer": False, "offloadParam": False, "gpus": 1, "nodes": 1},
        "gpu": {"id": name.lower(), "memoryGB": round(torch.cuda.get_device_properties(0).total_memory / 1e9)},
        "microBatch": job["microBatch"], "seqLen": length, "packing": False,
        "gradientCheckpointing": job["gradientCheckpointing"], "flashAttention": job["attention"] != "eager",
        "crossEntropy": "none" if encoder else "hf", "gradAccum": 1, "lengths": "fixed",
        **({"contrastive": {"queryLength": job["queryLength"], "group": job["group"]}} if encoder else {}),
        "stack": "torch", "scored": True, "confidence": "high",
        "outcome": "oom" if peak is None else "ok",
        "measured": {"kind": "alloc", "perGpuGiB": None if peak is None else round(peak[0] / GIB, 3)},
        "alsoReservedGiB": None if peak is None else round(peak[1] / GIB, 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="the JSON file to write")
    parser.add_argument("--quick", action="store_true", help="a few points of every kind")
    arguments = parser.parse_args()
    torch, transformers = require_cuda()
    points = []
    kinds = [
        ("encoder", encoder_jobs, ENCODERS, build_encoder, contrastive_loss),
        ("decoder", decoder_jobs, DECODERS, build_decoder, language_loss),
    ]
    for kind, jobs, shapes, build, loss_of in kinds:
        for job in jobs(arguments.quick):
            shape = shapes[job["model"]]
            dtype = torch.bfloat16 if PRECISIONS[job["precision"]][0] else torch.float32
            model, peak = None, None
            try:
                model = build(transformers, torch, shape, job["attention"], dtype).to("cuda")
                params = sum(parameter.numel() for parameter in model.parameters())
                peak = measure(torch, model, loss_of, job, shape["vocab"])
            except torch.cuda.OutOfMemoryError:
                if model is None:
                    fail(f"{job['model']} does not fit this GPU at all")
            points.append(point(torch, transformers, job, shape, params, peak, kind))
            print(points[-1]["id"], points[-1]["measured"]["perGpuGiB"], flush=True)
            del model
            gc.collect()
            torch.cuda.empty_cache()
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"points": points}, file, indent=1)


if __name__ == "__main__":
    main()
