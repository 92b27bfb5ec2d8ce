import { handleExport, type ExportList } from "#exports";
import type { Rulebook } from "#policy";
import { narrow, regionNames } from "#registry";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import { eventsOfClaim, findClaim, type StoredClaim } from "../claims/store.ts";
import {
  exportTrace,
  paymentStateLabels,
  reconcileMoney,
  traceMoney,
  type TraceRow,
  type TraceWay,
} from "../contract.ts";
import { findFundLine } from "../funds/store.ts";
import type { SubsidiesOptions } from "../options.ts";
import { paymentsOfClaim } from "../payments/store.ts";
import { subsidiesProblems } from "../problems.ts";
import { divisionsOf, factsOf } from "./facts.ts";
import { reconcile } from "./reconcile.ts";
import {
  decidingVersions,
  itemsWithFacts,
  liveItemsFen,
  movementsOfClaim,
  paymentsWithBatches,
  rowsOfWay,
  stepsOf,
  streamTracedRows,
  sumsOfWay,
  toTraceRow,
  tracedBy,
  tracedClaim,
  tracedRows,
  tracedSums,
  type TracedSums,
} from "./store.ts";
import { readTarget, type TraceTarget } from "./target.ts";
import { FrozenVersions, standsOn } from "./versions.ts";

const MOST_ITEMS = 100;

const words: Record<TraceTarget["kind"], string> = {
  claim: "补贴件",
  payment: "一笔发放",
  line: "银行文件的一行",
  batch: "发放批次",
  fund: "资金额度",
  rule: "规则",
  article: "文件条款",
  person: "人员",
  amount: "金额相同的发放",
};

const columns: readonly WriteColumn[] = [
  { header: "补贴件编号", kind: "text", width: 22 },
  { header: "补贴项目", kind: "text", width: 30 },
  { header: "收款人", kind: "text", width: 20 },
  { header: "补贴件金额", kind: "money", width: 14 },
  { header: "批次", kind: "text", width: 20 },
  { header: "行号", kind: "int", width: 8 },
  { header: "收款账户", kind: "text", width: 20 },
  { header: "发放金额", kind: "money", width: 14 },
  { header: "结果", kind: "text", width: 12 },
  { header: "银行流水号", kind: "text", width: 22 },
  { header: "回盘日期", kind: "date", width: 12 },
  { header: "下达文件", kind: "text", width: 26 },
  { header: "规则版本校验码", kind: "text", width: 26 },
  { header: "依据", kind: "text", width: 40 },
  { header: "原文", kind: "text", width: 80 },
];

export function traceHandlers({ rulebook }: SubsidiesOptions): readonly Handler[] {
  const frozen = new FrozenVersions();

  /** The condition of a target on claims, with the versions that stand on an article. */
  async function conditionOf({ tx, caller }: ActionContext, book: Rulebook, target: TraceTarget) {
    if (target.kind !== "article") return tracedBy(target, []);
    const versions = await frozen.get(tx, book, await decidingVersions(tx, caller.sight.region));
    const own = [...versions.values()].filter((version) => standsOn(version, target.text, target.article));
    return tracedBy(
      target,
      own.map(({ versionId }) => versionId),
    );
  }

  async function wayOf(context: ActionContext, book: Rulebook, claim: StoredClaim): Promise<TraceWay> {
    const { tx, caller } = context;
    const version = (await frozen.get(tx, book, [claim.version_id])).get(claim.version_id);
    const source = (await rulebook.measureOf(tx, claim.version_id))?.source;
    const line = claim.fund_line_id ? await findFundLine(tx, caller.sight.region, claim.fund_line_id) : null;
    const events = await eventsOfClaim(tx, claim.claim_id);
    const items = await itemsWithFacts(tx, claim.claim_id, MOST_ITEMS);
    const nameOf = await regionNames(tx, [claim.region, ...items.flatMap(({ facts }) => divisionsOf(source, facts))]);
    return {
      claim: {
        claimId: claim.claim_id,
        number: claim.number,
        place: nameOf(claim.region).fullName,
        title: claim.title,
        handling: claim.handling,
        payeeName: claim.payee_name,
        amountFen: Number(claim.amount_fen),
        items: claim.items,
        state: claim.state,
        decidedOn: claim.decided_on,
      },
      payments: await paymentsWithBatches(tx, await paymentsOfClaim(tx, claim.claim_id)),
      events: events.map((event) => ({
        act: event.act,
        state: event.state,
        amountFen: Number(event.amount_fen),
        officerName: event.officer_name,
        organisation: event.organisation,
        note: event.note,
        businessDate: event.business_date,
        at: event.at.toISOString(),
      })),
      items: items.map((item) => ({
        itemId: item.item_id,
        personName: item.person_name,
        identityMask: item.identity_mask,
        eventDate: item.event_date,
        amountFen: Number(item.amount_fen),
        live: item.live,
        facts: factsOf(source, item.facts, (code) => nameOf(code).fullName),
      })),
      rule: {
        rule: claim.rule_id,
        versionId: claim.version_id,
        title: version?.title ?? claim.title,
        hash: version?.hash ?? "",
        publishedByName: version?.publishedByName ?? null,
        publishedAt: version?.publishedAt ?? null,
      },
      articles: [...(version?.articles ?? [])],
      fundLine: line && {
        fundLineId: line.fund_line_id,
        fund: line.fund,
        level: line.level as NonNullable<TraceWay["fundLine"]>["level"],
        year: line.year,
        document: line.document,
        sample: line.sample,
      },
      movements: await movementsOfClaim(tx, claim.claim_id),
    };
  }

  return [
    handle(traceMoney, async (context, { of, page, size }) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const target = readTarget(of);
      const book = await rulebook.get(tx);
      const where = await conditionOf(context, book, target);
      const said = (of: { readonly sums: TracedSums; readonly rows: TraceRow[]; readonly way: TraceWay | null }) => {
        const { sums, rows, way } = of;
        context.audit({
          count: rows.length,
          total: sums.rows,
          of: words[target.kind],
          ...(way ? { subject: `subsidies.claim:${way.claim.claimId}` } : {}),
        });
        const { claims, claimedFen, payments, paidFen } = sums;
        const steps = stepsOf(target, sums);
        return { what: words[target.kind], total: sums.rows, rows, claims, claimedFen, payments, paidFen, steps, way };
      };
      const wayOfOne = async (claimId: string) => {
        const claim = (await findClaim(tx, scope, claimId)) ?? refuse(subsidiesProblems.noWay());
        return wayOf(context, book, claim);
      };
      if (target.kind === "claim" || target.kind === "payment" || target.kind === "line") {
        const claimId = (await tracedClaim(tx, scope, where)) ?? refuse(subsidiesProblems.noWay());
        const way = await wayOfOne(claimId);
        return said({ sums: sumsOfWay(way, await liveItemsFen(tx, claimId)), rows: rowsOfWay(way), way });
      }
      const sums = await tracedSums(tx, scope, target, where);
      if (sums.claims === 0) refuse(subsidiesProblems.noWay());
      const rows = (await tracedRows(tx, scope, target, where, { page, size })).map(toTraceRow);
      const only = sums.claims === 1 ? rows[0] : undefined;
      return said({ sums, rows, way: only ? await wayOfOne(only.claimId) : null });
    }),

    handleExport(exportTrace, async (context, { of }): Promise<ExportList> => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const target = readTarget(of);
      const book = await rulebook.get(tx);
      const where = await conditionOf(context, book, target);
      const { rows: total } = await tracedSums(tx, scope, target, where);
      const versions = await frozen.get(tx, book, await decidingVersions(tx, scope));
      return {
        title: "资金追溯表",
        about: `${words[target.kind]} ${of}`,
        persons: true,
        total,
        columns,
        tracedBy: ["补贴件编号", "收款人"],
        async *rows(): AsyncGenerator<readonly WriteValue[]> {
          for await (const part of streamTracedRows(tx, scope, target, where))
            for (const row of part) {
              const version = versions.get(row.version_id);
              const paid = row.payment_id !== null;
              yield [
                row.number,
                row.title,
                row.payee_name,
                Number(row.claim_fen),
                row.batch_number,
                row.line,
                row.account_mask,
                paid ? Number(row.amount_fen) : null,
                paid ? paymentStateLabels[row.payment_state] : null,
                row.bank_reference,
                row.answered_on,
                row.document,
                version?.hash.slice(0, 16),
                version?.articles
                  .map((one) => [one.number || one.textTitle, one.article].filter(Boolean).join(" "))
                  .join("；"),
                version?.articles.map(({ quote }) => quote ?? "").join("\n"),
              ];
            }
        },
      };
    }),

    handle(reconcileMoney, async (context, { region }) => {
      const { tx, caller } = context;
      const found = await reconcile(tx, narrow(caller.sight.region, region));
      context.audit({ count: found.faults.length, ...(region ? { region } : {}) });
      return found;
    }),
  ];
}
