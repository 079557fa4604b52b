/** The folder of a path, with its slash; empty at the top. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

export const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A path without `.` and `..`, as far as it can be. */
export function normal(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "." || (step === "" && steps.length > 0)) continue;
    if (step === ".." && steps.length > 0 && steps[steps.length - 1] !== ".." && steps[steps.length - 1] !== "")
      steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}

/** Where a file may lie that is named in another one: beside it, or under any folder above it, from which it may be started. */
export function candidates(from: string, name: string): readonly string[] {
  if (name.startsWith("/")) return [normal(name)];
  const found = [normal(folderOf(from) + name)];
  for (let folder = folderOf(from); folder !== "";) {
    folder = folderOf(folder.slice(0, -1));
    found.push(normal(folder + name));
    if (folder === "/") break;
  }
  return [...new Set(found)];
}
