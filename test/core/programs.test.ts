import fc from "fast-check";
import { expect, test } from "vitest";
import type { JobOptions, Language } from "../../src/index.ts";
import { run } from "../print/run.ts";
import { accepted, eachOf, folderOf, hostileTexts, planOf } from "./arbitrary.ts";

const languages: readonly Language[] = ["en", "zh"];

const awkward: fc.Arbitrary<JobOptions> = fc
  .tuple(accepted, hostileTexts, hostileTexts)
  .map(([job, data, outputDir]) => ({ ...job, answers: { ...job.answers, data, outputDir } }));

/** Every program and script of some hundred jobs, in both languages. */
const made = [...fc.sample(accepted, 70), ...fc.sample(awkward, 70)].map((job) => ({
  job,
  plan: planOf(job),
  folders: languages.map((language) => folderOf(job, language)),
}));
const ending = (suffix: string) =>
  made.flatMap(({ job, folders }) =>
    folders.flatMap(({ files }) => files.filter(({ path }) => path.endsWith(suffix)).map(({ path, text }) => ({ job, path, text }))),
  );

/** For each source: its syntax error, the tokens of code in it, its comments, and what its names are bound to. */
const READ = `
import ast, io, json, sys, tokenize, warnings
warnings.simplefilter("error")
told = []
for source in json.load(sys.stdin):
    row = {"error": None, "code": [], "comments": [], "names": {}}
    try:
        tree = ast.parse(source)
        compile(tree, "x.py", "exec", dont_inherit=True)
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant):
                row["names"][node.targets[0].id] = node.value.value
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row["comments"].append(token.string)
            elif token.type not in (tokenize.STRING, tokenize.NL, tokenize.NEWLINE):
                row["code"].append(token.string.strip())
    except Exception as error:
        row["error"] = repr(error)
    told.append(row)
json.dump(told, sys.stdout)
`;

interface Read {
  readonly error: string | null;
  readonly code: readonly string[];
  readonly comments: readonly string[];
  readonly names: Readonly<Record<string, unknown>>;
}

const programs = ending(".py");
const read = JSON.parse(run("python3", ["-c", READ], JSON.stringify(programs.map(({ text }) => text)))) as readonly Read[];
const python = programs.map((program, index) => ({ ...program, read: read[index] as Read }));

test("Python compiles every program, without a warning", () => {
  expect(python.length).toBeGreaterThan(140);
  eachOf(python, ({ path, read: { error } }) => expect(error, path).toBeNull());
});

test("a program's code is the same in both languages; only sentences differ", () => {
  const half = python.length / 2;
  const byJob = new Map<unknown, typeof python>();
  for (const each of python) byJob.set(each.job, [...(byJob.get(each.job) ?? []), each]);
  let compared = 0;
  for (const [job, all] of byJob) {
    const [en, zh] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
    eachOf(en.map((each, index) => ({ job: job as JobOptions, each, other: zh[index] })), ({ each, other }) => {
      compared++;
      expect(other?.path).toBe(each.path);
      expect(other?.read.code).toEqual(each.read.code);
      expect(other?.read.comments).not.toEqual(each.read.comments);
    });
  }
  expect(compared).toBe(half);
});

test("a text of a person stands in a program as it was said", () => {
  eachOf(made, ({ job, plan }) => {
    for (const { path, read: { names } } of python.filter((each) => each.job === job)) {
      if (path === "train.py") expect([names["DATA"], names["MODEL"]]).toEqual([plan.data, plan.model.path]);
      else if (plan.versions.xtuner[0] === 0) expect(names["work_dir"]).toBe(plan.outputDir);
    }
  });
});

test("bash reads every script to its end", () => {
  const scripts = ending(".sh");
  expect(scripts.length).toBeGreaterThan(140);
  const driver = `while IFS= read -r -d '' script; do bash -n <<< "$script" 2>&1 || true; printf '\\0'; done`;
  const told = run("bash", ["-c", driver], scripts.map(({ text }) => `${text}\0`).join("")).split("\0").slice(0, -1);
  expect(told).toHaveLength(scripts.length);
  eachOf(scripts.map((script, index) => ({ ...script, said: told[index] })), ({ path, said }) => expect(said, path).toBe(""));
});

test("precision is the same in every file of a folder", () => {
  const names = { bf16: "bfloat16", fp16: "float16", fp32: "float32" };
  eachOf(made, ({ plan, folders }) => {
    const { kind } = plan.precision;
    for (const { text } of folders) {
      for (const [, written] of (text("train.py") ?? "").matchAll(/torch\.(bfloat16|float16|float32)/g)) expect(written).toBe(names[kind]);
      for (const [, written] of (text("xtuner_config.py") ?? "").matchAll(/dtype="?(?:torch\.)?(bfloat16|float16|float32)/g)) expect(written).toBe(names[kind]);
      for (const [, written] of (text("launch.sh") ?? "").matchAll(/^ {2}--(bf16|fp16) True/gm)) expect(written).toBe(kind);
      const yaml = text("accelerate.yaml");
      if (yaml !== null) expect(yaml).toMatch(new RegExp(`^mixed_precision: ${kind === "fp32" ? '"no"' : kind}$`, "m"));
    }
  });
});

test("JSON and YAML do not depend on the language, and neither does the list of files", () => {
  eachOf(made, ({ folders: [en, zh] }) => {
    expect(zh?.files.map(({ path }) => path)).toEqual(en?.files.map(({ path }) => path));
    for (const { path, text } of en?.files ?? []) {
      if (path === "train-config.json" || !/\.(json|yaml)$/.test(path)) continue;
      expect(zh?.text(path), path).toBe(text);
    }
    const { language: _, files: __, ...said } = en?.json("train-config.json") ?? {};
    const { language: zhLanguage, files: ___, ...zhSaid } = zh?.json("train-config.json") ?? {};
    expect([zhLanguage, zhSaid]).toEqual(["zh", said]);
  });
});

test("an emitted file ends with one line break and holds no control character, and no name in its code is a slip of ours", () => {
  eachOf(made, ({ folders }) => {
    for (const { path, text } of folders.flatMap(({ files }) => files)) {
      expect(text.endsWith("\n") && !text.endsWith("\n\n"), path).toBe(true);
      expect(text.replaceAll("\n", ""), path).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/u);
    }
  });
  eachOf(python, ({ path, read: { code } }) => {
    for (const slip of ["undefined", "NaN", "Infinity", "null", "true", "false", "object"]) expect(code, path).not.toContain(slip);
  });
});
