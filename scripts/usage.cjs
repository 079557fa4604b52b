// Preloaded by the benchmark: leaves what the process used of CPU (µs) and memory (KiB) in the file that USAGE_FILE names.
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeFileSync(
    process.env.USAGE_FILE,
    JSON.stringify({ cpu: userCPUTime + systemCPUTime, rss: maxRSS }),
  );
});
