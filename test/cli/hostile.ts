import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { x } from "tinyexec";
import { environment, put, room, run } from "./run.ts";

/**
 * Texts that some format, shell or template could take for words of its own. Each is used as a folder, a model, a data path
 * and an output folder, and has to come out of every file as it went in.
 */
export const hostile: readonly string[] = [
  'it\'s "said"; $(touch pwned) `touch pwned` && touch pwned | tee pwned # $HOME ${PATH} !x *?[a] <b>&amp;',
  "{{x}} {{{y}}} {{#if z}} {% w %} ''' \"\"\" %s %(x)s 100%",
  "\\ back\\slash \\n end\\",
  "line\nbreak\n# heading\n```\ntouch pwned\n```\nend",
  "tab\there return\rescape \u001b[31mred\u001b[0m bell\u0007 del\u007f next\u0085line",
  "中文 路径 🚀👩‍💻 e\u0301 \u202etxt.exe\u2066 \u00a0\u2028\u2029\ufeff",
  "-x",
  "--yes",
  "'",
  "'quoted'",
  '"quoted"',
  "'''",
  "`",
  "\\",
  " outer space ",
  "#hash",
  "~",
  "=ls",
  "{{x}}",
  "8",
  "*",
  "- [ ] list",
];

/** One job for which a hostile text was used wherever a text can be. */
export interface Job {
  readonly text: string;
  /** The folder above the one that was written. */
  readonly above: string;
  readonly folder: string;
  readonly code: number | undefined;
  readonly stderr: string;
}

const language = {
  model_type: "qwen2",
  architectures: ["Qwen2ForCausalLM"],
  num_key_value_heads: 2,
  vocab_size: 151936,
};
const embedder = { model_type: "xlm-roberta", architectures: ["XLMRobertaModel"], vocab_size: 250002 };
const shape = {
  hidden_size: 896,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  intermediate_size: 4864,
  max_position_embeddings: 8194,
};

/** Writes a job for a text, as `out/<text>`, next to a model folder of the same name. */
export async function job(text: string, kind: "sft" | "embedding"): Promise<Job> {
  const cwd = room();
  put(cwd, path.join(text, "config.json"), JSON.stringify({ ...shape, ...(kind === "sft" ? language : embedder) }));
  const above = path.join(cwd, "out");
  const words = [`--model=${text}`, `--data=${text}`, `--output-dir=${text}`, "--gpu", "a100-80", "--gpus", "8"];
  const { code, stderr } = await run([`out/${text}`, ...words, ...(kind === "sft" ? [] : ["--task", "embedding"])], {
    cwd,
  });
  return { text, above, folder: path.join(above, text), code, stderr };
}

/** The jobs of all hostile texts, a few processes at a time. */
export async function jobs(kind: "sft" | "embedding"): Promise<ReadonlyMap<string, Job>> {
  const done = new Map<string, Job>();
  const waiting = [...hostile];
  const worker = async (): Promise<void> => {
    for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) done.set(text, await job(text, kind));
  };
  await Promise.all([worker(), worker(), worker()]);
  return done;
}

/** The lines of every fenced shell block of a README. */
export function shellBlocks(readme: string): readonly string[] {
  return [...readme.matchAll(/^(`{3,})sh\n(.*?)\n\1$/gms)].map(([, , lines]) => lines ?? "");
}

const programs = ["torchrun", "xtuner", "npx", "pip"];
// How many words, then the words, each ended by NUL: an empty word and a line break are words like any other.
const stub = `#!/bin/bash\nprintf '%s\\0' "$#" "\${0##*/}" "$@" >> "$RECORD"\n`;

/** Runs lines of shell in a folder in which programs are stand-ins, and gives the words that each of them was started with. */
export async function started(
  lines: string,
  cwd: string,
): Promise<{ code: number | undefined; stderr: string; commands: readonly (readonly string[])[] }> {
  const bin = path.join(path.dirname(cwd), "stand-ins");
  for (const program of existsSync(bin) ? [] : programs) chmodSync(put(bin, program, stub), 0o755);
  const record = path.join(bin, "record");
  rmSync(record, { force: true });
  const env = environment({ RECORD: record, PATH: `${bin}:${process.env["PATH"]}` });
  const { exitCode, stderr } = await x("bash", ["--norc", "-c", lines], {
    nodePath: false,
    nodeOptions: { cwd, env, stdio: ["ignore", "pipe", "pipe"] },
  });
  const words = existsSync(record) ? readFileSync(record, "utf8").split("\0").slice(0, -1) : [];
  const commands: string[][] = [];
  while (words.length > 0) commands.push(words.splice(0, Number(words.shift()) + 1));
  return { code: exitCode, stderr, commands };
}

/** Runs a Python program that reads JSON and prints JSON. */
export async function python<Answer>(program: string, input: unknown): Promise<Answer> {
  const { stdout, stderr } = await x("python3", ["-c", program], {
    stdin: JSON.stringify(input),
    nodePath: false,
    nodeOptions: { env: environment({ PYTHONIOENCODING: "utf-8" }) },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

/** Whether one of the hostile texts was run. */
export const pwned = (above: string): boolean =>
  [above, path.dirname(above)].some((folder) => existsSync(path.join(folder, "pwned")));
