import { sql } from "kysely";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext, type DomainModule, type Handler } from "../../platform/module.ts";
import {
  lengthWords,
  legalBases,
  periodIds,
  periodOf,
  type Length,
  type PeriodId,
} from "../../platform/privacy/index.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState, latestTasks } from "../../platform/tasks/state.ts";
import {
  askPreview,
  decideSetting,
  getRetention,
  listPreview,
  proposeSetting,
  runNow,
  withdrawSetting,
  type Setting,
} from "../contract.ts";
import { privacyProblems } from "../problems.ts";
import { PRIVACY_QUEUE, privacyTasks } from "../task-names.ts";
import { bookOf, type Book } from "./book.ts";
import { PERSON_RULE, PERSON_TITLE } from "./persons.ts";
import { locks } from "../../platform/db/locks.ts";

const PROVINCE_DIGITS = 2;

/** The province for which the officer answers; null: he answers for less. */
function provinceOf({ caller }: ActionContext): string | null {
  const { administers } = caller.sight;
  return administers?.length === PROVINCE_DIGITS ? administers : null;
}
const ownProvince = (context: ActionContext) => provinceOf(context) ?? refuse(privacyProblems.notTheProvince());
/** Prefix of the counties of which the officer may know. */
export const countiesOf = ({ caller: { sight } }: ActionContext) =>
  sight.administers ?? (sight.audits ? sight.region : null) ?? refuse(platformProblems.outOfScope());

export const titlesOf = (book: Book): ReadonlyMap<string, { title: string; period: PeriodId | null }> =>
  new Map<string, { title: string; period: PeriodId | null }>([
    ...[...book.rules, ...book.sweeps].map(({ id, title, period }) => [id, { title, period }] as const),
    [PERSON_RULE, { title: PERSON_TITLE, period: "person" }],
    ["privacy.request", { title: "本人申请删除", period: null }],
    ["privacy.consent", { title: "撤回同意的内容", period: "consent" }],
  ]);

async function settingsOf(
  { tx, caller }: ActionContext,
  area: string,
): Promise<(Setting & { period: string; length: number; unit: Length["unit"] })[]> {
  const rows = await tx
    .selectFrom("privacy.setting")
    .selectAll()
    .where("area", "=", area)
    .where("state", "in", ["waiting", "approved"])
    .orderBy("setting_id", "desc")
    .execute();
  return rows.map((row) => ({
    settingId: row.setting_id,
    area: row.area,
    period: row.period,
    length: row.length,
    unit: row.unit as Length["unit"],
    words: lengthWords({ length: row.length, unit: row.unit as Length["unit"] }),
    state: row.state as Setting["state"],
    reason: row.reason,
    wouldGo: row.would_go === null ? null : Number(row.would_go),
    proposedBy: row.proposed_by_name,
    proposedAt: row.proposed_at.toISOString(),
    decidedBy: row.decided_by_name,
    note: row.note,
    mine: row.proposed_by === caller.officerId,
  }));
}

const countAgain = (context: ActionContext, area: string) =>
  context.enqueue({
    name: privacyTasks.preview,
    payload: { area },
    subject: "privacy",
    region: area,
    queue: PRIVACY_QUEUE,
  });

async function refuseWhileRunning(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${locks.retentionRequests})`.execute(tx);
  const { rows } =
    await sql`SELECT 1 FROM platform.task WHERE subject = 'privacy' AND state IN ('queued', 'running') LIMIT 1`.execute(
      tx,
    );
  if (rows.length > 0) refuse(privacyProblems.running());
}

export function retentionHandlers(modules: () => readonly DomainModule[]): readonly Handler[] {
  const titles = () => titlesOf(bookOf(modules()));

  return [
    handle(getRetention, async (context) => {
      const { tx } = context;
      const area = provinceOf(context);
      const settings = await settingsOf(
        context,
        area ?? context.caller.sight.administers?.slice(0, PROVINCE_DIGITS) ?? "-",
      );
      const of = (period: string, state: Setting["state"]) =>
        settings.find((one) => one.period === period && one.state === state) ?? null;
      const { rows } = await sql<{
        as_of: string | null;
        computed_at: Date | null;
        rows: string;
        held: string;
        agreed: string;
      }>`
        SELECT max(as_of)::text AS as_of, max(computed_at) AS computed_at, coalesce(sum(rows), 0) AS rows, coalesce(sum(held), 0) AS held, coalesce(sum(rows) FILTER (WHERE agreed), 0) AS agreed
        FROM privacy.preview WHERE starts_with(county, ${countiesOf(context)})`.execute(tx);
      const preview = rows[0]!;
      const ended = await tx
        .selectFrom("privacy.run")
        .select((eb) => eb.fn.max("finished_at").as("at"))
        .executeTakeFirstOrThrow();
      const taskId = (await latestTasks(tx, ["privacy"])).get("privacy");
      return {
        area,
        periods: periodIds.map((period) => {
          const { label, from, norm, fixed, ...length } = periodOf(period);
          return {
            period,
            label,
            from,
            ...length,
            words: lengthWords(length),
            norm: norm ? legalBases[norm].words : null,
            fixed: fixed === true,
            agreed: of(period, "approved"),
            waiting: of(period, "waiting"),
          };
        }),
        preview:
          preview.as_of === null || preview.computed_at === null
            ? null
            : {
                asOf: preview.as_of,
                computedAt: preview.computed_at.toISOString(),
                rows: Number(preview.rows),
                held: Number(preview.held),
                agreed: Number(preview.agreed),
              },
        latest: `${preview.computed_at?.toISOString() ?? ""} ${ended.at?.toISOString() ?? ""}`,
        taskId: taskId !== undefined && (await findTaskState(tx, taskId, countiesOf(context))) ? taskId : null,
      };
    }),

    handle(listPreview, async (context, { page, size }) => {
      const found = context.tx
        .selectFrom("privacy.preview")
        .where(sql<boolean>`starts_with(county, ${countiesOf(context)})`)
        .where(sql<boolean>`rows + held > 0`);
      const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
      const rows = await found
        .selectAll()
        .orderBy("rule")
        .orderBy("county")
        .limit(size)
        .offset((page - 1) * size)
        .execute();
      const nameOf = await regionNames(
        context.tx,
        rows.map((row) => row.county),
      );
      const known = titles();
      return {
        total: Number(n),
        rows: rows.map((row) => {
          const one = known.get(row.rule);
          return {
            key: `${row.rule} ${row.county}`,
            rule: row.rule,
            title: one?.title ?? row.rule,
            period: one?.period ?? "",
            words: one?.period ? periodOf(one.period).label : "",
            county: row.county,
            countyName: nameOf(row.county).fullName,
            table: row.table_name,
            rows: Number(row.rows),
            held: Number(row.held),
            agreed: row.agreed,
          };
        }),
      };
    }),

    handle(askPreview, async (context) => {
      const area = ownProvince(context);
      await refuseWhileRunning(context.tx);
      context.audit({ subject: "privacy.preview" });
      return { taskId: await countAgain(context, area) };
    }),

    handle(proposeSetting, async (context, { period, length, reason }) => {
      const area = ownProvince(context);
      const { label, unit, fixed } = periodOf(period as PeriodId);
      if (fixed) refuse(privacyProblems.fixedPeriod(label));
      const { tx, caller } = context;
      // Two at once wait for one another; the second is told.
      await sql`SELECT pg_advisory_xact_lock(${locks.retentionSettings})`.execute(tx);
      const waiting = await tx
        .selectFrom("privacy.setting")
        .select("setting_id")
        .where("area", "=", area)
        .where("period", "=", period)
        .where("state", "=", "waiting")
        .executeTakeFirst();
      if (waiting) refuse(privacyProblems.waiting());
      const row = await tx
        .insertInto("privacy.setting")
        .values({ area, period, length, unit, reason, proposed_by: caller.officerId!, proposed_by_name: caller.name })
        .returning("setting_id")
        .executeTakeFirstOrThrow();
      // So that whoever decides sees what would go by it.
      await countAgain(context, area);
      context.audit({
        subject: `privacy.setting:${row.setting_id}`,
        period: label,
        length: lengthWords({ length, unit }),
        reason,
      });
      return { settingId: row.setting_id };
    }),

    handle(decideSetting, async (context, { settingId, act, note }) => {
      const area = ownProvince(context);
      const { tx, caller } = context;
      const row = await tx
        .selectFrom("privacy.setting")
        .selectAll()
        .where("setting_id", "=", settingId)
        .where("area", "=", area)
        .executeTakeFirst();
      if (!row) return refuse(platformProblems.notFound("这项保存期限"));
      if (row.state !== "waiting") refuse(privacyProblems.settled());
      if (row.proposed_by === caller.officerId) refuse(privacyProblems.own());
      if (act === "refuse" && note.length < 4) refuse(privacyProblems.reasonMissing());
      if (act === "approve") {
        const seen = await tx
          .selectFrom("privacy.preview")
          .select((eb) => eb.fn.max("computed_at").as("at"))
          .where(sql<boolean>`starts_with(county, ${area})`)
          .executeTakeFirst();
        if (!seen?.at || seen.at < row.proposed_at) refuse(privacyProblems.previewFirst());
      }
      const { numUpdatedRows } = await tx
        .updateTable("privacy.setting")
        .set({
          state: act === "approve" ? "approved" : "refused",
          decided_by: caller.officerId,
          decided_by_name: caller.name,
          decided_at: sql<Date>`now()`,
          note,
        })
        .where("setting_id", "=", settingId)
        .where("state", "=", "waiting")
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) refuse(privacyProblems.settled());
      await countAgain(context, area);
      context.audit({
        subject: `privacy.setting:${settingId}`,
        period: periodOf(row.period as PeriodId).label,
        decision: act === "approve" ? "批准" : "不批准",
      });
      return {};
    }),

    handle(withdrawSetting, async (context, { settingId }) => {
      const { numUpdatedRows } = await context.tx
        .updateTable("privacy.setting")
        .set({ state: "withdrawn" })
        .where("setting_id", "=", settingId)
        .where("area", "=", ownProvince(context))
        .where("proposed_by", "=", context.caller.officerId!)
        .where("state", "=", "waiting")
        .executeTakeFirst();
      context.audit({ subject: `privacy.setting:${settingId}` });
      if (numUpdatedRows !== 1n) refuse(privacyProblems.settled());
      return {};
    }),

    handle(runNow, async (context) => {
      const area = ownProvince(context);
      await refuseWhileRunning(context.tx);
      context.audit({ subject: "privacy.run" });
      return {
        taskId: await context.enqueue({
          name: privacyTasks.run,
          payload: { askedBy: context.caller.name },
          subject: "privacy",
          region: area,
          queue: PRIVACY_QUEUE,
        }),
      };
    }),
  ];
}
