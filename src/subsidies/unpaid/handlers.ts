import { handleExport, type ExportList } from "#exports";
import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type Handler } from "../../platform/module.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import { isPaying } from "../claims/intake.ts";
import {
  countUnpaid,
  exportUnpaid,
  listUnpaid,
  unpaidAgeLabels,
  unpaidReasonLabels,
  unpaidReasons,
  type UnpaidFigures,
  type UnpaidRow,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { placeOf } from "../places.ts";
import { countStoredUnpaid, listStoredUnpaid, type StoredUnpaid, type UnpaidCount } from "./store.ts";

const EXPORTED = 5000;

const figuresOf = (rows: readonly UnpaidCount[]): UnpaidFigures => {
  const of = (age: UnpaidCount["age"]) => {
    const own = rows.find((row) => row.age === age);
    return { rows: own?.rows ?? 0, amountFen: Number(own?.amount ?? 0) };
  };
  return { "to-30": of("to-30"), "to-90": of("to-90"), "over-90": of("over-90") };
};

async function toRows(tx: Tx, rows: readonly StoredUnpaid[]): Promise<UnpaidRow[]> {
  const nameOf = await regionNames(
    tx,
    rows.map(({ place }) => place),
  );
  return rows.map((row) => ({
    key: row.key,
    claimId: row.claim_id,
    number: row.number,
    title: row.title,
    fund: row.fund,
    place: placeOf(nameOf, row.place),
    payeeName: row.payee_name,
    personId: row.person_id,
    reason: row.reason,
    amountFen: Number(row.amount_fen),
    entitledOn: row.entitled_on,
    days: row.days,
    age: row.age,
  }));
}

const columns: readonly (WriteColumn & { value(row: UnpaidRow): WriteValue })[] = [
  { header: "补贴件", kind: "text", width: 22, value: (row) => row.number ?? "（尚未生成）" },
  { header: "补贴项目", kind: "text", width: 30, value: (row) => row.title },
  { header: "收款人或涉及人员", kind: "text", width: 24, value: (row) => row.payeeName },
  { header: "地区", kind: "text", width: 18, value: (row) => row.place.fullName },
  { header: "金额", kind: "money", width: 14, value: (row) => row.amountFen },
  { header: "资金渠道", kind: "text", width: 20, value: (row) => row.fund },
  { header: "未发原因", kind: "text", width: 14, value: (row) => unpaidReasonLabels[row.reason] },
  { header: "应享日期", kind: "date", width: 12, value: (row) => row.entitledOn },
  { header: "已等天数", kind: "int", width: 10, value: (row) => row.days },
];

/** 应补尽补: who is entitled and not paid, why, and for how long. */
export function unpaidHandlers({ rulebook }: SubsidiesOptions): readonly Handler[] {
  const paying = async (tx: Tx) => (await rulebook.get(tx)).measures.filter(isPaying);
  return [
    handle(countUnpaid, async ({ tx, caller, businessDate }, { region, ...filter }) => {
      const scope = narrow(caller.sight.region, region);
      const counted = await countStoredUnpaid(tx, scope, await paying(tx), businessDate, filter);
      const by = <K extends "reason" | "place" | "rule_id">(key: K) =>
        Map.groupBy(
          counted.filter((row) => row[key] !== null),
          (row) => row[key] as NonNullable<UnpaidCount[K]>,
        );
      const reasons = by("reason");
      const places = by("place");
      const nameOf = await regionNames(tx, [...places.keys()]);
      const amount = (figures: UnpaidFigures) =>
        Object.values(figures).reduce((sum, { amountFen }) => sum + amountFen, 0);
      return {
        total: figuresOf(
          counted.filter(({ reason, place, rule_id }) => reason === null && place === null && rule_id === null),
        ),
        byReason: unpaidReasons.flatMap((reason) => {
          const own = reasons.get(reason);
          return own ? [{ reason, figures: figuresOf(own) }] : [];
        }),
        byPlace: [...places]
          .map(([code, own]) => ({ place: placeOf(nameOf, code), figures: figuresOf(own) }))
          .toSorted((a, b) => amount(b.figures) - amount(a.figures)),
        byRule: [...by("rule_id")]
          .map(([rule, own]) => ({ rule, title: own[0]!.title ?? rule, figures: figuresOf(own) }))
          .toSorted((a, b) => amount(b.figures) - amount(a.figures)),
      };
    }),

    handle(listUnpaid, async (context, { page, size, region, ...filter }) => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredUnpaid(tx, scope, await paying(tx), businessDate, filter, { page, size });
      context.audit({ count: rows.length, persons: rows.map(({ person_id }) => person_id), total });
      return { total, rows: await toRows(tx, rows) };
    }),

    handleExport(exportUnpaid, async (context, { purpose: _purpose, region, ...filter }): Promise<ExportList> => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const measures = await paying(tx);
      const part = (page: number, size: number) =>
        listStoredUnpaid(tx, scope, measures, businessDate, filter, { page, size });
      const { total } = await part(1, 1);
      return {
        title: "应发未发名单",
        about: [
          filter.reason ? unpaidReasonLabels[filter.reason] : "",
          filter.age ? unpaidAgeLabels[filter.age] : "",
          measures.find(({ definition }) => definition.id === filter.rule)?.definition.title ?? "",
        ]
          .filter((words) => words !== "")
          .join("；"),
        persons: true,
        total,
        columns,
        tracedBy: ["补贴件", "收款人或涉及人员"],
        async *rows() {
          for (let page = 1; (page - 1) * EXPORTED < total; page += 1)
            for (const row of await toRows(tx, (await part(page, EXPORTED)).rows))
              yield columns.map((column) => column.value(row));
        },
      };
    }),
  ];
}
