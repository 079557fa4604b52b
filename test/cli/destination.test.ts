import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bash, JOB, listing, put, refused, room, run, succeeds } from "./run.ts";

const times = (folder: string): Record<string, number> =>
  Object.fromEntries(Object.keys(listing(folder)).map((name) => [name, lstatSync(path.join(folder, name)).mtimeMs]));

const job = (dir: string, ...more: string[]): string[] => [dir, ...JOB, ...more];

describe.concurrent("a destination is refused, and left alone", () => {
  test("that is a file", async () => {
    const cwd = room();
    put(cwd, "run", "mine");
    await refused(job("run"), ["run", "the destination is a file"], { cwd });
    await refused(job("run", "--force"), ["the destination is a file"], { cwd });
  });
  test("that lies under a file", async () => {
    const cwd = room();
    put(cwd, "file", "mine");
    await refused(job("file/run"), ["part of this path is a file"], { cwd });
    await refused(job("file/deeper/run"), ["part of this path is a file"], { cwd });
  });
  test("that is a link to a folder outside", async () => {
    const cwd = room();
    const outside = room();
    symlinkSync(outside, path.join(cwd, "run"));
    await refused(job("run"), ["run", outside], { cwd });
    await refused(job("run", "--force"), ["link"], { cwd });
    expect(listing(outside)).toEqual({});
  });
  test("that is a link to nowhere", async () => {
    const cwd = room();
    symlinkSync("nowhere", path.join(cwd, "run"));
    await refused(job("run"), ["link"], { cwd });
  });
  test.for(["train.py", "train-config.json", "launch.sh"])("in which %s is a link, even with --force", async (name) => {
    const cwd = room();
    const secret = put(room(), "secret", "mine");
    mkdirSync(path.join(cwd, "run"));
    symlinkSync(secret, path.join(cwd, "run", name));
    await refused(job("run"), [`run/${name}`, secret], { cwd });
    await refused(job("run", "--force"), [`run/${name}`], { cwd });
    expect(readFileSync(secret, "utf8")).toBe("mine");
  });
  test("in which a file of ours is a folder, even with --force", async () => {
    const cwd = room();
    put(cwd, "run/train.py/data", "mine");
    await refused(job("run"), ["run/train.py", "this is a folder"], { cwd });
    await refused(job("run", "--force"), ["run/train.py"], { cwd });
  });
  test("in which a file of ours is a pipe, without waiting for it", async () => {
    const cwd = room();
    await bash("mkdir run && mkfifo run/train.py", [], { cwd });
    await refused(job("run", "--force"), ["run/train.py"], { cwd });
  });
  test("in which files of ours say something else: all of them are listed", async () => {
    const cwd = room();
    put(cwd, "run/train.py", "print('mine')\n");
    put(cwd, "run/README.md", "# mine\n");
    put(cwd, "run/notes.txt", "mine");
    const { stderr } = await refused(job("run"), ["train.py", "README.md", "--force"], { cwd });
    expect(stderr).not.toContain("notes.txt");
  });
});

describe.concurrent("--force", () => {
  test("replaces files of ours and no others, byte for byte", async () => {
    const cwd = room();
    put(cwd, "run/train.py", "print('mine')\n");
    put(cwd, "run/notes.txt", "mine\r\n");
    put(cwd, "run/checkpoints/step-1/weights.bin", Uint8Array.of(0, 255, 1));
    put(cwd, "run/.hidden", "mine");
    const { before, after } = await succeeds(job("run", "--force"), { cwd });
    for (const name of ["run/notes.txt", "run/checkpoints/step-1/weights.bin", "run/.hidden"])
      expect(after[name]).toBe(before[name]);
    expect(after["run/train.py"]).not.toBe(before["run/train.py"]);
    const fresh = await succeeds(job("run"));
    expect(after["run/train.py"]).toBe(fresh.after["run/train.py"]);
    expect(
      Object.keys(after)
        .filter((name) => !(name in before))
        .sort(),
    ).toEqual(
      Object.keys(fresh.after)
        .filter((name) => name !== "run" && name !== "run/train.py")
        .sort(),
    );
  });
  test("of a run under way: the old and the new file are two files", async () => {
    const cwd = room();
    put(cwd, "run/train.py", "print('mine')\n");
    const { ino } = statSync(path.join(cwd, "run/train.py"));
    await succeeds(job("run", "--force"), { cwd });
    expect(statSync(path.join(cwd, "run/train.py")).ino).not.toBe(ino);
  });
});

describe.concurrent("a destination is written", () => {
  test("whole, with scripts that can be started and no temporary files", async () => {
    const { cwd, after } = await succeeds(job("run"));
    expect(statSync(path.join(cwd, "run/launch.sh")).mode & 0o111).not.toBe(0);
    expect(statSync(path.join(cwd, "run/train-config.json")).mode & 0o111).toBe(0);
    expect(Object.keys(after).filter((name) => /tmp|before/.test(name))).toEqual([]);
  });
  test("a second time as nothing at all: no file is touched", async () => {
    const { cwd } = await succeeds(job("run"));
    const before = times(cwd);
    const { stderr } = await succeeds(job("run"), { cwd });
    expect(stderr).toContain("run holds exactly this already");
    expect(times(cwd)).toEqual(before);
  });
  test("a second time with only what is missing", async () => {
    const { cwd, after } = await succeeds(job("run"));
    const before = times(path.join(cwd, "run"));
    rmSync(path.join(cwd, "run/train.py"));
    const second = await succeeds(job("run"), { cwd });
    expect(second.after).toEqual(after);
    const { "train.py": _, ...others } = before;
    expect(times(path.join(cwd, "run"))).toMatchObject(others);
  });
  test("with the folders above it, by an absolute path, as . and as an empty folder", async () => {
    const deep = await succeeds(job("a/b/run"));
    expect(deep.after).toHaveProperty("a/b/run/train-config.json");
    const target = path.join(room(), "absolute");
    await succeeds(job(target));
    expect(listing(target)).toHaveProperty("train-config.json");
    const here = await succeeds(job("."));
    expect(here.after).toHaveProperty("train-config.json");
    const cwd = room();
    mkdirSync(path.join(cwd, "empty"));
    expect((await succeeds(job("empty"), { cwd })).after).toHaveProperty("empty/train-config.json");
  });
  test("as the same files wherever it lies: only its name is in them", async () => {
    const first = await succeeds(job("run"));
    const second = await succeeds(job("far/away/run"));
    expect(listing(path.join(second.cwd, "far/away/run"))).toEqual(listing(path.join(first.cwd, "run")));
    for (const name of Object.keys(first.after).filter((each) => each !== "run")) {
      expect(readFileSync(path.join(first.cwd, name), "utf8")).not.toContain(first.cwd);
    }
  });
  test("through a link above it, where people keep their disks", async () => {
    const cwd = room();
    const disk = room();
    symlinkSync(disk, path.join(cwd, "disk"));
    await succeeds(job("disk/run"), { cwd });
    expect(listing(disk)).toHaveProperty("run/train-config.json");
  });
});

test("two runs into one new folder at once leave one whole folder", async () => {
  const cwd = room();
  const both = await Promise.all([run(job("run"), { cwd }), run(job("run"), { cwd })]);
  expect(both.map((each) => each.code)).toContain(0);
  const whole = await succeeds(job("run"));
  expect(listing(path.join(cwd, "run"))).toEqual(listing(path.join(whole.cwd, "run")));
  expect(Object.keys(listing(cwd)).filter((name) => name.includes("tmp"))).toEqual([]);
});
