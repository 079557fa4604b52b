#!/usr/bin/env bash
# Written by create-train-config 0.1.0. Change the answers, not this file:
#   npx create-train-config regenerate
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

# 1 × 8 GPUs = 8 processes: the world size of the batch equation (global batch 128).

# More arguments are passed on.
exec torchrun --standalone --nproc_per_node 8 \
  -m xtuner.tools.train \
  "$here"/xtuner_config.py \
  --deepspeed "$here"/ds_config.xtuner.json --launcher pytorch \
  "$@"
