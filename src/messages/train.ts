import type { Sentence } from "./sentence.ts";

/** Comments in the emitted train.py, and what it says to people; `%(name)s` is filled in by Python. */
export const train = {
  "train.localRank": {
    en: "The deepspeed launcher adds --local_rank; the environment already says it.",
    zh: "deepspeed 启动器会附带 --local_rank，环境变量里已有同样的信息。",
  },
  "train.globalBatch": {
    en: "The learning rate belongs to one global batch (micro-batch × accumulation × processes): never change it silently.",
    zh: "学习率与全局批大小（微批 × 累积步数 × 进程数）是配套的，绝不悄悄改变。",
  },
  "train.conversations": {
    en: "Returns (text, [answer spans]) pairs. Some chat templates rewrite earlier turns (Qwen3 strips reasoning), so a turn extends the previous text only where the template left that text as it was; otherwise it starts one of its own, exactly as inference would see it.",
    zh: "返回 (文本, [回答区间]) 列表。有些对话模板会改写前面的轮次（如 Qwen3 去掉思考内容），因此只有前文未被改写时才接在同一条文本上，否则另起一条，与推理时看到的完全一致。",
  },
  "train.firstToken": {
    en: "Nothing predicts the first token; in a packed row it would be predicted from the conversation before.",
    zh: "第一个 token 没有可预测它的前文；在打包行里它会被上一段对话预测。",
  },
  "train.everyRank": {
    en: "Every process tokenises the whole file: same input, same rows, nothing to synchronise.",
    zh: "每个进程都对整个文件分词：输入相同、结果相同，无需同步。",
  },
  "train.pack": {
    en: "Best fit, longest first; conversations are never split.",
    zh: "先长后短，选剩余空间最合适的行；对话不会被拆开。",
  },
  "train.collatePacked": {
    en: "One flat row per micro-batch. Restarting position_ids and no attention_mask are what makes flash attention keep the conversations apart.",
    zh: "每个微批拼成一行。position_ids 在每段对话处归零且不给 attention_mask，flash attention 才会把对话彼此隔开。",
  },
  "train.packingAttention": {
    en: "Any other attention would let conversations in one row see each other.",
    zh: "换成其他注意力实现，同一行里的对话就会互相看见。",
  },
  "train.quantStorage": {
    en: "ZeRO-3 can only shard the 4-bit weights when they are stored in the training dtype.",
    zh: "4 位权重必须以训练精度的类型存放，ZeRO-3 才能切分。",
  },
  "train.moeLeaf": {
    en: "ZeRO-3 hangs when ranks route to different experts, unless the whole block is gathered at once.",
    zh: "各进程路由到不同专家时 ZeRO-3 会卡死，除非把整个专家模块一次性收集。",
  },
  "train.inputGrads": {
    en: "With frozen embeddings, checkpointed blocks would otherwise get no gradient.",
    zh: "嵌入层被冻结时，不这样做检查点重算的层得不到梯度。",
  },
  "train.argumentsFirst": {
    en: "Before the model: under ZeRO-3 from_pretrained shards while loading only if it already knows these arguments.",
    zh: "必须先于模型：在 ZeRO-3 下，from_pretrained 只有先知道这些参数才会边加载边切分。",
  },
  "train.saveModel": {
    en: "On every process: ZeRO-3 gathers the weights from all of them.",
    zh: "所有进程都要执行：ZeRO-3 要从每个进程收集权重。",
  },
  "train.finishedCheckpoint": {
    en: "trainer_state.json is written last: a checkpoint without it was cut short.",
    zh: "trainer_state.json 最后写入：没有它的检查点是没写完的。",
  },
  "train.emptyGroups": {
    en: "Where every weight is decayed (an adapter's are), DeepSpeed drops the empty other group after the schedule was made, and torch >= 2.10 then stops with a zip() error.",
    zh: "没有免权重衰减的参数时（例如适配器），DeepSpeed 会在学习率调度器建好之后删掉这个空参数组，torch >= 2.10 随即报 zip() 错误。",
  },
  "train.goodbye": {
    en: "Leave together: a process that aborts on exit makes the launcher kill the one still writing.",
    zh: "一起退出：若某个进程退出时异常中止，启动器会杀死仍在写文件的进程。",
  },
  "train.badOverride": {
    en: "train.py: %(word)s: expected --key value or --key=value",
    zh: "train.py：%(word)s：应写成 --键 值 或 --键=值",
  },
  "train.badArguments": {
    en: "train.py: cannot read %(path)s: %(error)s",
    zh: "train.py：无法读取 %(path)s：%(error)s",
  },
  "train.unknownArgument": {
    en: "train.py: unknown training argument: %(keys)s (written for transformers %(planned)s, installed: %(installed)s)",
    zh: "train.py：未知的训练参数：%(keys)s（按 transformers %(planned)s 生成，当前安装的是 %(installed)s）",
  },
  "train.noLauncher": {
    en: "train.py: not started by a launcher; use launch.sh (or torchrun)",
    zh: "train.py：没有通过启动器运行；请使用 launch.sh（或 torchrun）",
  },
  "train.wrongWorld": {
    en: "train.py: world size %(world)d gives a global batch of %(batch)d; the plan is world size %(plannedWorld)d and %(planned)d; start %(plannedWorld)d process(es), or keep the batch with --gradient_accumulation_steps",
    zh: "train.py：%(world)d 个进程得到的全局批大小是 %(batch)d，而计划是 %(plannedWorld)d 个进程、%(planned)d；请启动 %(plannedWorld)d 个进程，或用 --gradient_accumulation_steps 保持全局批大小不变",
  },
  "train.noChatTemplate": {
    en: "train.py: the tokenizer of %(path)s has no chat template; use an instruct model, or add chat_template to its tokenizer_config.json",
    zh: "train.py：%(path)s 的分词器没有对话模板；请换用 instruct 模型，或在其 tokenizer_config.json 里加上 chat_template",
  },
  "train.rowNotJson": {
    en: "not JSON",
    zh: "不是 JSON",
  },
  "train.rowShape": {
    en: 'expected {"messages": [{"role": "...", "content": "..."}]}',
    zh: '应为 {"messages": [{"role": "...", "content": "..."}]}',
  },
  "train.rowNoAnswer": {
    en: "no assistant message",
    zh: "没有 assistant 消息",
  },
  "train.brokenLine": {
    en: "line %(line)d: %(reason)s",
    zh: "第 %(line)d 行：%(reason)s",
  },
  "train.dataMissing": {
    en: "train.py: cannot open the data file %(path)s: %(error)s",
    zh: "train.py：无法打开数据文件 %(path)s：%(error)s",
  },
  "train.dataEmpty": {
    en: "train.py: the data file %(path)s holds no rows",
    zh: "train.py：数据文件 %(path)s 里没有数据",
  },
  "train.dataTooLong": {
    en: "train.py: no conversation in %(path)s reaches its answer within %(seqLen)d tokens",
    zh: "train.py：%(path)s 里没有一段对话能在 %(seqLen)d 个 token 内到达回答",
  },
  "train.dataBroken": {
    en: "train.py: %(path)s has %(count)d unusable row(s): %(lines)s",
    zh: "train.py：%(path)s 有 %(count)d 行不可用：%(lines)s",
  },
  "train.dataSummary": {
    en: "%(path)s: %(count)d conversations, %(rows)d training rows; %(cut)d cut at %(seqLen)d tokens, %(dropped)d left out because no answer remained",
    zh: "%(path)s：%(count)d 段对话，%(rows)d 条训练样本；%(cut)d 条被截断到 %(seqLen)d 个 token，%(dropped)d 条因截断后没有回答而舍弃",
  },
  "train.noFlashAttention": {
    en: "train.py: packing needs flash_attention_2, which this model is not using",
    zh: "train.py：样本打包需要 flash_attention_2，但该模型没有启用它",
  },
  "train.noMoeLeaf": {
    en: "train.py: the model has no module of class %(names)s",
    zh: "train.py：模型里没有 %(names)s 类的模块",
  },
  "train.resume": {
    en: "resuming from %(path)s",
    zh: "从 %(path)s 继续训练",
  },
} as const satisfies Record<string, Sentence>;
