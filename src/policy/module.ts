import { join } from "node:path";
import type { FactSource } from "#kernel";
import { enqueue } from "../platform/tasks/queue.ts";
import type { DomainModule } from "../platform/module.ts";
import { policyCommands } from "./commands.ts";
import { policyPermissions } from "./permissions.ts";
import { resultHandlers } from "./results/handlers.ts";
import { ruleActHandlers } from "./rules/acts.ts";
import { publicPages } from "./public/index.ts";
import { ruleHandlers } from "./rules/handlers.ts";
import { fillSamples } from "./samples/fill.ts";
import { screeningHandlers } from "./screening/handlers.ts";
import type { OfficeClaims } from "./screening/statement.ts";
import { isScreening } from "./screening/store.ts";
import { settingHandlers } from "./settings/handlers.ts";
import { simulationHandlers } from "./simulation/handlers.ts";
import { policyTaskDefinitions } from "./tasks.ts";
import { policyTasks, SCREEN_ALL } from "./task-names.ts";
import { CurrentRulebook } from "./versions/rulebook.ts";
import { publishShipped, shippedMark } from "./versions/shipped.ts";

const everyone = [
  "county-clerk",
  "reviewer",
  "town-officer",
  "village-worker",
  "city-dispatcher",
  "province-dispatcher",
  "finance",
  "auditor",
  "leader",
  "policy",
] as const;

/**
 * The rulebook over the facts that the domains publish and the claims that were paid. The composition root brings them together:
 * the rulebook knows no domain that it judges.
 */
export function policyModule(facts: {
  readonly sources: readonly FactSource[];
  readonly claims: OfficeClaims;
}): DomainModule {
  const { sources, claims } = facts;
  const options = { sources, claims, rulebook: new CurrentRulebook(sources) };
  return {
    name: "policy",
    migrations: join(import.meta.dirname, "migrations"),
    edition: shippedMark,
    prepare: async (services) => {
      const { published, proposed } = await publishShipped(services.database.worker);
      if (published + proposed > 0) services.log.info({ published, proposed }, "rulebook brought up to date");
    },
    // After the domains that rules judge: what they hold is screened too, once the address is there to be opened.
    seedDemo: async (services) => {
      const { worker } = services.database;
      await fillSamples(services, options.rulebook);
      if (!(await isScreening(worker))) await enqueue(worker, { ...SCREEN_ALL, region: "" }, null);
    },
    handlers: [
      ...ruleHandlers(options),
      ...ruleActHandlers(options),
      ...settingHandlers(options),
      ...screeningHandlers(options),
      ...resultHandlers(options),
      ...simulationHandlers(options),
    ],
    publicPages: publicPages(options.rulebook),
    tasks: policyTaskDefinitions(options),
    subscribers: {
      // An undone batch is a batch of its own, with changes of its own.
      "ledger.applied": async (tx, _services, { batchId, region }) => {
        await enqueue(
          tx,
          {
            name: policyTasks.screenBatch,
            payload: { batchId: String(batchId) },
            subject: `ledger.batch:${String(batchId)}`,
            region: String(region),
            queue: "policy",
          },
          null,
        );
      },
      // Two records became one, or two again.
      "duplicates.merged": async (tx, _services, { personIds }) => {
        const task = { name: policyTasks.screenPersons, payload: { personIds }, subject: "policy.merged", region: "" };
        await enqueue(tx, { ...task, queue: "policy" }, null);
      },
    },
    commands: (program, open) => policyCommands(program, open, options),
    permissions: {
      [policyPermissions.read]: { label: "查看规则库与标准", duties: everyone },
      [policyPermissions.results]: {
        label: "查看筛查结果与个人待遇",
        duties: everyone,
      },
      [policyPermissions.draft]: { label: "起草规则", duties: ["policy"] },
      [policyPermissions.publish]: { label: "复核发布规则", duties: ["policy", "leader"] },
      [policyPermissions.settings]: { label: "设定当地标准", duties: ["policy", "city-dispatcher", "reviewer"] },
      [policyPermissions.simulate]: {
        label: "测算规则",
        duties: ["policy", "leader", "city-dispatcher", "province-dispatcher", "finance", "reviewer"],
      },
    },
  };
}
