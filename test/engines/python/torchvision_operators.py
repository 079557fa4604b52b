"""
Lets torchvision be imported beside a torch for CPU.

Its wheel is built for CUDA, so its compiled operators don't load there; its Python code describes two of them and stops
unless those are declared. Nothing here detects boxes.
"""

import importlib.util
import os

import torch


def declare():
    found = importlib.util.find_spec("torchvision")
    if found is None:
        return
    try:
        torch.ops.load_library(os.path.join(found.submodule_search_locations[0], "_C.so"))
    except OSError:
        for name in ("nms", "qnms"):
            torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


declare()
