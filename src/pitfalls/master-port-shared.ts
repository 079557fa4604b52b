import type { Launch } from "../jobs/command.ts";
import { train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const port = (launch: Launch): string | null => {
  if (launch.own.exactly("standalone") !== null) return null;
  for (const name of ["master_port", "main_process_port", "rdzv_endpoint"]) {
    const setting = launch.own.exactly(name);
    if (setting !== null) return setting.value === undefined ? null : setting.text;
  }
  const variable = launch.env("MASTER_PORT");
  return variable === null ? "29500" : variable.value;
};

const spread = (launch: Launch): boolean =>
  launch.launcher === "torchrun" || launch.launcher === "deepspeed" || launch.launcher === "accelerate";

const command = (more: string): string =>
  train("--bf16", "--warmup_steps 10")
    .replace("#!/bin/bash\n", "")
    .replace(" \\\n  --deepspeed ds_config.json", "")
    .replace("torchrun", `torchrun${more}`)
    .trimEnd();

export const pitfall: Pitfall = {
  code: "LA109",
  id: "master-port-shared",
  severity: "warning",
  title: { en: "Two launches at the same time with one port", zh: "两个训练同时使用同一个端口" },
  why: {
    en: 'The default port is 29500 for all of them: the second one stops with "Address already in use", or the two meet each other.',
    zh: '它们默认都使用 29500 端口：后启动的会报 "Address already in use"，或者两个训练互相连接。',
  },
  fix: {
    en: "--master_port of its own, or torchrun --standalone.",
    zh: "分别设置 --master_port，或使用 torchrun --standalone。",
  },
  sources: ["deepspeedai/DeepSpeed#191", "deepspeedai/DeepSpeed#3878"],
  logs: [/Address already in use/i, /EADDRINUSE/],
  *find({ launch, script }): Iterable<Hit> {
    if (launch === null || script === null || !spread(launch)) return;
    const index = script.launches.indexOf(launch);
    const mine = port(launch);
    // One after the other is fine; only what still runs in the background holds its port.
    const other = script.launches
      .slice(0, index)
      .find((each) => each.command.background && spread(each) && port(each) === mine);
    if (mine === null || other === undefined || waited(launch, other)) return;
    yield {
      at: { ...launch.place, key: launch.own.exactly("master_port")?.place.key ?? "--master_port" },
      says: {
        en: `this runs beside the launch in line ${other.source.position(other.place.range.from).line}, on port ${mine} as well`,
        zh: `它与第 ${other.source.position(other.place.range.from).line} 行的训练同时运行，且同样使用端口 ${mine}`,
      },
    };
    function waited(later: Launch, earlier: Launch): boolean {
      const commands = script?.tree.commands ?? [];
      return commands
        .slice(commands.indexOf(earlier.command), commands.indexOf(later.command))
        .some(({ words }) => words[0]?.text === "wait");
    }
  },
  bad: [{ files: { "run.sh": `#!/bin/bash\n${command("")} &\n${command("")} &\nwait\n` } }],
  good: [
    { files: { "run.sh": `#!/bin/bash\n${command("")}\n${command("")}\n` } },
    {
      files: {
        "run.sh": `#!/bin/bash\n${command(" --master_port 29501")} &\n${command(" --master_port 29502")} &\nwait\n`,
      },
    },
  ],
};
