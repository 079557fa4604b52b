/** Packages that are installed together, under one name; a layer stands on the base, and an environment is a pile of layers. */
export interface Layer {
  readonly packages: readonly string[];
  /** DeepSpeed is published as source only; nothing of it is compiled. */
  readonly isDeepSpeed?: true;
  /** Its metadata shuts out the Python that it runs on. */
  readonly ignoresPython?: true;
}

/** What every environment stands on: torch once, and what all versions of the engines need alike. */
export const base: readonly string[] = [
  "torch==2.13.0",
  "numpy==2.4.6",
  "setuptools==84.2.1",
  "wheel==0.48.0",
  "annotated-types==0.8.0",
  "certifi==2026.10.19.post1",
  "charset-normalizer==3.5.3",
  "einops==0.8.2",
  "filelock==4.3.1",
  "fsspec==2026.9.0",
  "hjson==3.1.0",
  "idna==3.20",
  "Jinja2==3.1.6",
  "MarkupSafe==3.0.4",
  "mpmath==1.3.0",
  "msgpack==1.2.4",
  "networkx==3.6.1",
  "ninja==1.13.2",
  "packaging==26.4",
  "psutil==7.2.2",
  "py-cpuinfo==9.0.0",
  "pydantic==2.14.4",
  "pydantic_core==2.50.5",
  "PyYAML==6.0.4",
  "regex==2026.11.19",
  "requests==2.34.2",
  "safetensors==0.8.0",
  "sympy==1.14.0",
  "tqdm==4.70.1",
  "typing-inspection==0.4.5",
  "typing_extensions==4.16.0",
  "urllib3==2.8.0",
];

const deepspeed = (version: string, ...more: readonly string[]): Layer => ({
  packages: [`deepspeed==${version}`, ...more],
  isDeepSpeed: true,
});

/** transformers with the accelerate and peft of its day. */
const transformers = (version: string, accelerate: string, peft: string, ...more: readonly string[]): Layer => ({
  packages: [`transformers==${version}`, `accelerate==${accelerate}`, `peft==${peft}`, ...more],
});

const hub0 = ["huggingface_hub==0.36.2", "hf-xet==1.8.0"];
const hub2 = [
  "huggingface_hub==2.4.0",
  "hf-xet==1.8.0",
  "annotated-doc==0.0.7",
  "anyio==4.16.0",
  "click==8.5.1",
  "h11==0.16.0",
  "httpcore2==2.16.2",
  "httpx2==2.16.2",
  "markdown-it-py==4.3.0",
  "mdurl==0.1.2",
  "Pygments==2.21.0",
  "rich==15.0.0",
  "shellingham==1.5.4",
  "truststore==0.10.5",
  "typer==0.29.2",
];

/** The datasets library, and what it imports. */
const data: Layer = {
  packages: [
    "datasets==5.0.1",
    "aiohappyeyeballs==2.7.1",
    "aiohttp==3.14.5",
    "aiosignal==1.4.0",
    "anyio==4.16.0",
    "attrs==26.1.0",
    "dill==0.4.1",
    "frozenlist==1.8.0",
    "h11==0.16.0",
    "httpcore==1.0.9",
    "httpx==0.28.1",
    "multidict==7.2.1",
    "multiprocess==0.70.19",
    "pandas==3.1.1",
    "propcache==0.5.4",
    "pyarrow==26.0.1",
    "python-dateutil==4.0.0",
    "xxhash==4.1.0",
    "yarl==1.25.1",
  ],
};

const mmengine = (version: string): Layer => ({
  packages: [
    `mmengine==${version}`,
    "addict==2.4.0",
    "cycler==0.12.1",
    "fonttools==4.68.0",
    "kiwisolver==1.5.1",
    "matplotlib==3.11.2",
    "opencv-python-headless==5.0.0.93",
    "pillow==13.0.0",
    "platformdirs==4.14.8",
    "pyparsing==3.3.3",
    "python-dateutil==4.0.0",
    "rich==15.0.0",
    "termcolor==3.3.0",
    "yapf==0.43.0",
  ],
});

/**
 * XTuner with the transformers that it was made for. Left out because nothing here imports them: bitsandbytes (GPU only),
 * lagent, loguru, openpyxl, tiktoken, transformers-stream-generator. 0.1 shuts out Python 3.11 in its metadata, and runs on it.
 */
const xtuner = (version: string, transformers: string, accelerate: string, peft: string, tokenizers: string): Layer => ({
  packages: [
    `xtuner==${version}`,
    `transformers==${transformers}`,
    `accelerate==${accelerate}`,
    `peft==${peft}`,
    `tokenizers==${tokenizers}`,
    ...hub0,
    "imageio==2.38.1",
    "lazy-loader==0.6",
    "scikit-image==0.26.0",
    "scipy==1.17.1",
    "sentencepiece==0.2.3",
    "tifffile==2026.3.3",
    "torchvision==0.28.0",
  ],
  ignoresPython: true,
});

/** Left out because its training imports none of them: sentence-transformers, ir-datasets, sentencepiece, protobuf. */
const flagembedding = (version: string): Layer => ({ packages: [`FlagEmbedding==${version}`] });

export const layers = {
  "transformers 4.36.2": transformers("4.36.2", "0.25.0", "0.7.1", "tokenizers==0.15.2", "numpy==1.26.4", ...hub0),
  "transformers 4.44.2": transformers("4.44.2", "0.33.0", "0.12.0", "tokenizers==0.19.1", "numpy==1.26.4", ...hub0),
  "transformers 4.51.3": transformers("4.51.3", "1.6.0", "0.15.2", "tokenizers==0.21.4", ...hub0),
  "transformers 4.57.6": transformers("4.57.6", "1.15.0", "0.21.2", "tokenizers==0.22.2", ...hub0),
  "transformers 5.18.0": transformers("5.18.0", "1.15.0", "0.21.2", "tokenizers==0.23.3", ...hub2),
  "deepspeed 0.12.6": deepspeed("0.12.6", "numpy==1.26.4"),
  "deepspeed 0.14.5": deepspeed("0.14.5"),
  "deepspeed 0.15.4": deepspeed("0.15.4"),
  "deepspeed 0.16.9": deepspeed("0.16.9"),
  "deepspeed 0.18.9": deepspeed("0.18.9"),
  "deepspeed 0.19.6": deepspeed("0.19.6"),
  data,
  "mmengine 0.10.6": mmengine("0.10.6"),
  "mmengine 0.10.7": mmengine("0.10.7"),
  "xtuner 0.1.23": xtuner("0.1.23", "4.44.2", "0.33.0", "0.12.0", "0.19.1"),
  "xtuner 0.2.0": xtuner("0.2.0", "4.48.0", "1.15.0", "0.21.2", "0.21.4"),
  // What XTuner 0.2 pins; it stands outside the matrix of the Trainer.
  "xtuner-deepspeed 0.16.2": deepspeed("0.16.2"),
  "flagembedding 1.4.0": flagembedding("1.4.0"),
  "flagembedding 1.4.2": flagembedding("1.4.2"),
} satisfies Readonly<Record<string, Layer>>;

export type LayerName = keyof typeof layers;

/** A transformers version and a DeepSpeed version that are run together. */
export interface Pair {
  readonly transformers: string;
  readonly deepspeed: string;
}

const versionsOf = (engine: "transformers" | "deepspeed"): readonly string[] =>
  Object.keys(layers)
    .filter((name) => name.startsWith(`${engine} `))
    .map((name) => name.slice(engine.length + 1));

/** Newest first. */
export const transformersVersions = versionsOf("transformers").toReversed();
export const deepspeedVersions = versionsOf("deepspeed").toReversed();

/** Every combination, whether somebody would install it or not: what is emitted is read by all of them. */
export const allPairs: readonly Pair[] = transformersVersions.flatMap((transformers) =>
  deepspeedVersions.map((deepspeed) => ({ transformers, deepspeed })),
);

/** The combinations that are trained: every version of both at least once, and next to what was current with it. */
export const trainedPairs: readonly Pair[] = [
  { transformers: "5.18.0", deepspeed: "0.19.6" },
  { transformers: "4.57.6", deepspeed: "0.19.6" },
  { transformers: "4.57.6", deepspeed: "0.18.9" },
  { transformers: "4.51.3", deepspeed: "0.16.9" },
  { transformers: "4.44.2", deepspeed: "0.15.4" },
  { transformers: "4.36.2", deepspeed: "0.14.5" },
  { transformers: "4.36.2", deepspeed: "0.12.6" },
];

/** The two ends of the range: what a run that has little time proves. */
export const quickPairs: readonly Pair[] = [
  { transformers: "5.18.0", deepspeed: "0.19.6" },
  { transformers: "4.36.2", deepspeed: "0.14.5" },
];

export const layersOf = ({ transformers, deepspeed }: Pair): readonly LayerName[] => [
  `transformers ${transformers}` as LayerName,
  `deepspeed ${deepspeed}` as LayerName,
];

export const nameOf = ({ transformers, deepspeed }: Pair): string =>
  `transformers ${transformers}, DeepSpeed ${deepspeed}`;
