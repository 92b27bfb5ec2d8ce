import { context, ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, type Context, type Span } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";

// One for the process: whatever is logged or asked of the database finds the request it belongs to.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

const SCOPE = Symbol("kind of scope");

/** Whose eyes a piece of work has, as a kind: never which region or person. */
export type ScopeKind = "region" | "administration" | "self" | "none" | "worker";

export function withScopeKind<T>(kind: ScopeKind, work: () => T): T {
  return context.with(context.active().setValue(SCOPE, kind), work);
}

export function currentScopeKind(): ScopeKind | undefined {
  return context.active().getValue(SCOPE) as ScopeKind | undefined;
}

/** Ids of the running trace for a line of the log; nothing outside of one. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getSpanContext(context.active());
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** W3C `traceparent` of the running trace, to be carried to where the work goes on; undefined outside of one. */
export function traceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  return span && `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
}

/** The context that a W3C `traceparent` names; a fresh one when there is none or it is malformed. */
export function contextOf(header: unknown): Context {
  const [, traceId = "", spanId = "", flags = "00"] = (typeof header === "string" && TRACEPARENT.exec(header)) || [];
  const zero = /^0+$/;
  if (traceId === "" || zero.test(traceId) || zero.test(spanId)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}

/** Marks a span as failed without the error's words, which may quote a row. */
export function markFailed(span: Span, cause: unknown): void {
  const { code, name } = (cause ?? {}) as { code?: unknown; name?: unknown };
  const type = typeof code === "string" ? code : typeof name === "string" ? name : "error";
  span.setAttribute("error.type", type.slice(0, 60));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
