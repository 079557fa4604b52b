import { defineConfig } from "vitest/config";
import { handlebars } from "../scripts/handlebars-plugin.js";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  plugins: [handlebars()],
  test: {
    include: ["test/**/*.test.ts"],
    // Whole processes and pseudo-terminals are started here, on machines with two busy cores.
    testTimeout: 60_000,
  },
});
