import { randomBytes } from "node:crypto";
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileComplaint } from "../errors.ts";

/** Puts a text in a file's place in one step, with its mode; a link stays one. */
export function replaceFile(cwd: string, file: string, text: string): void {
  try {
    const target = realpathSync(path.resolve(cwd, file));
    const staged = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString("hex")}`);
    try {
      writeFileSync(staged, text, { flag: "wx" });
      chmodSync(staged, statSync(target).mode & 0o7777);
      renameSync(staged, target);
    } catch (error) {
      rmSync(staged, { force: true });
      throw error;
    }
  } catch (error) {
    throw fileComplaint(error, file) ?? error;
  }
}
