import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bash, JOB, run, succeeds } from "./run.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

interface Printed {
  readonly dir: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  readonly plan: { readonly batch: { readonly global: number } };
  readonly notes: readonly string[];
}

test.concurrent("--version and -v print the number of package.json and nothing else", async () => {
  for (const flag of ["--version", "-v"]) {
    const { code, stdout, stderr } = await run([flag]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  }
});

describe.concurrent("create", () => {
  test("puts the paths that it wrote on stdout and everything else on stderr", async () => {
    const { stdout, stderr, after } = await succeeds(["run", ...JOB]);
    const written = Object.keys(after).filter((name) => name !== "run");
    expect(stdout.trimEnd().split("\n").sort()).toEqual(written.sort());
    expect(written).toContain(path.join("run", "train-config.json"));
    expect(stderr).toContain("Global batch");
    expect(stderr).toContain("npx create-train-config run --model qwen2.5-7b");
  });

  test("--json prints one object, whose digests and sizes are those of the files on disk", async () => {
    const { stdout, cwd, after } = await succeeds(["run", ...JOB, "--json"]);
    const { dir, files, plan, notes } = JSON.parse(stdout) as Printed;
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(dir).toBe("run");
    expect(plan.batch.global).toBeGreaterThan(0);
    expect(notes).toBeInstanceOf(Array);
    expect(files.map((file) => path.join(dir, file.path)).sort()).toEqual(
      Object.keys(after).filter((name) => name !== "run"),
    );
    for (const { path: name, bytes, sha256 } of files) {
      const content = readFileSync(path.join(cwd, dir, name));
      expect({ name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") }).toEqual({
        name,
        bytes,
        sha256,
      });
    }
  });

  test("--json keeps to its keys", async () => {
    const { stdout } = await succeeds(["run", ...JOB, "--json", "--dry-run"]);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(["dir", "files", "plan", "notes"]);
  });

  test("--json of a job that is refused leaves stdout empty", async () => {
    const { code, stdout } = await run(["run", ...JOB, "--zero", "1", "--offload", "all", "--json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("--dry-run shows the same files and digests as a real run and writes nothing", async () => {
    const dry = await succeeds(["run", ...JOB, "--json", "--dry-run"]);
    const real = await succeeds(["run", ...JOB, "--json"]);
    expect(dry.after).toEqual({});
    expect(dry.stdout).toBe(real.stdout);
    expect((await succeeds(["run", ...JOB, "--dry-run"])).stderr).toContain("Nothing was written (--dry-run).");
  });

  test("--dry-run refuses what a real run would refuse", async () => {
    const { cwd } = await succeeds(["run", ...JOB]);
    const { code, stderr } = await run(["run", ...JOB, "--lr", "1e-6", "--dry-run"], { cwd });
    expect(stderr).toContain("files of other content are in the way");
    expect(code).toBe(2);
  });

  test("--quiet says nothing on stderr, but still says errors", async () => {
    expect((await succeeds(["run", ...JOB, "--quiet"])).stderr).toBe("");
    expect((await run(["run", ...JOB, "--quiet", "--zero", "9"])).stderr).toContain("--zero");
  });

  test("a reader that has gone away (| head) is no error and leaves no stack trace", async () => {
    const { code, stderr, after } = await bash('{ node "$BIN" run "$@" --quiet; echo "exit $?" >&2; } | true', JOB);
    expect(stderr).toBe("exit 0\n");
    expect(after).toHaveProperty("run/train-config.json");
    expect(code).toBe(0);
  });

  test.skipIf(!existsSync("/dev/full"))(
    "a full disk under stdout ends in a message, not in a stack trace",
    async () => {
      const { code, stderr } = await bash('node "$BIN" run "$@" --quiet > /dev/full', JOB);
      expect(stderr).toMatch(/^error: .+\n/);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(code).toBe(2);
    },
  );
});

describe.concurrent("colour", () => {
  const ESC = "\u001b[";
  const colour = async (args: readonly string[], env: Record<string, string>) =>
    (await run(["run", ...JOB, ...args], { env })).stderr.includes(ESC);

  test("is not in a pipe", async () => {
    expect(await colour([], {})).toBe(false);
  });
  test("is where FORCE_COLOR asks for it, and never on stdout", async () => {
    const { stdout, stderr } = await run(["run", ...JOB], { env: { FORCE_COLOR: "1" } });
    expect(stderr).toContain(ESC);
    expect(stdout).not.toContain(ESC);
  });
  test("is not where FORCE_COLOR is 0", async () => {
    expect(await colour([], { FORCE_COLOR: "0" })).toBe(false);
  });
  test("is not where NO_COLOR is set, whatever FORCE_COLOR says", async () => {
    expect(await colour([], { NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(false);
  });
  test("is not with --no-color, whatever FORCE_COLOR says, in an error either", async () => {
    expect(await colour(["--no-color"], { FORCE_COLOR: "1" })).toBe(false);
    expect(await colour(["--no-color", "--zero", "9"], { FORCE_COLOR: "1" })).toBe(false);
    expect(await colour(["--zero", "9"], { FORCE_COLOR: "1" })).toBe(true);
  });
});
