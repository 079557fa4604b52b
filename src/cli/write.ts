import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { EmittedFile } from "../core/file.ts";
import { message } from "../messages/message.ts";
import { fileComplaint, UsageError } from "./errors.ts";

/** What stands in the destination already, file by file. */
export interface Destination {
  readonly folder: string;
  readonly exists: boolean;
  readonly unchanged: readonly string[];
  /** Files that we would write and that hold something else. */
  readonly differing: readonly string[];
}

/**
 * Looks at a destination before anything is written. Refuses, with a UsageError, one that is a file, that lies behind a
 * link, or in which a file of ours is a link or a folder.
 */
export function inspect(folder: string, shown: string, files: readonly EmittedFile[]): Destination {
  const stats = lookAt(folder, shown);
  if (stats === undefined) return { folder, exists: false, unchanged: [], differing: [] };
  if (stats.isSymbolicLink()) {
    throw new UsageError({ message: message("write.link", { target: resolved(folder) }), place: shown });
  }
  if (!stats.isDirectory()) throw new UsageError({ message: message("write.isFile"), place: shown });
  const unchanged: string[] = [];
  const differing: string[] = [];
  for (const { path: name, text } of files) {
    const file = path.join(folder, name);
    const place = path.join(shown, name);
    const found = lookAt(file, place);
    if (found === undefined) continue;
    if (found.isSymbolicLink()) throw new UsageError({ message: message("write.link", { target: resolved(file) }), place });
    if (!found.isFile()) throw new UsageError({ message: message("file.isFolder"), place });
    (sameText(file, place, text) ? unchanged : differing).push(name);
  }
  return { folder, exists: true, unchanged, differing };
}

function lookAt(file: string, place: string) {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw fileComplaint(error, place) ?? error;
  }
}

function resolved(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return "?";
  }
}

function sameText(file: string, place: string, text: string): boolean {
  try {
    return readFileSync(file).equals(Buffer.from(text));
  } catch (error) {
    throw fileComplaint(error, place) ?? error;
  }
}

/**
 * Writes all files or none. They are staged next to where they go and renamed into place; a new folder appears whole, in an
 * existing one the files that were replaced are put back when a rename fails. Nothing else in the folder is touched.
 */
export function writeAll({ folder, exists, unchanged }: Destination, shown: string, files: readonly EmittedFile[]): void {
  const created: string[] = [];
  try {
    if (exists) replaceIn(folder, files.filter((file) => !unchanged.includes(file.path)));
    else {
      const parent = path.dirname(folder);
      const first = mkdirSync(parent, { recursive: true });
      if (first !== undefined) created.push(first);
      stage(parent, path.basename(folder), files, (staged) => renameSync(staged, folder));
    }
  } catch (error) {
    for (const made of created) rmSync(made, { recursive: true, force: true });
    throw fileComplaint(error, shown) ?? error;
  }
}

/** Writes files into a fresh folder beside their destination, and removes it whatever happens. */
function stage(parent: string, name: string, files: readonly EmittedFile[], move: (staged: string) => void): void {
  const staged = path.join(parent, `.${name.slice(0, 60)}.tmp-${randomBytes(6).toString("hex")}`);
  mkdirSync(staged);
  try {
    for (const { path: file, text } of files) {
      writeFileSync(path.join(staged, file), text, { mode: file.endsWith(".sh") ? 0o777 : 0o666 });
    }
    move(staged);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function replaceIn(folder: string, files: readonly EmittedFile[]): void {
  if (files.length === 0) return;
  stage(folder, "create-train-config", files, (staged) => {
    const backup = path.join(staged, "before");
    mkdirSync(backup);
    const done: string[] = [];
    try {
      for (const { path: file } of files) {
        const target = path.join(folder, file);
        if (existsSync(target)) renameSync(target, path.join(backup, file));
        done.push(file);
        renameSync(path.join(staged, file), target);
      }
    } catch (error) {
      for (const file of done) {
        rmSync(path.join(folder, file), { force: true });
        if (existsSync(path.join(backup, file))) renameSync(path.join(backup, file), path.join(folder, file));
      }
      throw error;
    }
  });
}
