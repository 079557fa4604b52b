// Measures the start of the command against an empty Node process, run by run in turn, and the library in memory.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as pty from "@lydell/node-pty";
import { check, generate, resolvePlan } from "../dist/index.js";
import { hostile } from "./hostile.js";
import { makeTree } from "./tree.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = path.join(root, "dist/cli.js");
const usage = path.join(root, "scripts/usage.cjs");
const runs = Number(process.argv[2] ?? 15);
const median = (/** @type {number[]} */ values) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** CPU (ms) and peak memory (MiB) of one process; `check` ends with 1 where it finds something. */
function measure(args, cwd, good = [0]) {
  const file = path.join(cwd, "usage.json");
  const { status, stderr } = spawnSync(process.execPath, ["-r", usage, ...args], {
    cwd,
    env: { ...process.env, USAGE_FILE: file, CI: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (!good.includes(status ?? -1)) throw new Error(`${args.join(" ")}: exit ${status}\n${stderr}`);
  const { cpu, rss } = JSON.parse(readFileSync(file, "utf8"));
  return { cpu: cpu / 1000, rss: rss / 1024 };
}

function paired(name, args, limits) {
  const cwd = mkdtempSync(path.join(tmpdir(), "bench-"));
  const pairs = [];
  try {
    for (let run = 0; run <= runs; run++) {
      const bare = measure(["-e", "0"], cwd);
      const ours = measure(args(run, cwd), cwd, limits.status);
      // The first pair warms the file cache.
      if (run > 0)
        pairs.push({ ratio: ours.cpu / bare.cpu, above: ours.cpu - bare.cpu, bare: bare.cpu, rss: ours.rss });
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
  const ratio = median(pairs.map((pair) => pair.ratio));
  const rss = median(pairs.map((pair) => pair.rss));
  return [
    { what: `${name}: CPU, of an empty Node process`, value: ratio, unit: "×", limit: limits.ratio },
    { what: `${name}: CPU above an empty process`, value: median(pairs.map((pair) => pair.above)), unit: "ms" },
    { what: `${name}: peak memory`, value: rss, unit: "MiB", limit: limits.rss },
  ];
}

/** Wall time until the wizard's first question is on the screen, and the memory of the process then. */
async function firstPrompt() {
  const times = [];
  const memory = [];
  for (let run = 0; run <= Math.min(runs, 7); run++) {
    const started = performance.now();
    const child = pty.spawn(process.execPath, [bin, "--lang", "en"], {
      cols: 100,
      rows: 40,
      cwd: tmpdir(),
      env: { ...process.env, CI: "" },
    });
    await new Promise((resolve) => child.onData((data) => data.includes("Model (") && resolve(undefined)));
    if (run > 0) {
      times.push(performance.now() - started);
      memory.push(residentMiB(child.pid));
    }
    child.kill("SIGKILL");
  }
  return [
    { what: "wizard: first question on the screen", value: median(times), unit: "ms", limit: 500 },
    { what: "wizard: resident memory at that moment", value: median(memory), unit: "MiB", limit: 80 },
  ];
}

function residentMiB(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}

function library() {
  const jobs = [{ preset: "qwen2-72b" }, { preset: "qwen-7b" }, { preset: "bge" }];
  const folders = (/** @type {number} */ count) => {
    for (let index = 0; index < count; index++)
      generate({ ...jobs[index % jobs.length], answers: { seed: index }, name: `run-${index}` });
  };
  folders(3000);
  const started = process.cpuUsage();
  folders(6000);
  const { user, system } = process.cpuUsage(started);
  return [
    {
      what: "library: complete folders a second of CPU",
      value: 6000 / ((user + system) / 1e6),
      unit: "/s",
      atLeast: 2000,
    },
  ];
}

/** Plans a second of CPU, stage and offload left to the plan: the wizard makes one for every choice that it shows. */
function plans() {
  const jobs = [
    { model: "qwen2.5-7b", gpu: "a100-80", gpus: 8, maxSteps: 100 },
    { model: "qwen2-72b", gpu: "h100", gpus: 64, samples: 50_000 },
    { model: "bge-m3", gpu: "a100-80", gpus: 8 },
    { model: "qwen2.5-32b", gpu: "a100-80", gpus: 8 },
  ];
  const make = (/** @type {number} */ count) => {
    for (let index = 0; index < count; index++) resolvePlan({ answers: { ...jobs[index % jobs.length], seed: index } });
  };
  make(20_000);
  const started = process.cpuUsage();
  make(40_000);
  const { user, system } = process.cpuUsage(started);
  return [
    { what: "library: plans a second of CPU", value: 40_000 / ((user + system) / 1e6), unit: "/s", atLeast: 20_000 },
  ];
}

/** Whole trees through the command: files a second of CPU, the process's start included, and how the cost grows. */
function trees() {
  const cwd = mkdtempSync(path.join(tmpdir(), "bench-"));
  const counts = [5000, 10_000];
  try {
    for (const count of counts) makeTree(path.join(cwd, `tree-${count}`), count);
    const empty = path.join(cwd, "empty");
    mkdirSync(empty);
    const of = (/** @type {string} */ name) => {
      const each = [0, 1, 2].map(() => measure([bin, "check", name, "--format", "json"], cwd, [0, 1]));
      return { cpu: median(each.map(({ cpu }) => cpu)), rss: median(each.map(({ rss }) => rss)) };
    };
    const start = of("empty");
    const [half, whole] = counts.map((count) => of(`tree-${count}`));
    return [
      {
        what: "check, 10,000 files: files a second of CPU",
        value: 10_000 / (whole.cpu / 1000),
        unit: "/s",
        atLeast: 2000,
      },
      { what: "check, 10,000 files: peak memory", value: whole.rss, unit: "MiB", limit: 300 },
      {
        what: "check: CPU of 10,000 files, of 5,000",
        value: (whole.cpu - start.cpu) / (half.cpu - start.cpu),
        unit: "×",
        limit: 2.4,
      },
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What a hostile file costs, and how it grows: twice the length may cost twice the time, and not four times. */
function hostiles() {
  const cost = (/** @type {string} */ name, /** @type {string} */ text) => {
    const started = process.cpuUsage();
    check({ [name]: text });
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  const rows = hostile.map(({ what, file, make }) => {
    const [short, long] = [make(1 << 18), make(1 << 19)];
    cost(file, short);
    const best = (/** @type {string} */ text) => Math.min(cost(file, text), cost(file, text), cost(file, text));
    const [one, two] = [best(short), best(long)];
    // Of a few milliseconds the clock and the collector of garbage tell more than the file does.
    return { what, growth: two / Math.max(one, 50), seconds: two / 1000 };
  });
  const [slowest] = rows.toSorted((a, b) => b.seconds - a.seconds);
  const [steepest] = rows.toSorted((a, b) => b.growth - a.growth);
  const cwd = mkdtempSync(path.join(tmpdir(), "bench-"));
  try {
    writeFileSync(path.join(cwd, "huge.json"), `{"train_batch_size": 8${" ".repeat(100_000_000)}}`);
    const huge = measure([bin, "check", "huge.json"], cwd, [0, 1]);
    return [
      {
        what: `${rows.length} hostile files of 512 KiB, the slowest: ${slowest.what}`,
        value: slowest.seconds,
        unit: "s",
        limit: 10,
      },
      { what: `twice the length, the steepest: ${steepest.what}`, value: steepest.growth, unit: "×", limit: 3.3 },
      { what: "a JSON of 100 MB: CPU", value: huge.cpu, unit: "ms", limit: 500 },
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function tarball() {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    }).toString(),
  );
  // Of 470 kB, 190 are `check`: 80 the sentences, examples and sources of its pitfalls, which `explain` shows without a
  // network, the rest the parsers of shell, YAML, Python and JSON. Chinese as UTF-8 instead of escapes would pack as large.
  return [{ what: "packed tarball", value: packed.size / 1000, unit: "kB", limit: 550 }];
}

const oneFile = readFileSync(path.join(root, "test/golden/bge/ds_config.json"));

const rows = [
  ...paired("whole job, --preset qwen2-72b --yes", (run) => [bin, `run-${run}`, "--preset", "qwen2-72b", "--yes"], {
    ratio: 2,
    rss: 60,
  }),
  ...paired(
    "whole job, all flags",
    (run) => [bin, `run-${run}`, ..."--model qwen2.5-7b --gpu a100-80 --gpus 8 --lr 1e-5 --epochs 2".split(" ")],
    {},
  ),
  ...paired(
    "check, one file",
    (_, cwd) => {
      writeFileSync(path.join(cwd, "ds_config.json"), oneFile);
      return [bin, "check", "ds_config.json", "--format", "json"];
    },
    { ratio: 3, rss: 80, status: [0, 1] },
  ),
  ...trees(),
  ...(await firstPrompt()),
  ...library(),
  ...plans(),
  ...hostiles(),
  ...tarball(),
];
let missed = 0;
for (const { what, value, unit, limit, atLeast } of rows) {
  const good = (limit === undefined || value <= limit) && (atLeast === undefined || value >= atLeast);
  if (!good) missed += 1;
  const bound = limit !== undefined ? `≤ ${limit}` : atLeast !== undefined ? `≥ ${atLeast}` : "";
  console.log(
    `${what.padEnd(60)} ${value.toFixed(value < 10 ? 2 : 1).padStart(9)} ${unit.padEnd(4)} ${bound}${good ? "" : "  MISSED"}`,
  );
}
console.log(`Node ${process.version}; ${runs} pairs, medians.`);
process.exitCode = missed === 0 ? 0 : 1;
