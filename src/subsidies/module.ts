import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { accountApplicationHandlers } from "./applications/account.ts";
import { lodge } from "./applications/lodge.ts";
import { officeApplicationHandlers } from "./applications/office.ts";
import { waitingApplications } from "./applications/store.ts";
import { APPLICATION_LODGED, ATTACHMENTS_DROPPED } from "./applications/writing.ts";
import { claimActHandlers } from "./claims/acts.ts";
import { gatherHandlers } from "./claims/gather.ts";
import { takeIn } from "./claims/intake.ts";
import { claimReadingHandlers } from "./claims/reading.ts";
import { subsidiesCommands } from "./commands.ts";
import { fundHandlers } from "./funds/handlers.ts";
import { progressHandlers } from "./funds/progress.ts";
import { settlementHandlers } from "./funds/settlements.ts";
import { targetHandlers } from "./funds/targets.ts";
import { addSampleFunds } from "./funds/samples.ts";
import { subsidiesHoldings } from "./holdings.ts";
import { optionsOf, type SubsidiesFacts } from "./options.ts";
import { letterHandlers } from "./letters/handlers.ts";
import { answerHandlers } from "./payee/answers.ts";
import { officeHandlers } from "./payee/office.ts";
import { ownBenefitHandlers } from "./payee/own.ts";
import { reviewHandlers } from "./payee/reviews.ts";
import { accountHandlers } from "./payments/accounts.ts";
import { bankFormatHandlers } from "./payments/bank-formats.ts";
import { paymentHandlers } from "./payments/handlers.ts";
import { inspectionHandlers } from "./inspections/handlers.ts";
import { clearPublished, publicityHandlers } from "./publicity/handlers.ts";
import { noticePages } from "./publicity/pages.ts";
import { prepaymentHandlers } from "./prepayments/handlers.ts";
import { recalculationHandlers } from "./recalculation/handlers.ts";
import { isOutdated, recalculate } from "./recalculation/run.ts";
import { recoveryActHandlers } from "./recovery/acts.ts";
import { recoveryHandlers } from "./recovery/handlers.ts";
import { fileOwed, PREPAYMENT_OWED } from "./recovery/owed.ts";
import { settingHandlers } from "./settings/handlers.ts";
import { payeePermissions, subsidiesPermissions } from "./permissions.ts";
import { pushHandlers } from "./push/handlers.ts";
import { outboxPages } from "./push/outbox-page.ts";
import { pushAll } from "./push/send.ts";
import { traceCommands } from "./trace/commands.ts";
import { traceHandlers } from "./trace/handlers.ts";
import { synthesizeSubsidies } from "./synthesize.ts";
import { subsidiesTasks } from "./task-names.ts";
import { unpaidHandlers } from "./unpaid/handlers.ts";

/** After the nightly screening, whose results are taken in (UTC). */
const NIGHTLY = "0 20 * * *";
/** After midnight in China: lists end with their last day. */
const MORNING = "10 16 * * *";
/** Messages to payees; each office's quiet hours decide besides. */
const QUARTER_HOURS = "*/15 * * * *";

/** After the intake, and each hour where something was published or set since. */
const AFTER_INTAKE = "40 20 * * *";
const HOURLY = "25 * * * *";

const READERS = [
  "county-clerk",
  "reviewer",
  "town-officer",
  "city-dispatcher",
  "province-dispatcher",
  "finance",
  "auditor",
  "leader",
  "policy",
] as const;

/** 补贴: from what screening finds payable to what the bank has paid, with the money it comes from. */
export function subsidiesModule(facts: SubsidiesFacts): DomainModule {
  const options = optionsOf(facts);
  return {
    name: "subsidies",
    migrations: join(import.meta.dirname, "migrations"),
    holdings: subsidiesHoldings,
    seedDemo: async (services) => {
      const { measures } = await options.rulebook.get(services.database.worker);
      const funds = measures.flatMap(({ definition }) =>
        definition.pays.length > 0 ? definition.funds.map(({ name }) => name) : [],
      );
      await fillCounties(services, async (tx, scope) => {
        await synthesizeSubsidies(tx, scope);
        await addSampleFunds(tx, scope, [...new Set(funds)]);
      });
    },
    handlers: [
      ...claimReadingHandlers(options),
      ...claimActHandlers(options),
      ...fundHandlers(options),
      ...gatherHandlers(),
      ...paymentHandlers(),
      ...bankFormatHandlers(),
      ...accountHandlers(),
      ...publicityHandlers(options),
      ...progressHandlers(),
      ...targetHandlers(),
      ...settlementHandlers(),
      ...inspectionHandlers(),
      ...settingHandlers(),
      ...officeApplicationHandlers(options),
      ...accountApplicationHandlers(options),
      ...prepaymentHandlers(options),
      ...letterHandlers(options),
      ...ownBenefitHandlers(options),
      ...answerHandlers(options),
      ...reviewHandlers,
      ...officeHandlers,
      ...pushHandlers,
      ...recalculationHandlers(options),
      ...recoveryHandlers(options),
      ...recoveryActHandlers(options),
      ...unpaidHandlers(options),
      ...traceHandlers(options),
    ],
    publicPages: [...noticePages(options), ...outboxPages],
    commands: (program, open, acts) => {
      subsidiesCommands(program, open);
      traceCommands(program, acts);
    },
    tasks: [
      {
        name: subsidiesTasks.gather,
        schedule: NIGHTLY,
        run: async (context, payload) => {
          const {
            region = "",
            officerId = null,
            officerName = "系统",
          } = payload as {
            region?: string;
            officerId?: string | null;
            officerName?: string;
          };
          await takeIn(options, context, region, { officerId, name: officerName });
          // What was waited for may be there by now.
          for (const applicationId of await waitingApplications(context.services.database.worker))
            await lodge(options, context.services, applicationId);
        },
      },
      {
        name: subsidiesTasks.recalculate,
        schedule: AFTER_INTAKE,
        run: async ({ services }, payload) => {
          const { region = "", officerName = "系统" } = payload as { region?: string; officerName?: string };
          await recalculate(options, services, region, { name: officerName });
        },
      },
      {
        name: subsidiesTasks.rulesChanged,
        schedule: HOURLY,
        run: async ({ services }) => {
          if (await isOutdated(options, services.database.worker))
            await recalculate(options, services, "", { name: "系统" });
        },
      },
      { name: subsidiesTasks.clear, schedule: MORNING, run: ({ services }) => clearPublished(services) },
      {
        name: subsidiesTasks.push,
        schedule: QUARTER_HOURS,
        run: (context, { region = "" }) => pushAll(options, context, region as string),
      },
    ],
    subscribers: {
      [APPLICATION_LODGED]: async (_tx, services, { applicationId }) => {
        await lodge(options, services, applicationId as string);
      },
      [PREPAYMENT_OWED]: (tx, services, { prepaymentId }) => fileOwed(tx, services, prepaymentId as string),
      [ATTACHMENTS_DROPPED]: async (_tx, services, { keys }) => {
        for (const key of keys as readonly string[]) await services.files.remove(key);
      },
    },
    envelopes: [
      { table: "subsidies.application", column: "secret", key: [["application_id", "bigint"]] },
      { table: "subsidies.payee_account", column: "secret", key: [["payee_key", "text"]] },
      { table: "subsidies.payment", column: "secret", key: [["payment_id", "bigint"]] },
      { table: "subsidies.push", column: "content", key: [["push_id", "bigint"]] },
    ],
    permissions: {
      [subsidiesPermissions.read]: { label: "查看补贴与资金", duties: READERS },
      [subsidiesPermissions.handle]: { label: "受理、初审补贴", duties: ["county-clerk", "town-officer"] },
      [subsidiesPermissions.approve]: { label: "复核补贴", duties: ["reviewer"] },
      [subsidiesPermissions.endorse]: { label: "审批大额补贴", duties: ["leader", "city-dispatcher"] },
      [subsidiesPermissions.funds]: { label: "登记资金额度", duties: ["finance"] },
      [subsidiesPermissions.pay]: { label: "编制发放批次、对账", duties: ["finance"] },
      [subsidiesPermissions.release]: { label: "签发发放批次", duties: ["reviewer", "leader", "finance"] },
      [subsidiesPermissions.settings]: {
        label: "修改办理设定",
        duties: ["reviewer", "city-dispatcher", "policy"],
      },
      [subsidiesPermissions.inspect]: { label: "登记、销号检查问题", duties: ["auditor", "finance", "leader"] },
      [subsidiesPermissions.rectify]: { label: "登记整改", duties: ["county-clerk", "reviewer", "finance"] },
      [payeePermissions.push]: {
        label: "发送补贴消息",
        duties: ["county-clerk", "city-dispatcher", "province-dispatcher"],
      },
      [payeePermissions.visit]: {
        label: "登记上门告知",
        duties: ["county-clerk", "town-officer", "village-worker"],
      },
      [payeePermissions.templates]: { label: "起草文书模板", duties: ["county-clerk"] },
      [payeePermissions.approveTemplates]: { label: "批准文书模板", duties: ["reviewer", "leader"] },
      [payeePermissions.reviews]: { label: "答复复核申请", duties: ["reviewer", "leader"] },
      [subsidiesPermissions.export]: {
        label: "导出补贴清单",
        duties: ["county-clerk", "reviewer", "finance", "auditor"],
      },
    },
  };
}
