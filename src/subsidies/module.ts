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
import { accountHandlers } from "./payments/accounts.ts";
import { paymentHandlers } from "./payments/handlers.ts";
import { inspectionHandlers } from "./inspections/handlers.ts";
import { clearPublished, publicityHandlers } from "./publicity/handlers.ts";
import { noticePages } from "./publicity/pages.ts";
import { prepaymentHandlers } from "./prepayments/handlers.ts";
import { subsidiesPermissions } from "./permissions.ts";
import { settingHandlers } from "./settings/handlers.ts";
import { synthesizeSubsidies } from "./synthesize.ts";
import { subsidiesTasks } from "./task-names.ts";

/** After the nightly screening, whose results are taken in (UTC). */
const NIGHTLY = "0 20 * * *";
/** After midnight in China: lists end with their last day. */
const MORNING = "10 16 * * *";

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
    ],
    publicPages: noticePages(options),
    commands: subsidiesCommands,
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
      { name: subsidiesTasks.clear, schedule: MORNING, run: ({ services }) => clearPublished(services) },
    ],
    subscribers: {
      [APPLICATION_LODGED]: async (_tx, services, { applicationId }) => {
        await lodge(options, services, applicationId as string);
      },
      [ATTACHMENTS_DROPPED]: async (_tx, services, { keys }) => {
        for (const key of keys as readonly string[]) await services.files.remove(key);
      },
    },
    envelopes: [
      { table: "subsidies.application", column: "secret", key: [["application_id", "bigint"]] },
      { table: "subsidies.payee_account", column: "secret", key: [["payee_key", "text"]] },
      { table: "subsidies.payment", column: "secret", key: [["payment_id", "bigint"]] },
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
      [subsidiesPermissions.export]: {
        label: "导出补贴清单",
        duties: ["county-clerk", "reviewer", "finance", "auditor"],
      },
    },
  };
}
