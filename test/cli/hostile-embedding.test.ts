import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hostile, type Job, jobs, pwned, python, shellBlocks, started } from "./hostile.ts";

interface Start {
  readonly words: readonly string[];
  readonly stderr: string;
}

/** What an argument parser like the engine's makes of the words behind the module's name. */
interface Read {
  readonly model_name_or_path?: string;
  readonly train_data?: readonly string[];
  readonly output_dir?: string;
  readonly deepspeed?: string;
  readonly error?: string;
}

let made: ReadonlyMap<string, Job> = new Map();
const starts = new Map<string, Start>();
let read: Readonly<Record<string, Read>> = {};

/** The types are those of FlagEmbedding's dataclasses: a list for the data, a text for the rest. */
const argparse = `import argparse, json, sys
def read(words):
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--train_data", nargs="+")
    for name in ("--model_name_or_path", "--output_dir", "--deepspeed"):
        parser.add_argument(name)
    try:
        return vars(parser.parse_known_args(words)[0])
    except (argparse.ArgumentError, SystemExit) as error:
        return {"error": str(error)}
print(json.dumps({text: read(words) for text, words in json.load(sys.stdin).items()}))`;

beforeAll(async () => {
  made = await jobs("embedding");
  for (const { text, above, folder, code } of made.values()) {
    if (code !== 0) continue;
    const { commands, stderr } = await started(
      shellBlocks(readFileSync(path.join(folder, "README.md"), "utf8"))[1] ?? "",
      above,
    );
    starts.set(text, { words: commands[0] ?? [], stderr });
  }
  read = await python(
    argparse,
    Object.fromEntries([...starts].map(([text, { words }]) => [text, words.slice(words.indexOf("-m") + 2)])),
  );
});

describe.for(hostile)("launch.sh of an embedding job with %j as its model, data and output folder", (text) => {
  test("starts FlagEmbedding once, and nothing else", () => {
    expect(made.get(text)?.code).toBe(0);
    const { words = [], stderr } = starts.get(text) ?? {};
    expect(stderr).toBe("");
    expect(words.slice(0, 5)).toEqual(["torchrun", "--standalone", "--nproc_per_node", "8", "-m"]);
    expect(pwned(made.get(text)?.above ?? "")).toBe(false);
  });

  test("gives it exactly these texts, as an argument parser reads them", () => {
    expect(read[text]).toEqual({
      model_name_or_path: text,
      train_data: [text],
      output_dir: text,
      deepspeed: path.join(made.get(text)?.folder ?? "", "ds_config.json"),
    });
  });
});
