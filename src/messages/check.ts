import { says, type Sentence } from "./sentence.ts";

/** What `check` and `explain` say. */
export const check = {
  "help.checkCommand": { en: "find pitfalls in existing configs", zh: "在已有配置中查找陷阱并修正" },
  "help.explain": { en: "a pitfall, by name or log line", zh: "按名称或日志中的一行查找陷阱" },
  "help.format": { en: "check: text, json, sarif or github", zh: "check：text、json、sarif 或 github" },
  "help.fix": { en: "check: write the safe fixes", zh: "check：写入安全的修正" },
  "help.fixDryRun": { en: "check: print the fixes as a diff", zh: "check：以 diff 打印修正" },
  "help.maxWarnings": { en: "check: fail over this many warnings", zh: "check：警告超过该数时失败" },
  "help.rule": {
    en: "check: NAME=off|info|warning|error, may be repeated",
    zh: "check：NAME=off|info|warning|error，可重复",
  },
  "help.config": { en: "check: a file with rules and context", zh: "check：包含规则与环境的文件" },

  "check.noPath": says({
    en: ({ path }: { path: string }) => `there is no file or folder ${path}`,
    zh: ({ path }) => `没有文件或目录 ${path}`,
  }),
  "check.badFormat": says({
    en: ({ format }: { format: string }) => `there is no format ${format}`,
    zh: ({ format }) => `没有 ${format} 这种格式`,
  }),
  "check.formats": { en: "text, json, sarif or github", zh: "可选 text、json、sarif、github" },
  "check.badRule": says({
    en: ({ rule }: { rule: string }) => `"${rule}" is no NAME=off, info, warning or error`,
    zh: ({ rule }) => `“${rule}”不是 NAME=off、info、warning 或 error 的形式`,
  }),
  "check.unknownRule": says({
    en: ({ name }: { name: string }) => `there is no pitfall ${name}`,
    zh: ({ name }) => `没有名为 ${name} 的陷阱`,
  }),
  "check.badConfig": { en: "this is no config of check", zh: "这不是 check 的配置文件" },
  "check.configForm": {
    en: "keys: rules, ignore, maxWarnings, gpu, gpus, nodes, transformers, deepspeed, xtuner",
    zh: "可用的键：rules、ignore、maxWarnings、gpu、gpus、nodes、transformers、deepspeed、xtuner",
  },
  "check.configRules": {
    en: "rules: NAME: off, info, warning or error",
    zh: "rules 的形式：名称: off、info、warning 或 error",
  },
  "check.configIgnore": {
    en: "ignore: a list of patterns as in .gitignore",
    zh: "ignore 的形式：与 .gitignore 相同的模式列表",
  },
  "check.configCount": { en: "this must be a whole number, 1 or more", zh: "必须是大于等于 1 的整数" },
  "check.configText": { en: "this must be a name or a version", zh: "必须是名称或版本" },
  "check.badCount": { en: "this must be a whole number, 0 or more", zh: "必须是大于等于 0 的整数" },
  "check.nothing": says({
    en: ({ path }: { path: string }) => `${path}: no config of a training was found`,
    zh: ({ path }) => `${path}：没有找到训练配置`,
  }),
  "check.skipped": says({
    en: ({ file, reason }: { file: string; reason: string }) => `${file}: skipped, ${reason}`,
    zh: ({ file, reason }) => `${file}：已跳过，${reason}`,
  }),
  "check.binary": { en: "it is binary", zh: "是二进制文件" },
  "check.huge": { en: "it is larger than 1 MiB", zh: "大于 1 MiB" },
  "check.unreadable": { en: "it can't be read", zh: "无法读取" },
  "check.special": { en: "it is no file", zh: "不是普通文件" },
  "check.readOnly": says({
    en: ({ file }: { file: string }) => `${file}: not mended, it is read-only`,
    zh: ({ file }) => `${file}：只读文件，未作修改`,
  }),
  "check.deep": { en: "it nests or repeats more than any config does", zh: "嵌套过深或重复过多，不像是配置" },
  "check.clean": says({
    en: ({ files }: { files: number }) => `No pitfall in ${files} ${files === 1 ? "file" : "files"}.`,
    zh: ({ files }) => `${files} 个文件中没有发现陷阱。`,
  }),
  "check.summary": says({
    en: (v: { errors: number; warnings: number; infos: number; files: number }) =>
      `${v.errors} errors, ${v.warnings} warnings, ${v.infos} infos in ${v.files} files`,
    zh: (v) => `${v.files} 个文件中有 ${v.errors} 个错误、${v.warnings} 个警告、${v.infos} 个提示`,
  }),
  "check.fixable": says({
    en: ({ count }: { count: number }) => `${count} can be mended with --fix`,
    zh: ({ count }) => `其中 ${count} 个可用 --fix 修正`,
  }),
  "check.error": { en: "error", zh: "错误" },
  "check.warning": { en: "warning", zh: "警告" },
  "check.info": { en: "info", zh: "提示" },
  "check.instead": { en: "do", zh: "处理" },
  "check.see": { en: "see", zh: "参见" },
  "check.alsoAt": { en: "and", zh: "另见" },
  "check.asked": { en: "asked", zh: "要求" },
  "check.runs": { en: "runs", zh: "实际" },
  "check.step": { en: "step", zh: "步" },
  "check.flat": says({
    en: (v: { lr: string; from: string; to: string }) => `flat at ${v.lr} from step ${v.from} to ${v.to}`,
    zh: (v) => `从第 ${v.from} 步到第 ${v.to} 步保持 ${v.lr} 不变`,
  }),
  "check.nominal": says({
    en: ({ total }: { total: string }) => `over ${total} optimizer steps`,
    zh: ({ total }) => `共 ${total} 个优化器步`,
  }),
  "check.fixed": says({
    en: ({ file, count }: { file: string; count: number }) => `${file}: ${count} mended`,
    zh: ({ file, count }) => `${file}：已修正 ${count} 处`,
  }),
  "check.nothingToFix": { en: "Nothing that can be mended safely.", zh: "没有可以安全修正的地方。" },
  "check.before": { en: "as it is", zh: "现状" },
  "check.after": { en: "mended", zh: "修正后" },

  "explain.none": says({
    en: ({ words }: { words: string }) => `no pitfall is known by "${words}"`,
    zh: ({ words }) => `没有与“${words}”对应的陷阱`,
  }),
  "explain.list": { en: "explain without words lists all of them", zh: "不带参数的 explain 会列出全部" },
  "explain.more": { en: "Also", zh: "另外" },
} as const satisfies Readonly<Record<string, Sentence>>;
