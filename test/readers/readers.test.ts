import { describe, expect, test } from "vitest";
import { readJson } from "../../src/readers/json.ts";
import { readPython } from "../../src/readers/python.ts";
import { readPins } from "../../src/readers/requirements.ts";
import { readShell } from "../../src/readers/shell.ts";
import { Source } from "../../src/readers/source.ts";
import { Doc } from "../../src/readers/tree.ts";
import { plainScalar, readYaml } from "../../src/readers/yaml.ts";

const at = (source: Source, { from, to }: { readonly from: number; readonly to: number }): string => source.text.slice(from, to);

describe("JSON", () => {
  const source = new Source("a.json", '{\n  "a": 1e8, // one\n  "b": {"c": [1, {"d": "x"}],}, # two\n  "a": 2\n}\n');
  const file = readJson(source);
  const doc = new Doc(source, file?.root ?? { kind: "map", entries: [], range: { from: 0, to: 0 } });

  test("keys are found by their path, with their place; the last of two wins", () => {
    expect(doc.value("b.c[1].d")).toBe("x");
    expect(doc.value("a")).toBe(2);
    expect(doc.entries("").map(({ key }) => key)).toEqual(["a", "b", "a"]);
    expect(at(source, doc.place("b.c").range)).toBe('"c"');
    expect(source.position(doc.place("a").range.from)).toEqual({ line: 4, column: 3 });
  });

  test("a missing key is placed at what it belongs to, by its whole name", () => {
    const place = doc.place("b.x.y");
    expect([place.key, at(source, place.range)]).toEqual(["b.x.y", '"b"']);
  });

  test("what strict readers refuse is noted where it stands", () => {
    expect(file?.issues.map(({ kind, range }) => [kind, at(source, range)])).toEqual(
      expect.arrayContaining([["comment", "// one"], ["comment", "# two"], ["trailing-comma", ","]]),
    );
  });
});

describe("YAML", () => {
  test.each([
    ["2e-5", "2e-5"], ["2.0e-5", 2e-5], ["1.0e5", "1.0e5"], ["1e+5", "1e+5"], ["yes", true], ["no", false], ["Off", false], ["~", null],
    ["010", 8], ["1_000", 1000], ["0x1f", 31], [".5", 0.5], ["-3", -3], ["1.2.3", "1.2.3"], ["true", true], ["nope", "nope"],
  ])("%s is what PyYAML makes of it", (text, value) => {
    expect(plainScalar(text)).toBe(value);
  });

  test("quotes, merge keys and aliases are followed", () => {
    const source = new Source("a.yaml", 'base: &b {lr: 1.0e-4, x: "1"}\nrun:\n  <<: *b\n  x: 2\nother: *b\n');
    const root = readYaml(source);
    if (root === null) throw new Error("not read");
    const doc = new Doc(source, root);
    expect([doc.value("run.lr"), doc.value("run.x"), doc.value("other.x")]).toEqual([1e-4, 2, "1"]);
    expect(source.position(doc.place("run.x").range.from)).toEqual({ line: 4, column: 3 });
  });
});

describe("Python", () => {
  test("names stand for their values, arithmetic is done, and imports are not run", () => {
    const source = new Source("a.py", "from m import LinearLR\nn = 3\nr = 0.1\ns = [dict(type=LinearLR, end=r * n), {'a': -n, 'b': (1, None)}]\nn *= 2\nt = dict(e=n, **s[1])\n");
    const { module, imports } = readPython(source);
    expect(module.value("s[0].end")).toBeCloseTo(0.3);
    expect(module.value("s[1].a")).toBe(-3);
    expect(module.value("t.e")).toBe(6);
    expect(module.node("s[0].type")).toMatchObject({ kind: "opaque", text: "LinearLR" });
    expect(imports).toEqual(["from m import LinearLR"]);
  });

  test("a call is found wherever it stands; a name that a branch changes is not known", () => {
    const { calls } = readPython(new Source("a.py", "lr = 1\nif x:\n    lr = 2\ndef f():\n    args = TrainingArguments(learning_rate=1e-5, bf16=True, output_dir='a' 'b')\n    return args\n"));
    expect(calls.map(({ name, doc }) => [name, doc.key("bf16"), doc.value("output_dir"), doc.value("learning_rate")])).toEqual([["TrainingArguments", "args.bf16", "ab", 1e-5]]);
  });
});

describe("shell", () => {
  const words = (text: string, command = 0): readonly string[] => readShell(new Source("a.sh", text)).commands[command]?.words.map((word) => word.text) ?? [];

  test("variables, arrays, defaults and continuations are put in, each word where it is written", () => {
    const source = new Source("a.sh", 'ARGS="\n  --a 1\n"\nLIST=(--b "x y")\ntorchrun $ARGS "${LIST[@]}" ${C:-d} \\\n  --e="$F" train.py\n');
    const [command] = readShell(source).commands;
    expect(command?.words.map((word) => word.text)).toEqual(["torchrun", "--a", "1", "--b", "x y", "d", "--e=$F", "train.py"]);
    expect(command?.words.map((word) => word.known)).toEqual([true, true, true, true, true, true, false, true]);
    expect(source.position(command?.words[1]?.range.from ?? 0)).toEqual({ line: 2, column: 3 });
  });

  test("a branch does not change what runs when nobody says otherwise", () => {
    expect(words('M=a\nwhile [ "$1" ]; do case $1 in -m) M=$2;; esac; shift 2; done\nrun $M\n', 2)).toEqual(["run", "a"]);
    expect(words("if [ -z $X ]; then M=a; fi\nrun $M\n", 1)).toEqual(["run", "a"]);
  });

  test("commands in the text of another one are commands, at their own place", () => {
    const source = new Source("a.sh", "srun bash -c 'torchrun x.py --lr 1'\n");
    const [, inner] = readShell(source).commands;
    expect(inner?.words.map((word) => word.text)).toEqual(["torchrun", "x.py", "--lr", "1"]);
    expect(source.position(inner?.words[2]?.range.from ?? 0).column).toBe(29);
  });

  test("a here-document that is written to a file is a file", () => {
    const { files } = readShell(new Source("a.sh", 'cat > d/ds.json <<EOF\n{"a": 1}\nEOF\n'));
    expect(files.map(({ path, text }) => [path, text])).toEqual([["d/ds.json", '{"a": 1}\n']]);
  });
});

test("pins are read with what they allow", () => {
  const pins = readPins(new Source("requirements.txt", "# torch==1\ntransformers[torch] >= 4.36, <5\ndeepspeed==0.14.0rc1\ntorch~=2.1\nmy-transformers==9\n"));
  expect(pins.map(({ name, least, most }) => [name, least, most])).toEqual([
    ["transformers", [4, 36, 0], [4, 9999, 9999]],
    ["deepspeed", [0, 14, 0], [0, 14, 0]],
    ["torch", [2, 1, 0], [2, 9999, 9999]],
  ]);
});
