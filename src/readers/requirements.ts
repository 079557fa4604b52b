import { parseVersion, type Version } from "../core/version.ts";
import type { Place, Source } from "./source.ts";

/** What a file of requirements allows of a package: both ends inclusive, null where it says nothing. */
export interface Pin {
  readonly name: string;
  readonly least: Version | null;
  readonly most: Version | null;
  readonly text: string;
  readonly place: Place;
}

/** The packages whose version decides what is right. */
const WATCHED = [
  "transformers",
  "deepspeed",
  "accelerate",
  "torch",
  "xtuner",
  "mmengine",
  "flagembedding",
  "peft",
  "trl",
  "llamafactory",
  "ms-swift",
  "axolotl",
];

const LINE = new RegExp(
  `(?<![\\w.-])(${WATCHED.join("|")})(?:\\[[\\w, -]*\\])?[ \\t]*(?:\\(?[ \\t]*)((?:[=~<>!]=?=?[ \\t]*v?[\\w.*+-]+[ \\t]*,?[ \\t]*)+)`,
  "gi",
);

/** Pins in requirements.txt, pyproject.toml, setup.py, environment.yml, or a `pip install` in a script. */
export function readPins(source: Source): readonly Pin[] {
  const text = source.text.replace(/^[ \t]*#.*$/gm, (line) => " ".repeat(line.length));
  return Array.from(text.matchAll(LINE), (match): Pin => {
    const [whole, name = "", spec = ""] = match;
    const range = { from: match.index, to: match.index + whole.trimEnd().length };
    const key = name.toLowerCase();
    return { name: key, ...bounds(spec), text: whole.trim(), place: { source, key, range } };
  });
}

function bounds(spec: string): Pick<Pin, "least" | "most"> {
  let least: Version | null = null;
  let most: Version | null = null;
  for (const [, operator = "", word = ""] of spec.matchAll(/([=~<>!]=?=?)[ \t]*v?([\w.*+-]+)/g)) {
    const version = versionOf(word);
    if (version === null) continue;
    if (operator === "==" || operator === "===" || operator === "=") {
      least = version;
      most = version;
    } else if (operator === ">=" || operator === ">" || operator === "~=") {
      least = version;
      if (operator === "~=") most = compatible(version, word);
    } else if (operator === "<" || operator === "<=") most = operator === "<" ? before(version) : version;
  }
  return { least, most };
}

/** `~=4.36` allows every 4.x, `~=4.36.1` every 4.36.x. */
const compatible = (version: Version, word: string): Version =>
  word.split(".").length > 2 ? [version[0], version[1], MOST] : [version[0], MOST, MOST];

/** The newest version below another one: `<5` allows 4.9999. */
function before([major, minor, patch]: Version): Version {
  if (patch > 0) return [major, minor, patch - 1];
  return minor > 0 ? [major, minor - 1, MOST] : [Math.max(0, major - 1), MOST, MOST];
}

const MOST = 9999;

/** `4.36.0.post1` and `5` as well: what stands behind the numbers decides nothing here. */
function versionOf(word: string): Version | null {
  const match = /^(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?/.exec(word);
  return match === null ? null : parseVersion(`${match[1]}.${match[2] ?? 0}.${match[3] ?? 0}`);
}
