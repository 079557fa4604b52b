import fc from "fast-check";
import { format } from "prettier";
import { parsers } from "prettier/plugins/markdown";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import type { JobOptions, Language } from "../../src/index.ts";
import { accelerateConfig } from "../../src/targets/launchers/launch.ts";
import { hfDeepSpeedConfig, literalDeepSpeedConfig } from "../../src/targets/deepspeed/config.ts";
import { trainingArguments } from "../../src/targets/transformers/arguments.ts";
import { accepted, eachOf, folderOf, hostileTexts, planOf } from "./arbitrary.ts";
import { TELL, toldBy } from "./bash.ts";

/** Jobs in which every text that a person may choose is awkward. */
const awkward: fc.Arbitrary<JobOptions> = fc
  .tuple(accepted, hostileTexts, hostileTexts, hostileTexts)
  .map(([job, data, outputDir, model]) => ({
    ...job,
    answers: {
      ...job.answers,
      data,
      outputDir,
      ...(planOf(job).task.kind === "sft" && job.modelFile !== undefined ? { model } : {}),
    },
  }));

const parserOf = new Map([[".json", "json"], [".yaml", "yaml"], [".md", "markdown"]]);
const languages = fc.constantFrom<Language>("en", "zh");

test("Prettier leaves every JSON, YAML and Markdown file as it was written, in both languages", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(accepted, awkward), languages, async (job, language) => {
      for (const { path, text } of folderOf(job, language).files) {
        const parser = parserOf.get(path.slice(path.lastIndexOf(".")));
        if (parser !== undefined) expect(await format(text, { parser, filepath: path }), path).toBe(text);
      }
    }),
    { numRuns: 60 },
  );
});

test("what a JSON or YAML file says is what the plan says", () => {
  fc.assert(
    fc.property(awkward, (job) => {
      const { plan, json, text } = folderOf(job);
      const expected = { "ds_config.json": hfDeepSpeedConfig, "training_args.json": trainingArguments, "ds_config.xtuner.json": literalDeepSpeedConfig };
      for (const [path, artifact] of Object.entries(expected)) {
        const written = json(path);
        if (written !== null) expect(written).toStrictEqual(artifact(plan));
      }
      const yaml = text("accelerate.yaml");
      if (yaml !== null) expect(parseYaml(yaml)).toStrictEqual(accelerateConfig(plan));
    }),
    { numRuns: 100 },
  );
});

interface Node {
  readonly type: string;
  readonly lang?: string | null;
  readonly value?: string;
  readonly depth?: number;
  readonly children?: readonly Node[];
}

const flat = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(flat)];
const markdown = (text: string): readonly Node[] => flat(parsers.markdown.parse(text, {} as never) as Node);

test("no text of a person turns into markup of the README: the same headings, no links, no HTML, the name as it is", () => {
  const headings = (nodes: readonly Node[]): readonly string[] =>
    nodes.filter(({ type }) => type === "heading").map((heading) => flat(heading).map(({ value }) => value ?? "").join(""));
  const plain = (job: JobOptions): JobOptions => ({ ...job, name: "run", answers: { ...job.answers, data: "a.jsonl", outputDir: "out" } });
  fc.assert(
    fc.property(awkward, (job) => {
      const nodes = markdown(folderOf(job).text("README.md") ?? "");
      const [title, ...others] = headings(nodes);
      expect(others).toEqual(headings(markdown(folderOf(plain(job)).text("README.md") ?? "")).slice(1));
      expect(nodes.map(({ type }) => type)).not.toContain("html");
      expect(nodes.map(({ type }) => type)).not.toContain("image");
      expect(title).toBe(planOf(job).name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu, " ").replace(/ +/g, " ").replace(/^ | $/g, "") || " ");
    }),
    { numRuns: 40 },
  );
});

test("the commands of a README are commands: bash reads them, and the folder and the output are whole words", () => {
  const jobs = fc.sample(awkward, 60).map((job) => {
    const fences = markdown(folderOf(job).text("README.md") ?? "").filter(({ type, lang }) => type === "code" && lang === "sh");
    return { job, commands: fences.map(({ value }) => value ?? "") };
  });
  const driver = `
    bash() ${TELL}; xtuner() ${TELL}; npx() ${TELL}; pip() ${TELL}; cat() { printf 'last of %s' "$@"; }
    while IFS= read -r -d '' command; do set -- ; eval "$command" || exit 1; printf '1\\0end\\0'; done`;
  const told = toldBy(driver, jobs.map(({ commands }) => commands.join("\n")));
  let at = 0;
  const read = jobs.map(({ job }) => {
    const end = told.findIndex((words, index) => index >= at && words[0] === "end" && words.length === 1);
    const calls = told.slice(at, end);
    at = end + 1;
    return { job, calls };
  });
  eachOf(read, ({ job, calls }) => {
    const { name, outputDir, targets, versions } = planOf(job);
    const folder = name.startsWith("-") ? `./${name}` : name;
    const output = outputDir.startsWith("-") ? `./${outputDir}` : outputDir;
    const scripts = targets.map((target) => (target === "xtuner" && targets.length > 1 ? "launch.xtuner.sh" : "launch.sh"));
    const converts = targets.includes("xtuner") && versions.xtuner[0] === 0;
    expect(calls.slice(0, -1)).toEqual([
      ["install", "-r", "requirements.txt"],
      ...scripts.map((script) => [`${folder}/${script}`]),
      ...(converts ? [["convert", "pth_to_hf", `${output}/xtuner_config.py`, `last of ${output}/last_checkpoint`, `${output}/hf`, "--fp32", "--safe-serialization"]] : []),
      ["create-train-config", "regenerate", folder],
    ]);
    expect(calls.at(-1)?.[0]).toBe("create-train-config");
  });
});
