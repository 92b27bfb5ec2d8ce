import type { DomainModule } from "../../platform/module.ts";
import type { ErasureStep, HeldTable, Holdings, LegalHold, RetentionRule } from "../../platform/privacy/index.ts";

/** What all domains hold of people, put together. */
export interface Book {
  readonly holdings: readonly Holdings[];
  readonly tables: readonly HeldTable[];
  readonly rules: readonly RetentionRule[];
  /** In the order in which persons are erased. */
  readonly steps: readonly ErasureStep[];
  readonly holds: readonly LegalHold[];
  readonly withdrawals: NonNullable<Holdings["withdrawals"]>;
  readonly sweeps: NonNullable<Holdings["sweeps"]>;
  readonly files: NonNullable<Holdings["files"]>;
}

export function bookOf(modules: readonly DomainModule[]): Book {
  const holdings = modules.flatMap((module) => module.holdings ?? []);
  const steps = holdings.flatMap(({ erasure }) => erasure ?? []);
  const at = (when: ErasureStep["when"]) => steps.filter((step) => step.when === when);
  return {
    holdings,
    tables: holdings.flatMap(({ tables }) => tables),
    rules: holdings.flatMap(({ rules }) => rules ?? []),
    steps: [...at("first"), ...at(undefined), ...at("last")],
    holds: holdings.flatMap(({ holds }) => holds ?? []),
    withdrawals: holdings.flatMap(({ withdrawals }) => withdrawals ?? []),
    sweeps: holdings.flatMap(({ sweeps }) => sweeps ?? []),
    files: holdings.flatMap(({ files }) => files ?? []),
  };
}

/** SQL: nothing is open about the person, or the batch. */
export function notHeld(
  book: Book,
  of: { readonly person?: string | undefined; readonly batch?: string | undefined },
): string {
  const among = (column: "person_id" | "batch_id", texts: readonly string[], value: string) =>
    texts.length === 0
      ? []
      : [`NOT EXISTS (SELECT FROM (${texts.join(" UNION ALL ")}) held WHERE held.${column} = ${value})`];
  return (
    [
      ...(of.person
        ? among(
            "person_id",
            book.holds.flatMap(({ persons }) => persons ?? []),
            of.person,
          )
        : []),
      ...(of.batch
        ? among(
            "batch_id",
            book.holds.flatMap(({ batches }) => batches ?? []),
            of.batch,
          )
        : []),
    ].join(" AND ") || "true"
  );
}
