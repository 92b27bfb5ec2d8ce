import { handleExport, type ExportList } from "#exports";
import { narrow } from "#registry";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import {
  countDifferences,
  differenceCauseLabels,
  differenceKindLabels,
  differenceKinds,
  differenceStateLabels,
  dismissDifferences,
  exportDifferencesOfClaims,
  listDifferences,
  reExamineDifferences,
  recalculateClaims,
  takeUpDifferences,
  type Difference,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { subsidiesTasks } from "../task-names.ts";
import { toDifferences } from "./rows.ts";
import {
  countStoredDifferences,
  endDifferences,
  lastRecalculation,
  listStoredDifferences,
  lockDifferences,
} from "./store.ts";
import { whileNotRecalculating } from "./run.ts";
import { reExamine, takeUp } from "./take-up.ts";

const EXPORTED = 500;

const columns: readonly (WriteColumn & { value(row: Difference): WriteValue })[] = [
  { header: "补贴件", kind: "text", width: 22, value: (row) => row.claimNumber },
  { header: "补贴项目", kind: "text", width: 30, value: (row) => row.title },
  { header: "收款人", kind: "text", width: 24, value: (row) => row.payeeName },
  { header: "人员", kind: "text", width: 12, value: (row) => row.personName ?? "" },
  { header: "地区", kind: "text", width: 14, value: (row) => row.place.name },
  { header: "所属日期", kind: "date", width: 12, value: (row) => row.eventDate },
  { header: "审定金额", kind: "money", width: 14, value: (row) => row.wasFen },
  { header: "重算金额", kind: "money", width: 14, value: (row) => row.nowFen },
  { header: "差异", kind: "text", width: 10, value: (row) => differenceKindLabels[row.kind] },
  {
    header: "原因",
    kind: "text",
    width: 20,
    value: (row) => row.causes.map((cause) => differenceCauseLabels[cause]).join("、"),
  },
  { header: "不再符合的条件", kind: "text", width: 36, value: (row) => row.failed.join("；") },
  {
    header: "变动的事实",
    kind: "text",
    width: 40,
    value: (row) =>
      row.changed
        .map(({ label, before, after }) => `${label}：${before ?? "没有填写"} → ${after ?? "没有填写"}`)
        .join("；"),
  },
  { header: "发现日期", kind: "date", width: 12, value: (row) => row.foundOn },
  { header: "状态", kind: "text", width: 14, value: (row) => differenceStateLabels[row.state] },
];

export function recalculationHandlers({ rulebook }: SubsidiesOptions): readonly Handler[] {
  return [
    handle(listDifferences, async (context, { page, size, region, ...filter }) => {
      const { tx, caller } = context;
      const { rows, total } = await listStoredDifferences(tx, narrow(caller.sight.region, region), filter, {
        page,
        size,
      });
      context.audit({ count: rows.length, persons: rows.map(({ person_id }) => person_id), total });
      return { total, rows: await toDifferences(tx, rulebook, rows) };
    }),

    handle(countDifferences, async ({ tx, caller, services }, { region }) => {
      const scope = narrow(caller.sight.region, region);
      const counted = await countStoredDifferences(tx, scope);
      const last = scope === null ? null : await lastRecalculation(services.database.worker, scope);
      const sum = (rows: typeof counted, of: (row: (typeof counted)[number]) => number) =>
        rows.reduce((total, row) => total + of(row), 0);
      return {
        kinds: differenceKinds.map((kind) => {
          const own = counted.filter((row) => row.kind === kind);
          return {
            kind,
            differences: sum(own, ({ differences }) => differences),
            claims: sum(own, ({ claims }) => claims),
            amountFen: sum(own, ({ amount }) => Number(amount)),
          };
        }),
        rules: [...Map.groupBy(counted, ({ rule_id }) => rule_id)].map(([rule, own]) => ({
          rule,
          title: own[0]!.title,
          differences: sum(own, ({ differences }) => differences),
        })),
        last: last && { on: last.business_date, at: last.at.toISOString(), items: last.items },
      };
    }),

    handleExport(
      exportDifferencesOfClaims,
      async (context, { purpose: _purpose, region, ...filter }): Promise<ExportList> => {
        const { tx, caller } = context;
        const scope = narrow(caller.sight.region, region);
        const { total } = await listStoredDifferences(tx, scope, filter, { page: 1, size: 1 });
        return {
          title: "重算差异",
          about: [
            differenceStateLabels[filter.state],
            filter.kind ? differenceKindLabels[filter.kind] : "",
            filter.cause ? differenceCauseLabels[filter.cause] : "",
            filter.search ?? "",
          ]
            .filter((part) => part !== "")
            .join("；"),
          persons: true,
          total,
          columns,
          tracedBy: ["补贴件", "收款人"],
          async *rows() {
            for (let page = 1; (page - 1) * EXPORTED < total; page += 1) {
              const { rows } = await listStoredDifferences(tx, scope, filter, { page, size: EXPORTED });
              for (const row of await toDifferences(tx, rulebook, rows))
                yield columns.map((column) => column.value(row));
            }
          },
        };
      },
    ),

    handle(recalculateClaims, async (context) => ({
      taskId: await context.enqueue({
        name: subsidiesTasks.recalculate,
        payload: { region: context.caller.sight.region, officerName: context.caller.name },
        subject: "subsidies.recalculate",
        region: context.caller.sight.region ?? refuse(platformProblems.outOfScope()),
        // Behind screenings and intakes.
        queue: "policy",
      }),
    })),

    handle(takeUpDifferences, takeUp),
    handle(reExamineDifferences, reExamine),

    handle(dismissDifferences, async (context, { differenceIds, reason }) => {
      const { tx, caller, businessDate } = context;
      await whileNotRecalculating(tx);
      const rows = await lockDifferences(tx, caller.sight.region, [...new Set(differenceIds)]);
      if (rows.length === 0) refuse(platformProblems.notFound("所选差异"));
      const open = rows.filter(({ state }) => state === "open");
      const ids = open.map(({ difference_id }) => difference_id);
      await endDifferences(tx, ids, { state: "dismissed", reason, by: caller.name, on: businessDate });
      context.audit({ count: ids.length, reason });
      return {
        done: ids.length,
        left: rows
          .filter(({ state }) => state !== "open")
          .map((row) => ({
            differenceId: row.difference_id,
            why: `已是“${differenceStateLabels[row.state]}”`,
          })),
      };
    }),
  ];
}
