import { Temporal } from "temporal-polyfill";
import type { TaskDefinition } from "../../platform/tasks/definition.ts";
import type { Services } from "../../platform/module.ts";
import { archiveMonths } from "./archive.ts";
import { sealEntries } from "./seal-entries.ts";
import { signDigest } from "./sign-digest.ts";
import { verifyLog, type LogAnswer } from "./verify-log.ts";

const todayInChina = () => Temporal.Now.plainDateISO("Asia/Shanghai");

/** Checks the log and keeps the answer, which the auditor's page shows. */
export async function verifyAndKeep(
  services: Services,
  onProgress?: (seals: number, total: number) => Promise<void>,
): Promise<LogAnswer> {
  const answer = await verifyLog(services, [], onProgress);
  const { entries, seals, digests, problems } = answer;
  await services.database.worker
    .insertInto("audit.verification")
    .values({
      entries: String(entries),
      seals: String(seals),
      digests: String(digests),
      problems: JSON.stringify(problems),
    })
    .execute();
  if (problems.length > 0) services.log.error({ problems }, "the audit log does not fit its seals");
  return answer;
}

export const VERIFY_TASK = "audit.verify";

/** Times are UTC: the queue's clock. */
export const sealTasks: readonly TaskDefinition[] = [
  {
    name: "audit.seal",
    schedule: "* * * * *",
    async run({ services }) {
      await sealEntries(services.database.worker);
    },
  },
  {
    name: "audit.sign",
    schedule: "5 16 * * *",
    async run({ services }) {
      await signDigest(services, todayInChina().subtract({ days: 1 }).toString());
    },
  },
  {
    name: VERIFY_TASK,
    schedule: "40 17 * * *",
    async run(context) {
      await sealEntries(context.services.database.worker);
      await context.progress("核对封存");
      await verifyAndKeep(context.services, (seals, total) => context.progress("核对封存", seals, total));
    },
  },
  {
    name: "audit.archive",
    schedule: "20 18 * * *",
    async run({ services }) {
      await archiveMonths(services, todayInChina().toString());
    },
  },
];
