import { question } from "./define.ts";

export const hardwareQuestions = [
  question({
    key: "gpu",
    group: "hardware",
    form: { kind: "text" },
    label: { en: "GPU", zh: "GPU 型号" },
    why: {
      en: "Decides precision and what fits; nvidia-smi's own name is understood.",
      zh: "决定精度与能否放下；可直接填 nvidia-smi 显示的名称。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "gpuMemory",
    group: "hardware",
    form: { kind: "number", above: 0, max: 4096 },
    label: { en: "GPU memory (GiB)", zh: "GPU 显存（GiB）" },
    why: { en: "For a card that is not listed.", zh: "用于目录中没有的显卡。" },
  }),
  question({
    key: "gpus",
    group: "hardware",
    form: { kind: "integer", min: 1, max: 65536 },
    label: { en: "Number of GPUs", zh: "GPU 总数" },
    why: {
      en: "Over all nodes: the world size of the batch equation.",
      zh: "所有节点合计：即批量等式中的 world size。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "nodes",
    group: "hardware",
    form: { kind: "integer", min: 1, max: 8192 },
    label: { en: "Nodes", zh: "节点数" },
    why: { en: "Eight GPUs a node unless said.", zh: "未指定时按每节点 8 卡。" },
  }),
  question({
    key: "hostMemory",
    group: "hardware",
    form: { kind: "number", above: 0, max: 1048576 },
    label: { en: "Host memory a node (GiB)", zh: "每节点内存（GiB）" },
    why: { en: "Bounds what can be offloaded to the CPU.", zh: "限制可卸载到 CPU 的数据量。" },
  }),
];
