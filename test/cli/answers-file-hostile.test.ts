import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "vitest";
import { bash, expectRefused, put, refused, room } from "./run.ts";

/** Refused with these words, on one line a complaint, and without a word of Node's own. */
async function refusedFile(content: string | Uint8Array, ...words: string[]): Promise<void> {
  const cwd = room();
  put(cwd, "hostile", content);
  await refused(["run", "--answers", "hostile"], ["hostile", ...words], { cwd });
}

describe.concurrent("an answers file is refused", () => {
  test.for([
    ["with a key that stands twice, in YAML", "gpus: 8\ngpus: 16\n", ["hostile:2:1", "second time"]],
    ["with a key that stands twice, in JSON", '{"gpus": 8, "gpus": 16}', ["hostile:1:13", "second time"]],
    ["with __proto__ in JSON", '{"__proto__": {"gpus": 8}}', ["__proto__"]],
    ["with __proto__ in YAML", "__proto__: {gpus: 8}\n", ["__proto__"]],
    ["with constructor", "constructor: {prototype: {gpus: 8}}\n", ["constructor"]],
    ["with toString", '{"toString": 1, "hasOwnProperty": 2}', ["toString", "hasOwnProperty"]],
    ["with a merge key", "<<: {gpus: 8}\n", ["<<"]],
    ["with a tag of JavaScript", "model: !!js/function 'x'\n", ["hostile:1:8"]],
    ["with a tag of Python", "model: !!python/object/apply:os.system ['touch pwned']\n", ["hostile:1:8"]],
    ["with bytes", "data: !!binary aGVsbG8=\n", ["data"]],
    ["with several documents", "gpus: 8\n---\ngpus: 16\n", ["mapping of answers"]],
    ["with an alias of nothing", "model: *nothing\n", ["nothing"]],
    ["with an alias of itself", "data: &a [*a]\n", []],
    ["that is a list", "- gpus\n- 8\n", ["mapping of answers"]],
    ["that is a list in JSON", "[]", ["mapping of answers"]],
    ["that is empty", "", ["mapping of answers"]],
    ["that is comments only", "# nothing\n", ["mapping of answers"]],
    ["that is null", "null\n", ["mapping of answers"]],
    ["that is one word", "qwen2.5-7b\n", ["mapping of answers"]],
    ["that ends too early", '{"gpus": 8', ["hostile:1"]],
    ["that is indented with tabs in YAML", "model: x\nmore:\n\tgpus: 8\n", ["hostile:3"]],
    ["that is TOML", "gpus = 8\nmodel = 'x'\n", ["mapping of answers"]],
  ] as const)("%s", async ([, content, words]) => {
    await refusedFile(content, ...words);
  });

  test("that is not UTF-8", async () => {
    await refusedFile(Uint8Array.of(0xff, 0xfe, 0x67, 0x00), "not UTF-8");
    await refusedFile(Buffer.from("data: 训练.jsonl\n", "utf16le"), "");
    await refusedFile(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xd6, 0xd0), "not UTF-8");
  });

  test("that is a program", async () => {
    await refusedFile(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0), "");
  });

  test("whose aliases would grow to a million values", async () => {
    const rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [above, name] of [
      ["a", "b"],
      ["b", "c"],
      ["c", "d"],
      ["d", "e"],
      ["e", "f"],
    ]) {
      rows.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${above}`).join(", ")}]`);
    }
    await refusedFile(rows.join("\n"), "too many aliases");
  });

  test.for([
    ["lists", "[".repeat(100_000)],
    ["lists that are closed", `data: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["mappings", '{"a":'.repeat(50_000)],
    ["dashes", "- ".repeat(50_000)],
  ] as const)("with %s nested without end", async ([, content]) => {
    await refusedFile(content, "nested too deeply");
  });

  test("of 50 MB, without being read", async () => {
    await refusedFile(Buffer.alloc(50_000_000, "#"), "1 MiB");
  });

  test("that is a folder, is missing, or lies under a file", async () => {
    const cwd = room();
    mkdirSync(path.join(cwd, "folder"));
    put(cwd, "file", "");
    await refused(["run", "--answers", "folder"], ["folder", "this is a folder"], { cwd });
    await refused(["run", "--answers", "missing.yaml"], ["missing.yaml", "no such file"], { cwd });
    await refused(["run", "--answers", "file/a.yaml"], ["file/a.yaml"], { cwd });
  });
});

describe.concurrent("standard input with answers", () => {
  test("that never ends is read up to the limit", async () => {
    expectRefused(await bash('yes "gpus: 8" | node "$BIN" run --answers=-'), "stdin", "1 MiB");
  });
  test("that a device feeds is read up to the limit", async () => {
    expectRefused(await bash('node "$BIN" run --answers /dev/zero'), "/dev/zero", "1 MiB");
  });
  test("that is closed is an empty file", async () => {
    await refused(["run", "--answers=-"], ["stdin", "mapping of answers"]);
    expectRefused(await bash('node "$BIN" run --answers=- <&-'), "stdin");
  });
  test("comes from a process just as well", async () => {
    expectRefused(await bash('node "$BIN" run --answers <(echo "gpus: 0")'), "gpus", "whole number");
  });
});
