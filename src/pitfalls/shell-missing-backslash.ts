import type { ShellCommand } from "../readers/shell.ts";
import { train } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";

const cut = (command: ShellCommand): boolean => /^--?[A-Za-z]\w+/.test(command.words[0]?.text ?? "");

export const pitfall: Pitfall = {
  code: "SY101",
  id: "shell-missing-backslash",
  severity: "error",
  title: { en: "A command that ends in the middle", zh: "命令在中途被截断" },
  why: {
    en: 'Without a backslash at the very end of its line, the shell ends the command there. The flags below are another command that fails with "not found"; the training runs without them.',
    zh: '行末没有反斜杠（或其后有空格）时，shell 会在此处结束命令。后面的参数成了另一条报 "not found" 的命令，训练在缺少它们的情况下运行。',
  },
  fix: {
    en: "A backslash at the end of the line, with nothing behind it.",
    zh: "在行末加上反斜杠，其后不要有任何字符。",
  },
  sources: ["hiyouga/LLaMA-Factory#3224"],
  logs: [/line \d+: --\w+: command not found/i],
  *find({ script, launch }): Iterable<Hit> {
    if (script === null || launch === null) return;
    const { commands } = script.tree;
    const next = commands[commands.indexOf(launch.command) + 1];
    if (next === undefined || !cut(next)) return;
    const { source } = script;
    const between = source.text.slice(launch.command.range.to, next.range.from);
    // Blank lines and comments would have ended the command as well.
    if (!/^[^\S\n]*\\?[^\S\n]*(?:#[^\n]*)?\n(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*$/.test(between)) return;
    const last = launch.args.all[launch.args.all.length - 1];
    const lost = next.words.filter(({ text }) => text.startsWith("--")).map(({ text }) => text.split("=")[0] ?? "");
    const tail = /[^\S\n]*\\?[^\S\n]*\n[^\S\n]*$/.exec(source.text.slice(launch.command.range.to - 1, next.range.from));
    const end = source.text.indexOf("\n", launch.command.range.to - 1);
    const line = source.text
      .slice(0, end)
      .replace(/\\?[^\S\n]*$/, "")
      .trimEnd();
    const fix: readonly Edit[] | undefined =
      tail === null || source.text.slice(end + 1, next.range.from).trim() !== ""
        ? undefined
        : [{ source, range: { from: line.length, to: end }, text: " \\" }];
    yield {
      at: last?.place ?? launch.place,
      says: {
        en: `the command ends on this line; lost: ${lost.slice(0, 6).join(" ")}${lost.length > 6 ? " …" : ""}`,
        zh: `命令在这一行结束；丢失的参数：${lost.slice(0, 6).join(" ")}${lost.length > 6 ? " …" : ""}`,
      },
      fix,
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--warmup_steps 10", "--bf16").replace("--deepspeed ds_config.json \\", "--weight_decay 0.1"),
      },
    },
    {
      files: {
        "run.sh": train("--warmup_steps 10", "--bf16").replace(
          "--deepspeed ds_config.json \\",
          "--weight_decay 0.1 \\ ",
        ),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--warmup_steps 10", "--bf16").replace("--deepspeed ds_config.json", "--weight_decay 0.1"),
      },
    },
  ],
};
