import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState } from "../../platform/tasks/state.ts";
import { gatherClaims, getSubsidyTask } from "../contract.ts";
import { subsidiesTasks } from "../task-names.ts";

/** Asks for an intake now, and tells how far it is; every night it comes by itself. */
export function gatherHandlers(): readonly Handler[] {
  return [
    handle(gatherClaims, async (context) => ({
      taskId: await context.enqueue({
        name: subsidiesTasks.gather,
        payload: {
          region: context.caller.sight.region,
          officerId: context.caller.officerId,
          officerName: context.caller.name,
        },
        subject: "subsidies.gather",
        region: context.caller.sight.region ?? refuse(platformProblems.outOfScope()),
        // Behind screenings, whose results it takes in.
        queue: "policy",
      }),
    })),

    handle(
      getSubsidyTask,
      async ({ tx, caller }, { taskId }) =>
        (await findTaskState(tx, taskId, caller.sight.region ?? refuse(platformProblems.outOfScope()))) ??
        refuse(platformProblems.notFound("该任务")),
    ),
  ];
}
