import { divisionPrefix } from "#kernel";
import { sees } from "#registry";
import { readFile } from "node:fs/promises";
import { handle, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { nextState } from "../../platform/contract.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { policyProblems } from "../problems.ts";
import {
  gateReport,
  importRule,
  proposeRule,
  publishRule,
  returnRule,
  saveDraft,
  versionActLabels,
  versionFlow,
  versionStateLabels,
  withdrawRule,
  type VersionAct,
} from "../contract.ts";
import { policyTasks } from "../task-names.ts";
import {
  findVersion,
  insertDraft,
  moveVersion,
  publishVersion,
  updateDraft,
  type VersionRow,
} from "../versions/store.ts";
import { readDraft, RULE_PATH, textOf } from "./draft.ts";
import type { RuleHandlersOptions } from "./handlers.ts";

/** As long as `saveDraft` takes. */
const FILE_LIMIT = 60_000;
const author = ({ caller }: ActionContext) => ({ officerId: caller.officerId, name: caller.name });

/** The version, if the officer's area holds its division. */
async function ownVersion(context: ActionContext, versionId: string): Promise<VersionRow> {
  const version = (await findVersion(context.tx, versionId, true)) ?? refuse(platformProblems.notFound("该规则版本"));
  requireDivision(context, version.region);
  context.audit({ subject: `policy.version:${versionId}`, path: version.path });
  return version;
}

function requireDivision({ caller }: ActionContext, region: string): void {
  const scope = caller.sight.region;
  if (scope === null || !sees(scope, divisionPrefix(region))) refuse(policyProblems.outsideDivision());
}

function requireAct(version: VersionRow, act: VersionAct): void {
  if (!nextState(versionFlow, version.state, act))
    refuse(policyProblems.notPossible(versionActLabels[act], versionStateLabels[version.state]));
}

/** The life of a version: drafted, proposed, judged by the gate, published by a second officer. */
export function ruleActHandlers({ rulebook, sources }: RuleHandlersOptions): readonly Handler[] {
  return [
    handle(saveDraft, async (context, { versionId, lock, basedOn, path, source, cases }) => {
      if (!RULE_PATH.test(path)) refuse(policyProblems.pathFixed());
      const book = await rulebook.get(context.tx);
      const text = textOf({ path, source, cases }, readDraft(book, sources, { path, source, cases }).definition);
      requireDivision(context, text.region);
      if (basedOn && !(await findVersion(context.tx, basedOn))) refuse(platformProblems.notFound("所依据的版本"));
      if (!versionId) {
        const created = await insertDraft(context.tx, text, author(context), { basedOn: basedOn ?? null });
        context.audit({ subject: `policy.version:${created}`, path });
        return { versionId: created, lock: 1 };
      }
      const version = await ownVersion(context, versionId);
      requireAct(version, "save");
      if (!(await updateDraft(context.tx, versionId, lock ?? version.lock, text, author(context))))
        refuse(policyProblems.changedMeanwhile());
      return { versionId, lock: version.lock + 1 };
    }),

    handleUpload(importRule, async (context, { path }, file) => {
      if (!RULE_PATH.test(path)) refuse(policyProblems.pathFixed());
      const { services, tx } = context;
      const local = await services.files.asLocalFile(file.key);
      const source = await readFile(local.path, "utf8").finally(() => local.release());
      if (source.length > FILE_LIMIT) refuse(policyProblems.fileTooLong());
      const book = await rulebook.get(tx);
      const text = textOf(
        { path, source, cases: null },
        readDraft(book, sources, { path, source, cases: null }).definition,
      );
      requireDivision(context, text.region);
      const current = book.versions.find((one) => one.path === path) ?? null;
      const versionId = await insertDraft(tx, { ...text, cases: current?.cases ?? null }, author(context), {
        basedOn: current?.version_id ?? null,
      });
      context.audit({ subject: `policy.version:${versionId}`, path });
      return { versionId };
    }),

    handle(proposeRule, async (context, { versionId }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "propose");
      const { problems } = readDraft(await rulebook.get(context.tx), sources, version);
      if (problems.length > 0) refuse(policyProblems.ruleBroken(problems));
      await moveVersion(context.tx, versionId, "proposed", null);
      return { taskId: await queue(context, version, policyTasks.gate) };
    }),

    handle(returnRule, async (context, { versionId, reason }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "return");
      context.audit({ reason });
      await moveVersion(context.tx, versionId, "draft");
      return {};
    }),

    handle(withdrawRule, async (context, { versionId }) => {
      const version = await ownVersion(context, versionId);
      requireAct(version, "withdraw");
      await moveVersion(context.tx, versionId, "withdrawn");
      return {};
    }),

    handle(publishRule, async (context, { versionId, reason }) => {
      const { tx, caller } = context;
      const version = await ownVersion(context, versionId);
      requireAct(version, "publish");
      if (version.drafted_by !== null && version.drafted_by === caller.officerId) refuse(policyProblems.ownDraft());
      const { problems } = readDraft(await rulebook.get(tx), sources, version);
      if (problems.length > 0) refuse(policyProblems.ruleBroken(problems));
      const gate = gateReport.safeParse(version.gate).data ?? refuse(policyProblems.gateNotDone());
      const stopped = gate.findings.some(({ weight }) => weight === "stop");
      if (stopped && !reason) refuse(policyProblems.gateStops());
      await publishVersion(tx, version, author(context), stopped ? reason! : null);
      if (reason) context.audit({ reason });
      return { taskId: await queue(context, version, policyTasks.screenRule) };
    }),
  ];
}

function queue(context: ActionContext, version: VersionRow, name: string): Promise<string> {
  return context.enqueue({
    name,
    payload: { versionId: version.version_id },
    subject: `policy.version:${version.version_id}`,
    region: divisionPrefix(version.region),
    queue: "policy",
  });
}
