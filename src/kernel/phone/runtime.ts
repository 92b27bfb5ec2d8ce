/**
 * All that an emitted measure needs at run time; the phone's page bundles this file and nothing else of the kernel.
 * `runtime.decide(script(runtime), question)` is the answer.
 */
export { call } from "../runtime/functions.ts";
export { waysOf } from "../runtime/changes.ts";
export { decide } from "../runtime/decide.ts";
export { waitingFor } from "../runtime/waiting.ts";
export {
  add,
  and,
  choose,
  compare,
  every,
  isIn,
  known,
  list,
  multiply,
  negate,
  not,
  or,
  some,
  subtract,
} from "../runtime/operators.ts";
