#!/usr/bin/env node
import module from "node:module";
import { atLeast, parseVersion } from "../core/version.ts";
import { main, oldNode } from "./main.ts";

// From Node 22.8 on, compiled code is kept between runs.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const running = parseVersion(process.versions.node);
process.exitCode =
  running !== null && !atLeast(running, "20.19") ? oldNode(process.versions.node) : await main(process.argv.slice(2));
