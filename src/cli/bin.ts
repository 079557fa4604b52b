#!/usr/bin/env node
import module from "node:module";
import { main } from "./main.ts";

// From Node 22.8 on, compiled code is kept between runs.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2));
