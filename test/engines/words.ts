import { toldBy, TELL } from "../core/bash.ts";

/** The words that a launch script of ours starts its program with, after bash has read them. */
export function wordsOfLaunch(script: string): readonly string[] {
  const [words = []] = toldBy(
    `export NODE_RANK=0 MASTER_ADDR=127.0.0.1; exec() ${TELL}; IFS= read -r -d '' file; source "$file"`,
    [script],
  );
  return words;
}

/** The words of the line of a README that begins with `command`, where it is run in `folder`. */
export function wordsOfCommand(readme: string, command: string, folder: string): readonly string[] {
  const line = readme.split("\n").find((each) => each.startsWith(command));
  if (line === undefined) throw new Error(`the README has no "${command}"`);
  const [name = ""] = command.split(" ");
  const [words = []] = toldBy(
    `IFS= read -r -d '' folder; cd -- "$folder"; ${name}() ${TELL}; ${name} ${line.slice(name.length)}`,
    [folder],
  );
  return [name, ...words];
}
