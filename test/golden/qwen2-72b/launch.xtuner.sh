#!/usr/bin/env bash
# Written by create-train-config 0.1.0. Change the answers, not this file:
#   npx create-train-config regenerate
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

# 8 × 8 GPUs = 64 processes: the world size of the batch equation (global batch 256).
# Start this script on every node.
: "${NODE_RANK:?set NODE_RANK to the number of this node, from 0}"
: "${MASTER_ADDR:?set MASTER_ADDR to the address of node 0, the same on every node}"

# More arguments are passed on.
exec torchrun --nnodes 8 --nproc_per_node 8 \
  --node_rank "$NODE_RANK" --master_addr "$MASTER_ADDR" --master_port "${MASTER_PORT:-29500}" \
  -m xtuner.tools.train \
  "$here"/xtuner_config.py \
  --deepspeed "$here"/ds_config.xtuner.json --launcher pytorch \
  "$@"
