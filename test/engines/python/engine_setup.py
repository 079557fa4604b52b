"""What DeepSpeed needs to train on a CPU, for every version; imported before it.

None of this touches what is proven (its config, engine, optimizers and schedulers). 0.12 and 0.13 import names that Intel's
extension or older releases of torch had; the shared-memory collectives would be compiled at the first use, and gloo does.
"""

import importlib.machinery
import importlib.metadata
import logging
import os
import sys
import types

import torch.distributed
import torch.distributed.elastic.agent.server.api as elastic


def version_of(package):
    return tuple(int(part) for part in importlib.metadata.version(package).split("+")[0].split(".")[:3])


INTEL = ("intel_extension_for_pytorch", "oneccl_bindings_for_pytorch") if version_of("deepspeed") < (0, 14) else ()
for name in INTEL:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__spec__ = importlib.machinery.ModuleSpec(name, None)
if not hasattr(elastic, "log"):
    elastic.log = logging.getLogger("elastic")
if not hasattr(elastic, "_get_socket_with_port"):
    elastic._get_socket_with_port = None

import deepspeed  # noqa: E402
import deepspeed.ops  # noqa: E402
from deepspeed.accelerator import get_accelerator  # noqa: E402

accelerator = get_accelerator()
for name in INTEL:
    del sys.modules[name]
import transformers.training_args  # noqa: E402

deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False
IS_CPU = accelerator.device_name() == "cpu"
# What is added to what was emitted. accelerate before 1.0 would take it for "without DeepSpeed".
CPU_ARGUMENTS = {}
if IS_CPU:
    if version_of("accelerate") >= (1,):
        CPU_ARGUMENTS = {"use_cpu": True}
    if version_of("transformers") < (5,):
        # "auto" would refuse fp16; under DeepSpeed the value decides nothing else.
        CPU_ARGUMENTS["half_precision_backend"] = "cuda_amp"
    os.environ["ACCELERATE_TORCH_DEVICE"] = "cpu"
    accelerator._communication_backend_name = "gloo"
    if accelerator.current_stream() is None:
        # 0.12 waits for streams that a CPU has not.
        idle = types.SimpleNamespace(synchronize=lambda: None, wait_stream=lambda other: None)
        type(accelerator).current_stream = type(accelerator).default_stream = lambda self, device_index=None: idle
    # 0.14 counts devices with a command that a bare machine has not.
    type(accelerator).device_count = lambda self: int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    # DeepSpeed refuses fp16 on a CPU; torch computes in it all the same.
    dtypes = accelerator.supported_dtypes()
    type(accelerator).supported_dtypes = lambda self: [*dict.fromkeys([*dtypes, torch.float16])]
    type(accelerator).is_fp16_supported = lambda self: True
    # Up to 4.51 transformers refuses it as well, but for what it takes to be an accelerator behind XLA.
    transformers.training_args.get_xla_device_type = lambda device: "GPU"


class Done:
    """The handle of a collective that has already finished."""

    def wait(self, *args, **kwargs):
        return True

    def is_completed(self):
        return True


def at_once(collective):
    def call(*args, async_op=False, **kwargs):
        # gloo writes into pieces of the result, which autograd would not let it do.
        with torch.no_grad():
            collective(*args, async_op=False, **kwargs)
        return Done() if async_op else None

    return call


if IS_CPU:
    # Of gloo's all-gathers that DeepSpeed starts and waits for later, some came back half filled: with two processes under
    # ZeRO-3 two runs in five had a NaN. NCCL orders them on a stream; here they are made one by one.
    torch.distributed.all_gather_into_tensor = at_once(torch.distributed.all_gather_into_tensor)


def start_processes():
    """On GPUs transformers has DeepSpeed start the process group; on a CPU it starts torch's own behind DeepSpeed's back."""
    if IS_CPU:
        deepspeed.init_distributed("gloo", auto_mpi_discovery=False)
