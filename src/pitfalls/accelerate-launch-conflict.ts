import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const MODES = ["cpu", "multi_gpu", "tpu", "use_deepspeed", "use_fsdp"];
const run = (flags: string): string =>
  sh(
    `accelerate launch ${flags} train.py`,
    "--model_name_or_path gpt2",
    "--output_dir out",
    "--learning_rate 1e-5",
    "--warmup_steps 10",
    "--bf16",
  );

export const pitfall: Pitfall = {
  code: "LA113",
  id: "accelerate-launch-conflict",
  severity: "error",
  title: { en: "Flags of accelerate launch that exclude each other", zh: "accelerate launch 的参数互相排斥" },
  why: {
    en: "One of --cpu, --multi_gpu, --tpu, --use_deepspeed and --use_fsdp can be given, and --multi_gpu needs two processes at least; accelerate refuses anything else before it starts.",
    zh: "--cpu、--multi_gpu、--tpu、--use_deepspeed、--use_fsdp 只能给出一个，且 --multi_gpu 至少需要两个进程；否则 accelerate 在启动前就会拒绝。",
  },
  fix: { en: "Keep one of them; a single process needs none.", zh: "只保留一个；单进程不需要任何一个。" },
  sources: ["huggingface/accelerate:src/accelerate/commands/launch.py"],
  logs: [
    /You can only use one of `--cpu`, `--multi_gpu`, `--tpu`, `--use_deepspeed`, `--use_fsdp`/i,
    /You need to use at least 2 processes to use `--multi_gpu`/i,
  ],
  *find({ launch }): Iterable<Hit> {
    if (launch?.launcher !== "accelerate") return;
    const { own } = launch;
    const [first, ...rest] = MODES.filter((name) => own.on(name));
    if (first !== undefined && rest.length > 0) {
      yield {
        at: own.place(first),
        also: rest.map((name) => own.place(name)),
        says: {
          en: `${[first, ...rest].map((name) => `--${name}`).join(" and ")}: accelerate takes one of them`,
          zh: `${[first, ...rest].map((name) => `--${name}`).join(" 与 ")}：accelerate 只接受其中一个`,
        },
      };
      return;
    }
    const processes = own.number("num_processes");
    if (first !== "multi_gpu" || processes === undefined || processes >= 2) return;
    yield {
      at: own.place("multi_gpu"),
      also: [own.place("num_processes")],
      says: {
        en: `--multi_gpu with ${processes} process: accelerate asks for two at least`,
        zh: `--multi_gpu 而进程数为 ${processes}：accelerate 要求至少两个`,
      },
    };
  },
  bad: [
    { files: { "run.sh": run("--multi_gpu --use_deepspeed --num_processes 4") } },
    { files: { "run.sh": run("--multi_gpu --num_processes 1") } },
  ],
  good: [{ files: { "run.sh": run("--multi_gpu --num_processes 4") } }],
};
