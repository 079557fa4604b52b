// Files that nobody writes: each kind grows without end in one way, so that what costs more than its length shows.
/** @type {readonly { what: string, file: string, make: (length: number) => string }[]} */
export const hostile = [
  {
    what: "variables between commands",
    file: "run.sh",
    make: (n) => {
      let s = "";
      for (let i = 0; s.length < n; i++) s += `A${i}=1\nx\n`;
      return s.slice(0, n);
    },
  },
  {
    what: "many launches",
    file: "run.sh",
    make: (n) => {
      let s = "";
      for (let i = 0; s.length < n; i++) s += `A${i}=1\ntorchrun t.py --output_dir $A${i}\n`;
      return s.slice(0, n);
    },
  },
  { what: "variables without end", file: "run.sh", make: (n) => "torchrun t.py " + "$A".repeat(n / 2) },
  { what: "a word without end", file: "run.sh", make: (n) => "torchrun t.py --output_dir " + "a".repeat(n) },
  { what: "continuations", file: "run.sh", make: (n) => "torchrun t.py " + "\\\n".repeat(n / 2) },
  { what: "blanks", file: "run.sh", make: (n) => "torchrun t.py" + " ".repeat(n) + "x" },
  { what: "blank lines", file: "run.sh", make: (n) => "torchrun t.py \\" + " \n".repeat(n / 2) + "--x" },
  { what: "flags without end", file: "run.sh", make: (n) => "torchrun t.py " + "--a 1 ".repeat(n / 6) },
  {
    what: "here-documents",
    file: "run.sh",
    make: (n) => 'cat > a.json <<EOF\n{"train_batch_size":1}\nEOF\n'.repeat(n / 50),
  },
  {
    what: "a variable that grows",
    file: "run.sh",
    make: (n) => "A=1\n" + "A+=b\n".repeat(n / 5) + "torchrun t.py $A\n",
  },
  {
    what: "an array that grows",
    file: "run.sh",
    make: (n) => "A=(1)\n" + "A+=(b)\n".repeat(n / 7) + "torchrun t.py ${A[@]}\n",
  },
  { what: "commands in commands", file: "run.sh", make: (n) => 'bash -c "torchrun t.py --bf16 1"\n'.repeat(n / 33) },
  {
    what: "one text run again and again",
    file: "run.sh",
    make: (n) => "A='torchrun t.py --bf16 True x'\n" + 'bash -c "$A"\n'.repeat(n / 14),
  },
  { what: "branches without end", file: "run.sh", make: (n) => "if a; then ".repeat(n / 11) },
  {
    what: "keys",
    file: "ds.json",
    make: (n) => '{"train_batch_size":1,' + Array.from({ length: n / 12 }, (_, i) => `"k${i}":${i}`).join(",") + "}",
  },
  {
    what: "keys of a section",
    file: "ds.json",
    make: (n) => '{"zero_optimization":{' + Array.from({ length: n / 12 }, (_, i) => `"k${i}":${i}`).join(",") + "}}",
  },
  {
    what: "one key again and again",
    file: "ds.json",
    make: (n) => '{"train_batch_size":1' + ',"train_batch_size":1'.repeat(n / 22) + "}",
  },
  { what: "commas", file: "ds.json", make: (n) => '{"train_batch_size":1' + ",,".repeat(n / 2) + "}" },
  { what: "words in a JSON", file: "ds.json", make: (n) => '{"train_batch_size":1 ' + "x ".repeat(n / 2) + "}" },
  { what: "comments with #", file: "ds.json", make: (n) => '{"train_batch_size":1\n' + "# a\n".repeat(n / 4) + "}" },
  { what: "comments with //", file: "ds.json", make: (n) => '{"train_batch_size":1\n' + "//a\n".repeat(n / 4) + "}" },
  { what: "trailing commas", file: "ds.json", make: (n) => '{"train_batch_size":[1' + "[1,],".repeat(n / 5) + "]}" },
  { what: "quotes in a comment", file: "ds.json", make: (n) => '{"train_batch_size":1 #' + '"\\'.repeat(n / 2) + "}" },
  {
    what: "keys in YAML",
    file: "a.yaml",
    make: (n) => "output_dir: x\n" + Array.from({ length: n / 12 }, (_, i) => `k${i}: ${i}\n`).join(""),
  },
  {
    what: "aliases",
    file: "a.yaml",
    make: (n) => "output_dir: &a x\n" + Array.from({ length: n / 12 }, (_, i) => `k${i}: *a\n`).join(""),
  },
  {
    what: "merges of merges",
    file: "a.yaml",
    make: (n) =>
      "output_dir: x\nb0: &b0 {a: 1}\n" +
      Array.from({ length: n / 30 }, (_, i) => `b${i + 1}: &b${i + 1}\n  <<: *b${i}\n  c${i}: 1\n`).join(""),
  },
  { what: "comments in YAML", file: "a.yaml", make: (n) => "output_dir: x\n" + "#\n".repeat(n / 2) },
  { what: "items in brackets", file: "a.yaml", make: (n) => "output_dir: [" + "a,".repeat(n / 2) + "]" },
  { what: "blanks in YAML", file: "a.yaml", make: (n) => "output_dir: " + " ".repeat(n) + "x" },
  { what: "items", file: "a.yaml", make: (n) => "output_dir:\n" + "- a\n".repeat(n / 4) },
  {
    what: "one key in YAML again and again",
    file: "a.yaml",
    make: (n) => "output_dir: x\n" + "learning_rate: 1\n".repeat(n / 17),
  },
  { what: "quotes in YAML", file: "a.yaml", make: (n) => "output_dir: x\n" + "'\n".repeat(n / 2) },
  { what: "documents", file: "a.yaml", make: (n) => "output_dir: x\n" + "---\n".repeat(n / 4) },
  { what: "empty lines in YAML", file: "a.yaml", make: (n) => "output_dir: x\n" + "\n".repeat(n) },
  { what: "an indentation", file: "a.yaml", make: (n) => " ".repeat(n) + "output_dir: x" },
  { what: "sums", file: "a.py", make: (n) => "train_cfg = 1" + "+1".repeat(n / 2) },
  { what: "strings in a row", file: "a.py", make: (n) => "train_cfg = dict(a=" + "'a' ".repeat(n / 4) + ")" },
  { what: "calls", file: "a.py", make: (n) => "TrainingArguments(output_dir='x')\n".repeat(n / 34) },
  {
    what: "lists in lists",
    file: "a.py",
    make: (n) =>
      "train_cfg = 1\na0=[1]\n" + Array.from({ length: n / 24 }, (_, i) => `a${i + 1}=[a${i},a${i}]\n`).join(""),
  },
  {
    what: "dicts in dicts",
    file: "a.py",
    make: (n) =>
      "train_cfg = 1\na0=dict(x=1)\n" +
      Array.from({ length: n / 30 }, (_, i) => `a${i + 1}=dict(k${i}=1,**a${i})\n`).join(""),
  },
  { what: "a string that doubles", file: "a.py", make: (n) => "train_cfg = 1\na='x'\n" + "a = a + a\n".repeat(n / 10) },
  { what: "a string without end", file: "a.py", make: (n) => "train_cfg = '''" + '"'.repeat(n) },
  { what: "dicts", file: "a.py", make: (n) => "x={'zero_optimization':{'stage':2}}\n".repeat(n / 36) },
  {
    what: "large products",
    file: "a.py",
    make: (n) => "train_cfg = 1\na=[1]*100000000\nb='a'*1000000000\nc=10**1000000\n",
  },
  { what: "pins in one line", file: "requirements.txt", make: (n) => "transformers>=4,".repeat(n / 16) },
  { what: "pins", file: "requirements.txt", make: (n) => "transformers==4.1\n".repeat(n / 18) },
  { what: "hosts", file: "hostfile", make: (n) => "a slots=8\n".repeat(n / 10) },
  { what: "a host's name", file: "hostfile", make: (n) => "a".repeat(n) + " slots=8\n" },
  {
    what: "a line of a hostfile",
    file: "hostfile",
    make: (n) => "a slots=8\n" + ("a".repeat(100) + "\t".repeat(100)).repeat(n / 200),
  },
  {
    what: "names to ignore",
    file: "run.sh",
    make: (n) => "torchrun t.py # create-train-config-ignore" + " a".repeat(n / 2),
  },
  {
    what: "comments to ignore",
    file: "ds.json",
    make: (n) => '{"train_batch_size":1, "a":"create-train-config-ignore ", ' + "# x\n".repeat(n / 4) + "}",
  },
  {
    what: "a command to ignore",
    file: "run.sh",
    make: (n) =>
      "# create-train-config-ignore x\n" +
      "torchrun t.py --fp16 --bf16 \\\n--evaluation_strategy x \\\n".repeat(n / 60),
  },
  { what: "brackets in brackets", file: "ds.json", make: (n) => `{"train_batch_size": ${"[".repeat(n)}` },
  {
    what: "anchors of anchors",
    file: "a.yaml",
    make: (n) =>
      `output_dir: &a0 [x, x]\n${Array.from({ length: n / 30 }, (_, i) => `k${i}: &a${i + 1} [*a${i}, *a${i}]`).join("\n")}`,
  },
];
