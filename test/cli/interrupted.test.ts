import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bash, expectRefused, JOB, type Listing, listing, put, type Ran, room, run, succeeds } from "./run.ts";

const hook = fileURLToPath(new URL("./kill-at.js", import.meta.url));
const job = (...more: string[]): string[] => ["run", ...JOB, "--quiet", ...more];

/** A run that is killed right before its n-th change of the disk. */
const killedAt = (change: number, args: readonly string[], cwd: string): Promise<Ran> =>
  run(args, { cwd, env: { NODE_OPTIONS: `--import=${hook}`, KILL_AT: String(change) } });

/** What the folder holds besides left-overs of ours, which have our name in theirs. */
const kept = (all: Listing): Listing =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !/(^|\/)\.[^/]*\.tmp-/.test(name)));

describe("kill -9", () => {
  test("at any moment leaves a new folder whole or not there at all", async () => {
    const whole = listing(path.join((await succeeds(job())).cwd, "run"));
    const seen = new Set<string>();
    for (let change = 1; ; change += 1) {
      const cwd = room();
      const { code, after } = await killedAt(change, job(), cwd);
      const there = "run" in after;
      seen.add(there ? "there" : "missing");
      if (there) expect(listing(path.join(cwd, "run"))).toEqual(whole);
      else expect(kept(after)).toEqual({});
      if (code === 0) break;
    }
    expect([...seen].sort()).toEqual(["missing", "there"]);
  });

  test("at any moment of a replacement leaves every file whole, old or new, and every foreign file as it was", async () => {
    const cwd = room();
    await succeeds(job(), { cwd });
    put(cwd, "run/notes.txt", "mine");
    put(cwd, "run/checkpoints/weights.bin", "mine");
    const before = kept(listing(cwd));
    const target = await succeeds(job("--lr", "3e-6"));
    const changed = Object.keys(target.after).filter((name) => target.after[name] !== before[name]);
    let finished = false;
    for (let change = 1; !finished; change += 4) {
      const { code, after } = await killedAt(change, job("--lr", "3e-6", "--force"), cwd);
      const now = kept(after);
      expect(Object.keys(now)).toEqual(Object.keys(before));
      for (const [name, content] of Object.entries(now)) {
        expect(changed.includes(name) ? [before[name], target.after[name]] : [before[name]]).toContain(content);
      }
      finished = code === 0;
    }
    expect(kept(listing(cwd))).toMatchObject(target.after);
  });
});

describe.concurrent("a disk that refuses leaves everything as it was:", () => {
  const setting = async (): Promise<string> => {
    const cwd = room();
    put(cwd, "run/notes.txt", "mine");
    put(cwd, "run/train.py", "print('mine')\n");
    return cwd;
  };

  test("files that may not grow past a limit", async () => {
    expectRefused(await bash('ulimit -f 1; exec node "$BIN" a/b/run "${@:2}"', job()), "a/b/run", "EFBIG");
    expectRefused(
      await bash('ulimit -f 1; exec node "$BIN" "$@"', job("--force"), { cwd: await setting() }),
      "run",
      "EFBIG",
    );
  });

  test("a working directory that is no more", async () => {
    expectRefused(await bash('mkdir gone && cd gone && rmdir ../gone && exec node "$BIN" "$@"', job()), "no such file");
  });

  test.skipIf(!existsSync("/proc/self"))("/proc, in which nothing can be made", async () => {
    const { code, stderr } = await run(["/proc/run", ...JOB, "--quiet"]);
    expect(stderr).toMatch(/^error: /);
    expect(code).toBe(2);
  });
});

/** Small and read-only disks are made in a namespace of their own, which ends with its process. */
const namespace = await bash('unshare -rm bash -c "mount -t tmpfs -o size=16k tmpfs ."');

describe.skipIf(namespace.code !== 0)("a disk of its own (skipped where mounting is not allowed)", () => {
  const inside = (mount: string, then: string): Promise<Ran> =>
    bash(
      `unshare -rm bash --norc -ec '${mount}; cd disk; set +e; ${then}; code=$?; find . | sort >&2; exit $code' bash "$@"`,
      job(),
      { cwd: disk() },
    );
  const disk = (): string => {
    const cwd = room();
    put(cwd, "disk/.keep", "");
    return cwd;
  };

  test("that is full is left without a trace", async () => {
    const { code, stderr } = await inside("mount -t tmpfs -o size=16k tmpfs disk", 'node "$BIN" a/b/run "${@:2}"');
    expect(stderr).toBe("error: the disk is full; nothing was written\n  where: a/b/run\n.\n");
    expect(code).toBe(2);
  });

  test("that is full keeps the files of a folder that was there", async () => {
    const before = "mkdir run; echo mine > run/train.py";
    const { code, stderr } = await inside(
      "mount -t tmpfs -o size=16k tmpfs disk",
      `${before}; node "$BIN" "$@" --force; code=$?; cat run/train.py >&2; (exit $code)`,
    );
    expect(stderr).toBe("error: the disk is full; nothing was written\n  where: run\nmine\n.\n./run\n./run/train.py\n");
    expect(code).toBe(2);
  });

  test("that is full of names is left without the parents that were made", async () => {
    const { code, stderr } = await inside("mount -t tmpfs -o nr_inodes=3 tmpfs disk", 'node "$BIN" a/b/run "${@:2}"');
    expect(stderr).toBe("error: the disk is full; nothing was written\n  where: a/b/run\n.\n");
    expect(code).toBe(2);
  });

  test("that is read-only is called that", async () => {
    const { code, stderr } = await inside("mount -t tmpfs -o ro tmpfs disk", 'node "$BIN" a/b/run "${@:2}"');
    expect(stderr).toBe("error: no permission, or a read-only disk\n  where: a/b/run\n.\n");
    expect(code).toBe(2);
  });
});

const immutable = await bash("touch file && chattr +i file && chattr -i file");

test.skipIf(immutable.code !== 0)(
  "a file that can't be replaced (chattr +i) takes back the others (skipped where chattr is not allowed)",
  async () => {
    const cwd = room();
    await succeeds(job(), { cwd });
    // README.md is among the last: by then train.py was replaced and launch.sh was new.
    rmSync(path.join(cwd, "run/launch.sh"));
    const line = 'chattr +i run/README.md; node "$BIN" "$@" --force; code=$?; chattr -i run/README.md; exit $code';
    const { code, stderr, before, after } = await bash(line, ["run", ...JOB, "--seq-len", "1024", "--quiet"], { cwd });
    expect(stderr).toContain("error: no permission");
    expect(after).toEqual(before);
    expect(readFileSync(path.join(cwd, "run/train.py"), "utf8")).toContain("SEQ_LEN = 2048");
    expect(code).toBe(2);
  },
);
