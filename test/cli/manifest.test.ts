import { describe, expect, test } from "vitest";
import { bash, expectRefused, JOB, put, refused, room, succeeds } from "./run.ts";

const made = await succeeds(["run", ...JOB, "--json", "--dry-run"]);
const answers = { model: "qwen2.5-7b", gpu: "a100-80", gpus: 8, targets: ["hf"] };
const manifest = {
  tool: "create-train-config",
  version: "0.1.0",
  name: "run",
  language: "en",
  preset: null,
  answers,
  versions: {},
  files: {},
};

/** Regenerating from this train-config.json is refused, and nothing is written anywhere. */
async function refusedManifest(text: string | Uint8Array, ...words: string[]): Promise<void> {
  const cwd = room();
  put(cwd, "run/train-config.json", text);
  put(cwd, "outside", "mine");
  await refused(["regenerate", "run", "--force"], ["train-config.json", ...words], { cwd });
}

/** The manifest with one property replaced, as text, so that a key may be one that an object can't have. */
const having = (key: string, value: string): string => {
  const rest = Object.entries(manifest).filter(([name]) => name !== key);
  return `{${[...rest.map(([name, each]) => `${JSON.stringify(name)}: ${JSON.stringify(each)}`), `${JSON.stringify(key)}: ${value}`].join(", ")}}`;
};

describe.concurrent("a train-config.json", () => {
  test("of this form is followed (the control of this file)", async () => {
    expect(made.code).toBe(0);
    const cwd = room();
    put(cwd, "run/train-config.json", having("language", '"en"'));
    await succeeds(["regenerate", "run"], { cwd });
  });

  test.for([
    ["is empty", ""],
    ["was cut off", having("files", "{}").slice(0, -5)],
    ["is no JSON", "gpus: 8\n"],
    ["is a list", "[]"],
    ["is null", "null"],
    ["is of another tool", having("tool", '"npm"')],
    ["has no answers", having("answers", "null")],
    ["has a list of answers", having("answers", "[1]")],
    ["is in a language that is not spoken here", having("language", '"fr"')],
    ["names a file above its folder", having("files", '{"../outside": "sha256:0"}')],
    ["names a file at the root", having("files", '{"/etc/passwd": "sha256:0"}')],
    ["names a file in a subfolder", having("files", '{"a/b": "sha256:0"}')],
    ["has a name that is a path", having("name", '"../run"')],
    ["has a name that is the folder above", having("name", '".."')],
    ["has no name", having("name", '""')],
    [
      "has a model that is none",
      having("modelFile", '{"architecture": {"layers": 1e9}, "params": 1, "exact": true, "family": null}'),
    ],
    [
      "has a model of a family that is none",
      having("modelFile", '{"architecture": {}, "params": 1, "exact": true, "family": "__proto__"}'),
    ],
  ] as const)("that %s is refused", async ([, text]) => {
    await refusedManifest(text, "not written by create-train-config, or was damaged");
  });

  test.for([
    ["an answer that is none", having("answers", '{"gpus": "eight"}'), "gpus"],
    ["an unknown answer", having("answers", '{"gpu": "h100", "gpsu": 8}'), "gpus"],
    ["__proto__ among its answers", having("answers", '{"__proto__": {"gpus": 8}}'), "__proto__"],
    ["constructor among its answers", having("answers", '{"constructor": {"gpus": 8}}'), "constructor"],
    ["a preset that does not exist", having("preset", '"qwen2-27b"'), "qwen2-72b"],
  ] as const)("with %s is refused by its place", async ([, text, word]) => {
    await refusedManifest(text, word);
  });

  test("that is not UTF-8 or starts with a byte order mark does not end in a stack trace", async () => {
    await refusedManifest(Uint8Array.of(0xff, 0xfe, 0x7b, 0x00), "damaged");
  });

  test("that is a folder, or a pipe that never ends, is refused at once", async () => {
    expectRefused(
      await bash(
        'mkdir -p run/train-config.json; node "$BIN" regenerate run; code=$?; rmdir -p run/train-config.json; exit $code',
      ),
      "train-config.json",
    );
    expectRefused(
      await bash('mkdir run; mkfifo run/train-config.json; node "$BIN" regenerate run; code=$?; rm -r run; exit $code'),
      "train-config.json",
    );
  });
});
