import { randomUUID } from "node:crypto";
import { SpanKind } from "@opentelemetry/api";
import type { z } from "zod";
import type { Route } from "../contract.ts";
import { withSight } from "../db/database.ts";
import type { ActionContext, AuditDetail, Caller, Gate, Handler, Services, UploadedFile } from "../module.ts";
import { platformProblems, Refusal, refuse, type Problem } from "../problem.ts";
import { shownMarks } from "../privacy/shown.ts";
import { emit, enqueue } from "../tasks/queue.ts";
import { withScopeKind, type ScopeKind } from "../telemetry/index.ts";

export interface Act {
  readonly handler: Handler;
  readonly caller: Caller;
  readonly input: unknown;
  readonly file?: UploadedFile;
  readonly request: ActionContext["request"];
  readonly setCookie?: ActionContext["setCookie"];
  /** How long each statement may take; without it as long as it needs (command line). */
  readonly timeoutMs?: number;
}

/**
 * The one door for every act (architecture.md, principle 1): input, permission, scope, transaction, audit row and
 * events come with it and cannot be forgotten. Throws `Refusal`; the transaction has then rolled back and the refusal
 * of a change is audited in one of its own.
 */
export async function runAct(services: Services, gate: Gate, act: Act): Promise<unknown> {
  const { route } = act.handler;
  const count = (outcome: "done" | "refused" | "failed") => {
    if (route.audit !== "none" && route.audit !== "query")
      services.telemetry.acts.add(1, { kind: route.audit, outcome });
  };
  try {
    const result = await services.telemetry.span(
      `act ${route.method} ${route.path}`,
      { kind: SpanKind.INTERNAL, attributes: { "wengang.scope.kind": scopeKindOf(act.caller) } },
      () => withScopeKind(scopeKindOf(act.caller), () => actUnderScope(services, gate, act)),
    );
    if (route.method !== "GET" && act.caller.officerId !== null) services.figures.wrote(act.caller.officerId);
    count("done");
    return result;
  } catch (cause) {
    count(cause instanceof Refusal ? "refused" : "failed");
    throw cause;
  }
}

function scopeKindOf({ sight }: Caller): ScopeKind {
  if (sight.self) return "self";
  return sight.region !== null ? "region" : sight.administers !== null ? "administration" : "none";
}

async function actUnderScope(services: Services, gate: Gate, act: Act): Promise<unknown> {
  const { route } = act.handler;
  const detail: AuditDetail = {};
  const contextOf = (tx: ActionContext["tx"]): ActionContext => ({
    tx,
    caller: act.caller,
    services,
    businessDate: services.businessDate(
      act.caller.sight.region ?? act.caller.sight.administers ?? act.caller.sight.self?.homeRegion,
    ),
    requestId: randomUUID(),
    request: act.request,
    audit: ({ persons, ...more }) =>
      Object.assign(detail, more, persons ? { shown: shownMarks(services.keys, persons) } : {}),
    enqueue: (task) => enqueue(tx, task, act.caller.officerId),
    emit: (name, payload) => emit(tx, name, payload),
    setCookie: act.setCookie ?? (() => {}),
  });
  const kind = route.audit;
  const recordRefusal = async (problem: Problem) => {
    if (kind === "none" || kind === "query") return;
    await withSight(services.database.app, act.caller.sight, (tx) =>
      gate.record(contextOf(tx), {
        act: route.summary,
        kind,
        detail: { ...detail, reason: problem.message },
        outcome: "refused",
        problem: problem.code,
      }),
    );
  };
  const denied = accessProblem(route, act.caller);
  if (denied) {
    // Who is not signed in is nobody to be named, and could fill the log from outside.
    if (act.caller.officerId !== null || act.caller.sight.self) await recordRefusal(denied);
    refuse(denied);
  }
  const input = parseInput(route, act.input);
  try {
    const run = async (tx: ActionContext["tx"]) => {
      const context = contextOf(tx);
      const result = await act.handler.run(context, input as never, act.file);
      if (kind !== "none") await gate.record(context, { act: route.summary, kind, detail, outcome: "done" });
      return result;
    };
    const { timeoutMs } = act;
    return await withSight(services.database.app, act.caller.sight, run, timeoutMs === undefined ? {} : { timeoutMs });
  } catch (cause) {
    if (cause instanceof Refusal) await recordRefusal(cause.problem);
    throw cause;
  }
}

function accessProblem(route: Route, caller: Caller): Problem | null {
  if (route.access === "public") return null;
  if (route.access === "account") return caller.sight.self ? null : platformProblems.notSignedIn();
  if (caller.officerId === null) return platformProblems.notSignedIn();
  return route.access === "signed-in" || caller.permissions.has(route.access.permission)
    ? null
    : platformProblems.notPermitted(route.summary);
}

function parseInput(route: Route, input: unknown): unknown {
  const parsed = route.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  return refuse(
    platformProblems.invalidInput(
      chineseIssue(issue),
      issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    ),
  );
}

function chineseIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.length > 0 ? `“${issue.path.join(".")}”` : "提交的内容";
  // A sentence written in a contract is kept; the library's own words are English and are replaced.
  if (/[\u4e00-\u9fff]/.test(issue.message))
    return issue.path.length > 0 ? `${field}：${issue.message}。` : `${issue.message}。`;
  if (issue.code === "invalid_type") return `${field}未填写或类型不符，请补充后重新提交。`;
  if (issue.code === "too_big") return `${field}超过上限 ${String(issue.maximum)}，请改小后重新提交。`;
  if (issue.code === "too_small") return `${field}小于下限 ${String(issue.minimum)}，请填写完整后重新提交。`;
  if (issue.code === "unrecognized_keys") return `提交的内容含有不认识的字段：${issue.keys.join("、")}。`;
  return `${field}的内容不符合要求，请检查后重新提交。`;
}

export function problemAnswer(problem: Problem): {
  code: string;
  message: string;
  path?: readonly (string | number)[];
  details?: Readonly<Record<string, unknown>>;
} {
  const { code, message, path, details } = problem;
  return { code, message, ...(path ? { path } : {}), ...(details ? { details } : {}) };
}
