import { sql } from "kysely";
import { sees } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { getBankFormat, setBankFormat, type BankFormat } from "../contract.ts";

interface StoredFormat {
  readonly format: BankFormat;
  readonly set_by_name: string;
  readonly set_at: Date;
}

/** The format in which a county's bank takes batches; null: nothing was set, so the plain one. */
export async function findBankFormat(tx: Tx, region: string): Promise<StoredFormat | null> {
  const found =
    await sql<StoredFormat>`SELECT format, set_by_name, set_at FROM subsidies.bank_format WHERE region = ${region}`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export function bankFormatHandlers(): readonly Handler[] {
  return [
    handle(getBankFormat, async ({ tx, caller }) => {
      const own = caller.sight.region;
      const region = own !== null && own.length >= 6 ? own.slice(0, 6) : null;
      const stored = region === null ? null : await findBankFormat(tx, region);
      return {
        region,
        format: stored?.format ?? "plain",
        setByName: stored?.set_by_name ?? null,
        setAt: stored?.set_at.toISOString() ?? null,
      };
    }),

    handle(setBankFormat, async (context, { region, format }) => {
      const { tx, caller } = context;
      if (!sees(caller.sight.region, region)) refuse(platformProblems.outOfScope());
      await sql`INSERT INTO subsidies.bank_format (region, format, set_by_name) VALUES (${region}, ${format}, ${caller.name})
        ON CONFLICT (region) DO UPDATE SET format = EXCLUDED.format, set_by_name = EXCLUDED.set_by_name, set_at = now()`.execute(
        tx,
      );
      context.audit({ subject: `subsidies.bank-format:${region}`, region, format });
      return {};
    }),
  ];
}
