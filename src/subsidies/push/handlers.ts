import { sql } from "kysely";
import { narrow, regionNames } from "#registry";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  answerWayLabels,
  listPushes,
  listVisits,
  noteVisit,
  payeeAnswerLabels,
  pushFigures,
  sendPushes,
  type PushFigures,
} from "../contract.ts";
import { officeOf } from "../payee/office.ts";
import { payeeProblems } from "../payee/problems.ts";
import { subsidiesTasks } from "../task-names.ts";
import { dueIn } from "../settings/store.ts";
import { channelFor, siteOf } from "./channels.ts";
import { countWaiting, figuresOf, listStoredPushes, listStoredVisits, type StoredFigures } from "./store.ts";

const NONE: PushFigures = {
  written: 0,
  sent: 0,
  failed: 0,
  unknown: 0,
  visits: 0,
  opened: 0,
  confirmed: 0,
  otherwise: 0,
  medianDays: null,
};

const toFigures = (row: StoredFigures): PushFigures => ({
  written: row.written,
  sent: row.sent,
  failed: row.failed,
  unknown: row.unknown,
  visits: row.visits,
  opened: row.opened,
  confirmed: row.confirmed,
  otherwise: row.otherwise,
  medianDays: row.median,
});

/** In words, why nothing goes out of the caller's county; null: it does. */
async function stoppedIn({ tx, caller, services }: ActionContext): Promise<string | null> {
  const { region } = caller.sight;
  const { office } = await officeOf(tx, region?.length === 6 ? region : "");
  if (!office.messages) return "本县在“对外事项设置”里停用了消息。";
  if (siteOf(services) === null) return "还没有配置本系统的对外网址，链接无从打开。请系统管理员设置。";
  return channelFor(services, office) === null ? "短信、公众号通道都还没有开通。请系统管理员设置。" : null;
}

export const pushHandlers: readonly Handler[] = [
  handle(listPushes, async (context, { page, size, region, ...filter }) => {
    const { tx, caller } = context;
    const { rows, total } = await listStoredPushes(tx, narrow(caller.sight.region, region), filter, { page, size });
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.region),
    );
    context.audit({ count: rows.length, total, persons: rows.map(({ person_id }) => person_id) });
    return {
      total,
      rows: rows.map((row) => ({
        pushId: row.push_id,
        claimId: row.claim_id,
        claimNumber: row.claim_number,
        title: row.title,
        amountFen: Number(row.amount_fen),
        payeeName: row.payee_name,
        phoneMask: row.phone_mask,
        place: nameOf(row.region).name,
        channel: row.channel,
        state: row.state,
        round: row.round,
        problem: row.problem,
        writtenOn: row.written_on,
        expiresOn: row.expires_on,
        sentAt: row.sent_at?.toISOString() ?? null,
        openedAt: row.opened_at?.toISOString() ?? null,
        answer: row.answer,
        answeredOn: row.answered_on,
        answeredBy: row.answered_by,
        pending: row.pending,
      })),
    };
  }),

  handle(pushFigures, async (context, { region }) => {
    const { tx, caller } = context;
    const scope = narrow(caller.sight.region, region);
    const found = await figuresOf(tx, scope);
    const nameOf = await regionNames(
      tx,
      found.map((row) => row.region),
    );
    const all = found.find((row) => row.rule_id === null);
    return {
      all: all ? toFigures(all) : NONE,
      rows: found.flatMap((row) =>
        row.rule_id === null || row.region === null
          ? []
          : [
              {
                ...toFigures(row),
                rule: row.rule_id,
                title: row.title ?? "",
                county: row.region,
                countyName: nameOf(row.region).name,
              },
            ],
      ),
      ...(await countWaiting(tx, scope)),
      stopped: await stoppedIn(context),
    };
  }),

  handle(sendPushes, async (context) => {
    const { caller } = context;
    const region = caller.sight.region ?? refuse(platformProblems.outOfScope());
    return {
      taskId: await context.enqueue({
        name: subsidiesTasks.push,
        payload: { region },
        subject: "subsidies.push",
        region,
        queue: subsidiesTasks.push,
      }),
    };
  }),

  handle(listVisits, async (context, { page, size, region, state }) => {
    const { tx, caller } = context;
    const { rows, total } = await listStoredVisits(tx, narrow(caller.sight.region, region), state, { page, size });
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.home_region),
    );
    context.audit({ count: rows.length, total, persons: rows.map(({ person_id }) => person_id) });
    return {
      total,
      rows: rows.map((row) => ({
        pushId: row.push_id,
        personId: row.person_id,
        personName: row.person_name,
        identityMask: row.identity_mask,
        place: nameOf(row.home_region).name,
        title: row.title,
        amountFen: Number(row.amount_fen),
        state: row.state,
        writtenOn: row.written_on,
        visitedByName: row.visited_by_name,
        answer: row.answer,
        note: row.note,
      })),
    };
  }),

  handle(noteVisit, async (context, { pushId, answer, note }) => {
    const { tx, caller, businessDate, services } = context;
    const { rows } = await sql<{ region: string }>`SELECT region FROM subsidies.push WHERE push_id = ${pushId}`.execute(
      tx,
    );
    const [push] = rows;
    const due =
      answer === "confirm" && push
        ? await dueIn(services.database.worker, push.region, "submitted", businessDate)
        : null;
    const head = answer === null ? "已上门告知" : payeeAnswerLabels[answer];
    const done = await sql<{ done: boolean }>`
      SELECT subsidies.answer_at_home(${pushId}, ${answer}, ${`${head}（${answerWayLabels.visit}）：${note}`}, ${caller.name}, ${caller.organisation}, ${businessDate}::date, ${due}::date) AS done`.execute(
      tx,
    );
    context.audit({ subject: `subsidies.push:${pushId}`, answer });
    if (!done.rows[0]?.done) refuse(payeeProblems.noVisit());
    return {};
  }),
];
