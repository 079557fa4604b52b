import { randomBytes } from "node:crypto";
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileComplaint } from "../errors.ts";

/** Puts a text in a file's place in one step, with its mode; a link stays one. False for a file that is read-only. */
export function replaceFile(cwd: string, file: string, text: string): boolean {
  try {
    const target = realpathSync(path.resolve(cwd, file));
    const { mode } = statSync(target);
    // A file can be replaced by whoever may write to its folder; that somebody took its write bit is a wish.
    if ((mode & 0o222) === 0) return false;
    const staged = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString("hex")}`);
    try {
      writeFileSync(staged, text, { flag: "wx" });
      chmodSync(staged, mode & 0o7777);
      renameSync(staged, target);
      return true;
    } catch (error) {
      rmSync(staged, { force: true });
      throw error;
    }
  } catch (error) {
    throw fileComplaint(error, file) ?? error;
  }
}
