import { says, type Sentence } from "./sentence.ts";

/** Comments in the emitted XTuner configs. */
export const xtuner = {
  "xtuner.literals": {
    en: "Every value stands where it is used: --cfg-options can override a place by its path, such as optim_wrapper.optimizer.lr, and nothing else changes behind it.",
    zh: "每个值都写在使用它的地方：--cfg-options 可按路径覆盖某一处，如 optim_wrapper.optimizer.lr，其他地方不会随之改变。",
  },
  "xtuner.worldSize": {
    en: "The batch and the schedule below hold for this number of processes only.",
    zh: "下面的批量与调度只对这个进程数成立。",
  },
  "xtuner.wrongWorld": says({
    en: (v: { world: number }) =>
      `This config was written for ${v.world} processes, but WORLD_SIZE says otherwise: start ${v.world}, or write the folder again with --gpus.`,
    zh: (v) => `该配置按 ${v.world} 个进程生成，与 WORLD_SIZE 不符：请启动 ${v.world} 个进程，或用 --gpus 重新生成。`,
  }),
  "xtuner.rows": {
    en: "Counted each time this file is loaded, so that the schedule fits whatever the data file holds. XTuner's usual epoch form freezes the learning rate when an epoch is short.",
    zh: "每次加载本文件时重新计数，因此无论数据多少，调度都与之相符。XTuner 常用的按轮写法在一轮很短时会冻结学习率。",
  },
  "xtuner.lossAsText": {
    en: "XTuner 0.1.22 and 0.1.23 stop at a message without a text loss; here each gets one.",
    zh: "XTuner 0.1.22 与 0.1.23 遇到没有文本 loss 的消息会中止；这里为每条消息补上。",
  },
  "xtuner.chatml": { en: "ChatML, written out.", zh: "完整写出的 ChatML。" },
  "xtuner.precision": {
    en: "With --deepspeed, precision comes from the JSON alone, and dtype and loss_scale here count for nothing.",
    zh: "使用 --deepspeed 时精度只由 JSON 决定，这里的 dtype 与 loss_scale 不起作用。",
  },
  "xtuner.schedule": {
    en: "In iterations (micro batches). begin and end are shifted to where gradients are applied, so that every optimizer step gets the learning rate that transformers would give it.",
    zh: "以迭代（微批次）计。begin 与 end 已移到应用梯度的位置，使每个优化步的学习率与 transformers 相同。",
  },
  "xtuner.packedEpochs": {
    en: "How many packs the data makes is known only after tokenizing: the run and the decay end together, after these epochs, whatever that number is.",
    zh: "数据能拼成多少行要在分词后才知道：无论多少，训练与衰减都在这些轮次之后同时结束。",
  },
  "xtunerV1.model": {
    en: "Read from the model's own config.json: the ready-made classes stand for one release each, which need not be this one.",
    zh: "从模型自己的 config.json 读取：现成的类各对应一个发布版本，未必是这一个。",
  },
  "xtunerV1.globalBatch": {
    en: "Sequences per optimizer step over all GPUs; a GPU works through its share one sequence at a time.",
    zh: "所有 GPU 合计每个优化步的序列数；每张 GPU 逐条处理自己的份额。",
  },
  "xtunerV1.schedule": {
    en: "A warmup_ratio of 1 or more counts optimizer steps. lr_min is a learning rate, not a share of the peak.",
    zh: "warmup_ratio 不小于 1 时表示优化步数。lr_min 是学习率本身，而不是占峰值的比例。",
  },
} as const satisfies Record<string, Sentence>;
