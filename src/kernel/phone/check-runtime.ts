/** What an emitted check needs at run time: `runtime.judge(script(runtime), facts, { asOf })` is the answer. */
export * from "./runtime.ts";
export { judge } from "../runtime/judge.ts";
