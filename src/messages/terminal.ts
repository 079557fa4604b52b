import { number, says, type Sentence } from "./sentence.ts";

/** What the command says while it works. */
export const terminal = {
  "terminal.error": { en: "error", zh: "错误" },
  "terminal.where": { en: "where", zh: "位置" },
  "terminal.cancelled": { en: "Cancelled, nothing was written.", zh: "已取消，未写入任何内容。" },
  "terminal.node": says({
    en: ({ version }: { version: string }) => `create-train-config needs Node 20.19 or later; this is ${version}`,
    zh: ({ version }) => `create-train-config 需要 Node 20.19 或更新版本；当前为 ${version}`,
  }),
  "terminal.defect": {
    en: "This is a defect of create-train-config, not of yours; nothing was written. Please report it with the command that you ran. (--debug shows the stack.)",
    zh: "这是 create-train-config 自身的缺陷，不是你的问题；未写入任何内容。请附上所用命令反馈。（--debug 显示调用栈。）",
  },
  "terminal.missing": says({
    en: ({ flags }: { flags: string }) => `there is no terminal to ask on, and these answers are missing: ${flags}`,
    zh: ({ flags }) => `没有可用于提问的终端，且缺少以下答案：${flags}`,
  }),
  "terminal.missingHow": says({
    en: ({ command }: { command: string }) => `try ${command}`,
    zh: ({ command }) => `例如 ${command}`,
  }),

  "flag.unknown": says({
    en: ({ flag }: { flag: string }) => `there is no flag ${flag}`,
    zh: ({ flag }) => `没有 ${flag} 这个参数`,
  }),
  "flag.needsValue": { en: "this flag needs a value", zh: "该参数需要一个值" },
  "flag.notHere": says({
    en: ({ command }: { command: string }) => `the command ${command} does not take this flag`,
    zh: ({ command }) => `${command} 命令不接受该参数`,
  }),
  "flag.seeHelp": {
    en: "create-train-config --help --all lists them",
    zh: "create-train-config --help --all 会列出所有参数",
  },
  "command.unknown": says({
    en: (v: { name: string; near: string }) => `there is no command ${v.name}; did you mean ${v.near}?`,
    zh: (v) => `没有 ${v.name} 这个命令；是否想写 ${v.near}？`,
  }),
  "command.reserved": says({
    en: ({ name }: { name: string }) => `"${name}" is kept for a command, and this version has none of that name`,
    zh: ({ name }) => `“${name}”保留作命令名，当前版本没有该命令`,
  }),
  "command.asFolder": says({
    en: ({ name }: { name: string }) => `for a folder of that name write ./${name}`,
    zh: ({ name }) => `若要以此为目录名，请写 ./${name}`,
  }),
  "command.tooMany": says({
    en: ({ word }: { word: string }) => `one folder is enough; "${word}" is one too many`,
    zh: ({ word }) => `只需一个目录；“${word}”是多余的`,
  }),
  "command.quote": { en: "put a path with spaces in quotes", zh: "含空格的路径请加引号" },
  "command.emptyName": {
    en: "the name of the folder is empty; for this folder write .",
    zh: "目录名为空；若要写入当前目录，请写 .",
  },
  "preset.unknown": says({
    en: ({ name }: { name: string }) => `there is no preset "${name}"`,
    zh: ({ name }) => `没有名为“${name}”的预设`,
  }),

  "answers.notAMapping": {
    en: "an answers file is a mapping of answers, such as gpus: 8",
    zh: "答案文件应为键值对，例如 gpus: 8",
  },
  "answers.tooLarge": { en: "larger than 1 MiB: this is no answers file", zh: "超过 1 MiB：这不是答案文件" },
  "answers.notUtf8": { en: "not UTF-8", zh: "不是 UTF-8 编码" },
  "answers.duplicateKey": { en: "a key stands here for the second time", zh: "此处的键重复出现" },
  "answers.syntax": says({
    en: ({ reason }: { reason: string }) => `neither YAML nor JSON: ${reason}`,
    zh: ({ reason }) => `既不是 YAML 也不是 JSON：${reason}`,
  }),
  "answers.tooDeep": { en: "too many aliases, or nested too deeply", zh: "别名过多或嵌套过深" },
  "model.noFolder": { en: "there is no such folder or file", zh: "没有这个目录或文件" },
  "model.notJson": { en: "this is not JSON", zh: "不是 JSON" },
  "model.badConfig": says({
    en: (v: { reason: string; key: string }) =>
      `not the config of a model that can be read: ${v.reason}${v.key === "" ? "" : ` (${v.key})`}`,
    zh: (v) => `无法读取的模型配置：${v.reason}${v.key === "" ? "" : `（${v.key}）`}`,
  }),

  "file.missing": { en: "there is no such file", zh: "没有这个文件" },
  "file.forbidden": { en: "no permission, or a read-only disk", zh: "没有权限，或磁盘只读" },
  "file.full": { en: "the disk is full; nothing was written", zh: "磁盘已满；未写入任何内容" },
  "file.isFolder": { en: "this is a folder", zh: "这是一个目录" },
  "file.underFile": { en: "part of this path is a file", zh: "路径中有一部分是文件" },
  "file.failed": says({
    en: ({ reason }: { reason: string }) => `the system said: ${reason}`,
    zh: ({ reason }) => `系统返回错误：${reason}`,
  }),
  "file.nameTooLong": { en: "this name is too long", zh: "名称过长" },
  "write.isFile": { en: "the destination is a file", zh: "目标是一个文件" },
  "write.link": says({
    en: ({ target }: { target: string }) => `this is a link, to ${target}; nothing is written through links`,
    zh: ({ target }) => `这是指向 ${target} 的链接；不会通过链接写入`,
  }),
  "write.differs": says({
    en: ({ files }: { files: string }) => `files of other content are in the way: ${files}`,
    zh: ({ files }) => `存在内容不同的同名文件：${files}`,
  }),
  "write.force": {
    en: "choose another folder, or replace these files with --force; others are never touched",
    zh: "请换一个目录，或用 --force 替换这些文件；其他文件不会被改动",
  },
  "write.edited": says({
    en: ({ files }: { files: string }) => `edited by hand since it was written: ${files}`,
    zh: ({ files }) => `生成后被手工修改过：${files}`,
  }),
  "write.editedHow": {
    en: "see the difference with regenerate --check, or replace them with --force",
    zh: "用 regenerate --check 查看差异，或用 --force 替换",
  },

  "summary.model": { en: "Model", zh: "模型" },
  "summary.hardware": { en: "GPUs", zh: "GPU" },
  "summary.engine": { en: "Precision, ZeRO", zh: "精度与 ZeRO" },
  "summary.offload": says({
    en: ({ offload }: { offload: string }) => `offload ${offload}`,
    zh: ({ offload }) => `卸载 ${offload}`,
  }),
  "summary.memory": { en: "Memory a GPU", zh: "每卡显存" },
  "summary.memoryOf": says({
    en: (v: { needed: string; available: string }) => `about ${v.needed} of ${v.available} GiB`,
    zh: (v) => `约 ${v.needed} / ${v.available} GiB`,
  }),
  "summary.batch": { en: "Global batch", zh: "全局批量" },
  "summary.tokens": { en: "Tokens a sample", zh: "每样本 token 数" },
  "summary.group": says({
    en: ({ group }: { group: number }) => `group of ${group}`,
    zh: ({ group }) => `每组 ${group}`,
  }),
  "summary.length": { en: "Length", zh: "训练长度" },
  "summary.epochs": says({
    en: ({ epochs }: { epochs: number }) => `${epochs} epochs; the steps follow from the data`,
    zh: ({ epochs }) => `${epochs} 轮；步数由数据决定`,
  }),
  "summary.steps": says({
    en: (v: { total: number; warmup: number }) =>
      `${number(v.total)} optimizer steps, ${number(v.warmup)} of them warm-up`,
    zh: (v) => `${number(v.total)} 个优化步，其中预热 ${number(v.warmup)} 步`,
  }),
  "summary.schedule": { en: "Schedule, peak", zh: "调度与峰值" },
  "summary.data": { en: "Data", zh: "数据" },
  "summary.targets": { en: "Written for", zh: "目标框架" },

  "create.files": says({ en: ({ dir }: { dir: string }) => `Files in ${dir}:`, zh: ({ dir }) => `${dir} 中的文件：` }),
  "create.confirm": { en: "Write these files?", zh: "写入这些文件？" },
  "create.wrote": says({
    en: (v: { count: number; dir: string }) => `Wrote ${v.count} ${v.count === 1 ? "file" : "files"} to ${v.dir}.`,
    zh: (v) => `已写入 ${v.count} 个文件到 ${v.dir}。`,
  }),
  "create.same": says({
    en: ({ dir }: { dir: string }) => `${dir} holds exactly this already.`,
    zh: ({ dir }) => `${dir} 的内容已经完全一致。`,
  }),
  "create.dryRun": { en: "Nothing was written (--dry-run).", zh: "未写入任何内容（--dry-run）。" },
  "create.next": { en: "Next:", zh: "下一步：" },
  "create.again": { en: "The same again, without questions:", zh: "以后可直接用这条命令重复：" },
  "create.defaults": says({
    en: ({ flags }: { flags: string }) => `Assumed, because nobody said otherwise: ${flags}`,
    zh: ({ flags }) => `未指定，采用默认：${flags}`,
  }),
  "create.counted": says({
    en: (v: { rows: number; data: string }) => `${number(v.rows)} samples in ${v.data}.`,
    zh: (v) => `${v.data} 中有 ${number(v.rows)} 条样本。`,
  }),
  "wizard.intro": {
    en: "A few questions; Enter takes the default. Every answer is also a flag (--help).",
    zh: "回答几个问题；回车采用默认值。每个答案也都有对应的参数（--help）。",
  },
  "wizard.other": says({
    en: ({ value }: { value: string }) => `“${value}” (a hub id or a path)`,
    zh: ({ value }) => `“${value}”（仓库 id 或路径）`,
  }),
  "wizard.needs": says({
    en: ({ needed }: { needed: string }) => `about ${needed} GiB a GPU`,
    zh: ({ needed }) => `每卡约 ${needed} GiB`,
  }),
  "wizard.tooMuch": says({
    en: ({ needed }: { needed: string }) => `about ${needed} GiB a GPU: does not fit`,
    zh: ({ needed }) => `每卡约 ${needed} GiB：放不下`,
  }),

  "regenerate.noManifest": { en: "there is no train-config.json in this folder", zh: "该目录中没有 train-config.json" },
  "regenerate.badManifest": {
    en: "this train-config.json was not written by create-train-config, or was damaged",
    zh: "该 train-config.json 不是由 create-train-config 生成，或已损坏",
  },
  "regenerate.current": says({
    en: ({ dir }: { dir: string }) => `${dir} is exactly what this version writes.`,
    zh: ({ dir }) => `${dir} 与当前版本生成的内容完全一致。`,
  }),
  "regenerate.drift": says({
    en: (v: { count: number; dir: string }) =>
      `${v.count} ${v.count === 1 ? "file" : "files"} in ${v.dir} ${v.count === 1 ? "differs" : "differ"} from what this version writes.`,
    zh: (v) => `${v.dir} 中有 ${v.count} 个文件与当前版本生成的内容不同。`,
  }),
  "regenerate.left": says({
    en: ({ files }: { files: string }) => `No longer part of this job, and left where they are: ${files}`,
    zh: ({ files }) => `不再属于该任务，仍保留在原处：${files}`,
  }),
  "regenerate.onDisk": { en: "on disk", zh: "磁盘上" },
  "regenerate.wouldBe": { en: "would be written", zh: "将要写入" },

  "format.unreadable": says({
    en: ({ file }: { file: string }) =>
      `${file} can only be read by Prettier, which is not installed there; the files are in Prettier's default style.`,
    zh: ({ file }) => `${file} 只能由 Prettier 读取，而那里没有安装 Prettier；文件采用 Prettier 默认风格。`,
  }),

  "help.usage": {
    en: "Usage: create-train-config [dir] [flags]   asks only what no flag answered\n\nWrites training configs that can't contradict each other, and checks others.",
    zh: "用法：create-train-config [目录] [参数]   参数已回答的问题不再提问\n\n生成不会互相矛盾的训练配置，并检查已有配置。",
  },
  "help.presets": { en: "list the presets, or print one", zh: "列出预设，或打印其中一个" },
  "help.regenerate": {
    en: "write a folder again from its answers",
    zh: "根据 train-config.json 重新生成目录",
  },
  "help.completion": { en: "print a shell completion script", zh: "打印 shell 补全脚本" },
  "help.commandsTitle": { en: "Commands:", zh: "命令：" },
  "help.optionsTitle": { en: "Options:", zh: "参数：" },
  "help.positionalsTitle": { en: "Positionals:", zh: "位置参数：" },
  "help.examplesTitle": { en: "Examples:", zh: "示例：" },
  "help.defaultTag": { en: "default:", zh: "默认：" },
  "help.jobTitle": { en: "The job:", zh: "任务：" },
  "help.toolTitle": { en: "The tool:", zh: "工具：" },
  "help.preset": { en: "start from a recipe:", zh: "从配方开始：" },
  "help.answers": { en: "answers in YAML or JSON; - is stdin", zh: "YAML 或 JSON 答案文件；- 表示标准输入" },
  "help.yes": { en: "take every default, ask nothing", zh: "全部采用默认值，不提问" },
  "help.force": { en: "replace files that we write; no others", zh: "替换由本工具写入的文件，不动其他文件" },
  "help.dryRun": { en: "show what would be written", zh: "只显示将写入的内容" },
  "help.check": { en: "regenerate: only say what differs, exit 1", zh: "regenerate：只报告差异，退出码 1" },
  "help.json": { en: "one JSON object on stdout", zh: "在标准输出打印一个 JSON 对象" },
  "help.lang": { en: "en or zh; else by the locale", zh: "en 或 zh；默认取决于系统语言" },
  "help.noColor": { en: "no colours (or NO_COLOR)", zh: "不使用颜色（或 NO_COLOR）" },
  "help.quiet": { en: "errors only on stderr", zh: "标准错误只输出错误" },
  "help.help": { en: "this page; with --all every flag", zh: "显示本页；加 --all 列出所有参数" },
  "help.all": { en: "with --help: every flag", zh: "与 --help 同用：列出所有参数" },
  "help.version": { en: "print the version", zh: "打印版本号" },
  "help.exampleWizard": { en: "ask, show, write", zh: "提问、展示、写入" },
  "help.examplePreset": { en: "a whole recipe, no questions", zh: "完整配方，不提问" },
  "help.exitCodes": {
    en: "Exit codes: 0 done, 1 findings/drift/no fit, 2 refused, 70 defect, 130 stopped",
    zh: "退出码：0 完成，1 有发现/有差异/放不下，2 被拒绝，70 程序缺陷，130 取消",
  },
  "help.create-npm": {
    en: "Also: npm create train-config@latest my-run -- --yes",
    zh: "也可以：npm create train-config@latest my-run -- --yes",
  },
} as const satisfies Record<string, Sentence>;
