"""What DeepSpeed needs to train on a CPU, for every version; imported before it.

None of this touches what is proven (its config, engine, optimizers and schedulers). 0.12 and 0.13 import names that Intel's
extension or older releases of torch had; the shared-memory collectives would be compiled at the first use, and gloo does.
"""

import importlib.metadata
import logging
import sys
import types

import torch.distributed.elastic.agent.server.api as elastic

DEEPSPEED = tuple(int(part) for part in importlib.metadata.version("deepspeed").split("+")[0].split(".")[:3])

if DEEPSPEED < (0, 14, 0):
    for name in ("intel_extension_for_pytorch", "oneccl_bindings_for_pytorch"):
        sys.modules[name] = types.ModuleType(name)
if not hasattr(elastic, "log"):
    elastic.log = logging.getLogger("elastic")
if not hasattr(elastic, "_get_socket_with_port"):
    elastic._get_socket_with_port = None

import deepspeed  # noqa: E402
import deepspeed.ops  # noqa: E402
import transformers.training_args  # noqa: E402
from deepspeed.accelerator import get_accelerator  # noqa: E402

deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False
accelerator = get_accelerator()
if accelerator.device_name() == "cpu":
    accelerator._communication_backend_name = "gloo"
    # DeepSpeed refuses fp16 on a CPU; torch computes in it all the same.
    type(accelerator).is_fp16_supported = lambda self: True
    # Up to 4.51 transformers refuses it as well, but for what it takes to be an accelerator behind XLA.
    transformers.training_args.get_xla_device_type = lambda device: "GPU"
