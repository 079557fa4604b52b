import type { Xtuner1File } from "../jobs/recognise.ts";
import type { Doc } from "../readers/tree.ts";

/** The one object of a class that an XTuner 1.x config builds; null where there are none, or several. */
export function built(file: Xtuner1File, name: RegExp): Doc | null {
  const found = file.calls.filter((call) => name.test(call.name));
  return found.length === 1 ? (found[0]?.doc ?? null) : null;
}

/** An XTuner 1.x config with other arguments of its schedule and its trainer: the examples of its pitfalls. */
export const xtuner1 = (lr: string, schedule: string, length = "total_epoch=1"): string =>
  `from xtuner.v1.config import AdamWConfig, LRConfig
from xtuner.v1.model import Qwen3Dense8BConfig
from xtuner.v1.train import TrainerConfig

optim_cfg = AdamWConfig(lr=${lr})
lr_cfg = LRConfig(${schedule})
trainer = TrainerConfig(
    model_cfg=Qwen3Dense8BConfig(),
    optim_cfg=optim_cfg,
    lr_cfg=lr_cfg,
    global_batch_size=64,
    ${length},
)
`;
