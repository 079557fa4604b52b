import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bash, listing, room } from "./run.ts";
import { CLEAR, CTRL_C, DOWN, ENTER, noTerminal, type Session, start, startLine } from "./terminal.ts";

/** The labels of the questions that were answered, in order. */
const asked = (session: Session): readonly string[] =>
  [...session.shown().matchAll(/^✔ (.+?) \(/gm)].map((match) => match[1] ?? "");

/** Types a model into the search, and takes the first that was found once it is shown. */
async function chooseModel(session: Session, words: string, found: string): Promise<void> {
  await session.seen("? Model (");
  session.press(words);
  await session.seen(`❯ ${found}`);
  session.press(ENTER);
}

/** Enter counts only once the list is there. */
async function chooseCard(session: Session): Promise<void> {
  await session.seen("? GPU (");
  await session.seen("❯ a100-80");
  session.press(ENTER);
}

/** Takes the default of every question up to the last one. */
async function enterToTheEnd(session: Session): Promise<void> {
  await session.answer("Method");
  await chooseCard(session);
  for (const label of [
    "Number of GPUs",
    "Precision",
    "ZeRO stage",
    "Learning-rate schedule",
    "Sequence length",
    "Global batch",
    "Training data",
  ]) {
    await session.answer(label);
  }
  await session.seen("? Write these files?");
}

describe.skipIf(noTerminal !== null)(
  `the wizard on a terminal${noTerminal === null ? "" : ` (skipped: ${noTerminal})`}`,
  () => {
    test("a 72B job takes one search, Enters and one confirmation; the printed command then writes the same files elsewhere", async () => {
      const session = start(["run"]);
      await chooseModel(session, "qwen2-72b", "Qwen/Qwen2-72B");
      await enterToTheEnd(session);
      for (const word of [
        "Qwen/Qwen2-72B",
        "ZeRO-3",
        "Global batch",
        "└──",
        "Files in run:",
        "train.py",
        "xtuner_config.py",
        "train-config.json",
      ]) {
        expect(session.shown()).toContain(word);
      }
      expect(listing(session.cwd)).toEqual({});
      session.press(ENTER);
      expect(await session.code()).toBe(0);
      expect(asked(session).length).toBeLessThanOrEqual(10);
      expect(session.shown()).toContain("Wrote 11 files to run.");

      const command =
        /The same again, without questions:\n +npx create-train-config (.+--yes)\n/s.exec(session.shown())?.[1] ?? "";
      const { code, cwd } = await bash(`node "$BIN" ${command.replaceAll("\n", "")}`);
      expect(code).toBe(0);
      expect(listing(path.join(cwd, "run"))).toEqual(listing(path.join(session.cwd, "run")));
    });

    test("Ctrl-C at the first question, in the middle and at the last exits 130 and writes nothing", async () => {
      const first = start(["run"]);
      await first.seen("? Model (");
      first.press(CTRL_C);
      const middle = start(["run", "--model", "qwen2.5-7b", "--gpu", "h100"]);
      await middle.answer("Method");
      await middle.seen("? Number of GPUs (");
      middle.press(CTRL_C);
      const last = start([
        "run",
        "--preset",
        "qwen-7b",
        "--zero",
        "2",
        "--data",
        "d.jsonl",
        "--seq-len",
        "2048",
        "--global-batch",
        "128",
      ]);
      await last.seen("? Write these files?");
      last.press(CTRL_C);
      for (const session of [first, middle, last]) {
        expect(await session.code()).toBe(130);
        expect(session.shown()).toContain("Cancelled, nothing was written.");
        expect(session.shown()).not.toMatch(/ExitPromptError|^\s+at /m);
        expect(listing(session.cwd)).toEqual({});
      }
    });

    test("n at the last question exits 130 and writes nothing", async () => {
      const session = start([
        "run",
        "--preset",
        "qwen-7b",
        "--zero",
        "2",
        "--data",
        "d.jsonl",
        "--seq-len",
        "2048",
        "--global-batch",
        "128",
      ]);
      await session.seen("? Write these files?");
      session.press(`n${ENTER}`);
      expect(await session.code()).toBe(130);
      expect(session.shown()).toContain("Cancelled, nothing was written.");
      expect(listing(session.cwd)).toEqual({});
    });

    test("what flags, presets and answers said is not asked", async () => {
      const session = start(["run", "--preset", "qwen-7b", "--zero", "2"]);
      await session.seen(/\? (?!Write)[A-Z]/);
      session.press(CTRL_C);
      await session.code();
      for (const label of [
        "Model",
        "Method",
        "GPU",
        "Number of GPUs",
        "Precision",
        "ZeRO stage",
        "Learning-rate schedule",
      ]) {
        expect(session.shown()).not.toContain(`? ${label} (`);
      }
    });

    test("--yes asks nothing on a terminal either, and CI neither", async () => {
      const yes = start(["run", "--yes"]);
      expect(await yes.code()).toBe(0);
      const ci = start(["run"], { env: { CI: "true" } });
      expect(await ci.code()).toBe(2);
      for (const session of [yes, ci]) expect(session.shown()).not.toContain("? ");
    });

    test("a wrong number is refused with its reason and asked again", async () => {
      const session = start(["run", "--model", "qwen2.5-7b", "--gpu", "h100", "--method", "full"]);
      await session.answer("Number of GPUs", "eight");
      await session.seen('"eight" is not a whole number from 1 to 65,536');
      session.press(`${CLEAR}0`);
      await session.seen("0");
      session.press(ENTER);
      await session.seen("0 is not a whole number from 1 to 65,536");
      session.press(`${CLEAR}4${ENTER}`);
      await session.seen("? Precision (");
      session.press(CTRL_C);
      expect(await session.code()).toBe(130);
    });

    test("a batch that does not go with the GPUs is refused as soon as it is typed", async () => {
      const job = [
        "--model",
        "qwen2.5-7b",
        "--gpu",
        "h100",
        "--gpus",
        "8",
        "--method",
        "full",
        "--precision",
        "bf16",
        "--zero",
        "3",
      ];
      const session = start(["run", ...job, "--scheduler", "cosine", "--seq-len", "2048"]);
      await session.answer("Global batch", "100");
      await session.seen("nearest global batches: 96, 104");
      session.press(CTRL_C);
      expect(await session.code()).toBe(130);
    });

    test("a choice that contradicts the answers so far can't be taken", async () => {
      const session = start(["run", "--model", "qwen2.5-7b", "--gpu", "v100-32", "--gpus", "8", "--method", "qlora"]);
      await session.seen("? Precision (");
      await session.seen(/bf16 .*no bf16/s);
      session.press(ENTER);
      await session.seen("? ZeRO stage (");
      await session.seen(/3.*QLoRA does not go with ZeRO-3/s);
      session.press(CTRL_C);
      expect(await session.code()).toBe(130);
    });

    test("a model that nobody knows is asked for its size; a path to nowhere is refused", async () => {
      const session = start(["run"]);
      await session.seen("? Model (");
      session.press("./nowhere");
      await session.seen("❯ ./nowhere");
      session.press(ENTER);
      await session.seen("no such folder or file");
      session.press(`${CLEAR}acme/brand-new`);
      await session.seen("❯ acme/brand-new");
      session.press(ENTER);
      await session.answer("Model size", "13B");
      await session.seen("? Method (");
      session.press(CTRL_C);
      expect(await session.code()).toBe(130);
    });

    test("a card that contradicts the flags is refused with the reason", async () => {
      const session = start(["run", "--model", "qwen2.5-7b", "--method", "full", "--precision", "bf16"]);
      await session.seen("? GPU (");
      session.press("v100-32");
      await session.seen("❯ v100-32");
      session.press(ENTER);
      await session.seen("v100-32 — Tesla V100 32GB\n❯");
      session.press(ENTER);
      await session.seen("Tesla V100 32GB has no bf16");
      session.press(CTRL_C);
      expect(await session.code()).toBe(130);
    });

    test("an embedding model is asked about passages and not about sequences", async () => {
      const session = start(["run"]);
      await chooseModel(session, "bge-m3", "BAAI/bge-m3");
      await session.answer("Method");
      await chooseCard(session);
      for (const label of ["Number of GPUs", "Precision", "ZeRO stage", "Learning-rate schedule", "Passage length"])
        await session.answer(label);
      await session.seen("? Global batch (");
      session.press(CTRL_C);
      await session.code();
      expect(session.shown()).not.toContain("Sequence length");
    });

    test("another choice than the default is taken with the arrow keys", async () => {
      const session = start(["run", "--model", "qwen2.5-7b", "--gpu", "h100", "--gpus", "8"]);
      await session.seen("? Method (");
      session.press(DOWN);
      await session.seen("❯ lora");
      session.press(ENTER);
      await session.seen(/✔ Method .*lora/s);
      session.press(CTRL_C);
      await session.code();
    });

    test("speaks Chinese with --lang zh and under a Chinese locale", async () => {
      for (const session of [start(["run", "--lang", "zh"]), start(["run"], { env: { LANG: "zh_CN.UTF-8" } })]) {
        await session.seen("? 模型 (");
        session.press(CTRL_C);
        expect(await session.code()).toBe(130);
        expect(session.shown()).toContain("已取消");
      }
    });

    test("is shown on the terminal while stdout goes to a file, which holds results only", async () => {
      const cwd = room();
      const session = startLine(
        'node "$BIN" run --preset qwen-7b --zero 2 --data d.jsonl --seq-len 2048 --global-batch 128 --json > result.json',
        { cwd },
      );
      await session.seen("? Write these files?");
      session.press(ENTER);
      expect(await session.code()).toBe(0);
      const result = readFileSync(path.join(cwd, "result.json"), "utf8");
      expect((JSON.parse(result) as { dir: string }).dir).toBe("run");
      expect(result).not.toContain("\u001b");
    });

    test("is not started where only stdin is a terminal", async () => {
      const session = startLine('node "$BIN" run 2> talk; code=$?; cat talk; exit $code');
      expect(await session.code()).toBe(2);
      expect(session.shown()).toContain("--model, --gpu, --gpus");
    });

    test("lists presets without colours when they go into a pipe", async () => {
      const session = startLine('node "$BIN" presets | od -c | grep -c 033; exit 0');
      await session.code();
      expect(session.shown().trim()).toBe("0");
    });
  },
);
