import type { DivisionMatcher } from "#registry";
import type { Keys } from "../../platform/keys.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";

/** What a whole batch is checked against. */
export interface CheckContext {
  readonly definition: LedgerKindDefinition;
  /** `YYYY-MM` of the batch. */
  readonly month: string;
  readonly businessDate: string;
  /** Region codes the batch is complete for; rows outside are refused. */
  readonly coverage: readonly string[];
  /** Name of the table, for kind "other". */
  readonly title: string;
  readonly divisions: DivisionMatcher;
  readonly keys: Keys;
}
