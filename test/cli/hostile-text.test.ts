import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { x } from "tinyexec";
import { beforeAll, describe, expect, test } from "vitest";
import { readFlags } from "../../src/cli/flags.ts";
import { hostile, type Job, jobs, pwned, python, shellBlocks, started } from "./hostile.ts";
import { expectPlainWords, listing, put, succeeds } from "./run.ts";

let made: ReadonlyMap<string, Job> = new Map();
/** The text constants of each Python file, by its path. */
let constants: Readonly<Record<string, readonly string[]>> = {};

const job = (text: string): Job => {
  const found = made.get(text);
  if (found === undefined) throw new Error(`no job for ${text}`);
  return found;
};
const read = (text: string, name: string): string => readFileSync(path.join(job(text).folder, name), "utf8");

beforeAll(async () => {
  made = await jobs("sft");
  const files = [...made.values()]
    .filter((each) => each.code === 0)
    .flatMap(({ folder }) => ["train.py", "xtuner_config.py"].map((name) => path.join(folder, name)));
  constants = await python(
    `import ast, json, sys
strings = lambda file: [node.value for node in ast.walk(ast.parse(open(file, "rb").read())) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
print(json.dumps({file: strings(file) for file in json.load(sys.stdin)}))`,
    files,
  );
});

describe.for(hostile)("%j as a folder, a model, a data path and an output folder", (text) => {
  test("is written, with no control characters in what is said", () => {
    const { code, stderr } = job(text);
    // The command to type again has to hold them, or it would not be the same command.
    expectPlainWords(stderr.slice(0, stderr.indexOf("Next:")));
    expect(stderr).not.toMatch(/^error/m);
    expect(code).toBe(0);
  });

  test("comes out of every JSON file as it went in", () => {
    const { answers, name } = JSON.parse(read(text, "train-config.json")) as {
      answers: Record<string, string>;
      name: string;
    };
    expect({ name, ...answers }).toMatchObject({ name: text, model: text, data: text, outputDir: text });
    expect(JSON.parse(read(text, "training_args.json"))).toMatchObject({ output_dir: text });
    for (const file of readdirSync(job(text).folder).filter((each) => each.endsWith(".json")))
      JSON.parse(read(text, file));
  });

  test("is a literal of its own in both Python files, and of nothing else", () => {
    const { folder } = job(text);
    expect(constants[path.join(folder, "train.py")]?.filter((each) => each === text).length).toBeGreaterThanOrEqual(2);
    expect(
      constants[path.join(folder, "xtuner_config.py")]?.filter((each) => each === text).length,
    ).toBeGreaterThanOrEqual(3);
  });

  test("is said by the README's commands as it was said the first time, and starts nothing else", async () => {
    const { above, folder } = job(text);
    const at = (name: string): string => path.join(folder, name);
    const blocks = shellBlocks(read(text, "README.md"));
    expect(blocks).toHaveLength(5);
    put(above, path.join(text, "last_checkpoint"), "last");
    const { commands, stderr } = await started(blocks.join("\n"), above);
    rmSync(at("last_checkpoint"));
    expect(stderr).toBe("");
    expect(commands).toHaveLength(6);
    const [pip, hf, xtuner, convert, regenerate, create] = commands;
    expect(pip?.[0]).toBe("pip");
    expect(hf).toEqual(["torchrun", "--standalone", "--nproc_per_node", "8", at("train.py")]);
    expect(xtuner).toEqual(expect.arrayContaining(["torchrun", at("xtuner_config.py"), at("ds_config.xtuner.json")]));
    const [program, ...words] = convert ?? [];
    expect([program, words[0], words[1], words[3]]).toEqual(["xtuner", "convert", "pth_to_hf", "last"]);
    expect(path.resolve(above, words[2] ?? "")).toBe(at("xtuner_config.py"));
    expect(path.resolve(above, words[4] ?? "")).toBe(path.join(above, text, "hf"));
    expect(await understood(regenerate, above)).toMatchObject({ command: "regenerate", folder });
    expect(await understood(create, above)).toMatchObject({
      command: "create",
      folder,
      model: text,
      data: text,
      outputDir: text,
    });
    expect(pwned(above)).toBe(false);
  });

  test("is said by the command printed at the end as it was said the first time", async () => {
    const { above, folder, stderr } = job(text);
    const { commands } = await started(stderr.slice(stderr.indexOf("\n  npx ") + 1), above);
    expect(await understood(commands[0], path.dirname(above))).toMatchObject({
      folder,
      model: text,
      data: text,
      outputDir: text,
    });
    expect(pwned(above)).toBe(false);
  });
});

/** What the command makes of the words that npx was started with. */
async function understood(words: readonly string[] | undefined, cwd: string): Promise<object> {
  expect(words?.slice(0, 2)).toEqual(["npx", "create-train-config"]);
  const { command, positionals, answers } = await readFlags(words?.slice(2) ?? []);
  return { command, folder: path.resolve(cwd, positionals[0] ?? ""), ...answers };
}

test("every shell script that was written is one", async () => {
  const scripts = [...made.values()]
    .filter((each) => each.code === 0)
    .flatMap(({ folder }) => ["launch.sh", "launch.xtuner.sh"].map((name) => path.join(folder, name)));
  const { exitCode, stderr } = await x("bash", [
    "--norc",
    "-c",
    'for script; do bash -n "$script" || exit; done',
    "bash",
    ...scripts,
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("a folder made again by its README's command is the same folder, byte for byte", async () => {
  const text = hostile[0] ?? "";
  const { folder, above } = job(text);
  const { commands } = await started(shellBlocks(read(text, "README.md"))[4] ?? "", above);
  const before = listing(folder);
  renameSync(folder, `${folder} before`);
  cpSync(path.join(path.dirname(above), text), path.join(above, text), { recursive: true });
  // The model lies where the folder goes: they share a name, and no file.
  await succeeds(commands[0]?.slice(2) ?? [], { cwd: above });
  rmSync(path.join(folder, "config.json"));
  expect(listing(folder)).toEqual(before);
});
