import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
    if (found.isSymbolicLink())
      throw new UsageError({ message: message("write.link", { target: resolved(file) }), place });
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
export function writeAll(
  { folder, exists, unchanged }: Destination,
  shown: string,
  files: readonly EmittedFile[],
): void {
  const created: string[] = [];
  try {
    if (exists)
      replaceIn(
        folder,
        files.filter((file) => !unchanged.includes(file.path)),
      );
    else {
      const parent = path.dirname(folder);
      makeFolders(parent, created);
      stage(parent, path.basename(folder), files, (staged) => renameSync(staged, folder));
    }
  } catch (error) {
    for (const made of created.reverse()) removeEmpty(made);
    throw fileComplaint(error, shown) ?? error;
  }
}

/**
 * Makes a folder and those above it, and notes which it made, so that a failure half way can take them back. (Node's own
 * recursive way notes none then, and calls a read-only disk a missing file.)
 */
function makeFolders(folder: string, created: string[]): void {
  if (existsSync(folder)) return;
  makeFolders(path.dirname(folder), created);
  mkdirSync(folder);
  created.push(folder);
}

/** Somebody else may have put something into it by now; then it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // What matters is the failure that led here.
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
        // A second name for the old file: it stays in its place until the new one takes it, so that no moment is without.
        if (existsSync(target)) keep(target, path.join(backup, file));
        renameSync(path.join(staged, file), target);
        done.push(file);
      }
    } catch (error) {
      for (const file of done) {
        if (existsSync(path.join(backup, file))) renameSync(path.join(backup, file), path.join(folder, file));
        else rmSync(path.join(folder, file), { force: true });
      }
      throw error;
    }
  });
}

/** A hard link, or a copy where the disk has no links. */
function keep(file: string, backup: string): void {
  try {
    linkSync(file, backup);
  } catch {
    copyFileSync(file, backup);
  }
}
