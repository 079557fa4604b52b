// Loaded into the command with --import: ends its process, as kill -9 would, right before the n-th change of the disk.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

let left = Number(process.env["KILL_AT"]);
for (const name of ["mkdirSync", "writeFileSync", "linkSync", "copyFileSync", "renameSync", "rmSync", "rmdirSync"]) {
  const real = fs[name];
  fs[name] = (...words) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
    return real(...words);
  };
}
syncBuiltinESMExports();
