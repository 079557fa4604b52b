export { resolvePlan } from "./core/plan/resolve.ts";
