import type { Tone } from "../../ui/index.ts";
import type { ImportState } from "../contract.ts";

export const importTones: Record<ImportState, Tone> = {
  checking: "plain",
  checked: "soon",
  applied: "done",
  undone: "outline",
  failed: "late",
  discarded: "outline",
};
