import {
  context,
  trace,
  type Attributes,
  type Context,
  type Counter,
  type Histogram,
  type ObservableResult,
  type Span,
  type SpanKind,
  type Tracer,
  type UpDownCounter,
} from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type IMetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from "@opentelemetry/semantic-conventions";
import { createServer, type Server } from "node:http";
import type { Log } from "../log.ts";
import { markFailed } from "./trace.ts";

/** Seconds; the semantic conventions' own buckets for requests. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATEMENT_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const TASK_BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 7200];

export interface TelemetryOptions {
  readonly role: "server" | "worker" | "command";
  readonly version: string;
  readonly instance: string;
  readonly log: Log;
  /** Standard `OTEL_*` variables. */
  readonly env?: NodeJS.ProcessEnv;
  /** Another end of the spans, for tests. */
  readonly spans?: SpanProcessor;
}

/** What one process counts, times and traces. Labels are routes, names and kinds: never a value, a person or a place. */
export interface Telemetry {
  readonly requests: Histogram;
  readonly activeRequests: UpDownCounter;
  readonly statements: Histogram;
  readonly tasks: Histogram;
  /** Acts by kind of audit and outcome: logins refused, exports made. */
  readonly acts: Counter;
  readonly limited: Counter;
  readonly shed: Counter;
  readonly slow: Counter;
  /** Runs `work` in a span, which ends with it. */
  span<T>(
    name: string,
    options: { kind: SpanKind; attributes?: Attributes; parent?: Context },
    work: (span: Span) => Promise<T>,
  ): Promise<T>;
  /** A span that is told when it began and ended. */
  note(
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    of: { beganAt: number; failed: unknown; parent: Context },
  ): void;
  /** Asked at each scrape. */
  gauge(
    name: string,
    unit: string,
    description: string,
    read: (result: ObservableResult) => Promise<void> | void,
  ): void;
  /** The metrics as Prometheus reads them. */
  exposition(): Promise<string>;
  /** Serves them on an address of their own. A port in use is no reason not to serve requests: logged. */
  listen(host: string, port: number): Promise<number | null>;
  close(): Promise<void>;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { env = process.env, log } = options;
  const resource = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: env["OTEL_SERVICE_NAME"] ?? `wengang-${options.role}`,
    [ATTR_SERVICE_VERSION]: options.version,
    "service.instance.id": options.instance,
  });
  const prometheus = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const readers: IMetricReader[] = [prometheus];
  const pushes = (signal: "METRICS" | "TRACES") =>
    env["OTEL_SDK_DISABLED"] !== "true" &&
    env[`OTEL_${signal}_EXPORTER`] !== "none" &&
    (env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]) !== undefined;
  if (pushes("METRICS"))
    readers.push(
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        exportIntervalMillis: Number(env["OTEL_METRIC_EXPORT_INTERVAL"] ?? 60_000),
      }),
    );
  const meters = new MeterProvider({ resource, readers });
  const processors: SpanProcessor[] = [
    ...(options.spans ? [options.spans] : []),
    ...(pushes("TRACES") ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : []),
  ];
  // Without an end for them spans are not recorded; their ids still tie the lines of the log together.
  const sampler = processors.length === 0 ? new AlwaysOffSampler() : samplerOf(env);
  const tracers = new TracerProvider({ resource, sampler, spanProcessors: processors });
  const tracer = tracers.getTracer("wengang");
  const meter = meters.getMeter("wengang");
  const seconds = (name: string, description: string, boundaries: number[]) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: boundaries } });
  let server: Server | undefined;
  const exposition = async () => {
    const { resourceMetrics } = await prometheus.collect();
    return new PrometheusSerializer(undefined, false, undefined, true, true).serialize(resourceMetrics);
  };
  return {
    requests: seconds("http.server.request.duration", "Time from a request to its answer, by route", REQUEST_BUCKETS),
    activeRequests: meter.createUpDownCounter("http.server.active_requests", {
      description: "Requests being answered",
      unit: "{request}",
    }),
    statements: seconds("db.client.operation.duration", "Time of statements, by name", STATEMENT_BUCKETS),
    tasks: seconds("wengang.task.duration", "Time of background tasks, by name and outcome", TASK_BUCKETS),
    acts: meter.createCounter("wengang.acts", { description: "Audited acts by kind and outcome" }),
    limited: meter.createCounter("wengang.limit.refusals", { description: "Requests above a limit of frequency" }),
    shed: meter.createCounter("wengang.load.refusals", { description: "Requests refused because of load" }),
    slow: meter.createCounter("wengang.statements.slow", { description: "Statements above the limit of time" }),
    span: (name, { kind, attributes, parent = context.active() }, work) =>
      spanOf(tracer, name, { kind, ...(attributes ? { attributes } : {}) }, parent, work),
    note(name, kind, attributes, { beganAt, failed, parent }) {
      if (!trace.getSpan(parent)?.isRecording()) return;
      const span = tracer.startSpan(name, { kind, attributes, startTime: beganAt }, parent);
      if (failed !== undefined) markFailed(span, failed);
      span.end();
    },
    gauge(name, unit, description, read) {
      meter.createObservableGauge(name, { unit, description }).addCallback(read);
    },
    exposition,
    listen(host, port) {
      server = createServer((request, response) => {
        if (request.method !== "GET" || request.url?.split("?")[0] !== "/metrics")
          return void response.writeHead(404).end();
        exposition().then(
          (text) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text),
          (cause: unknown) => {
            log.warn({ err: cause }, "metrics could not be read");
            response.writeHead(500).end();
          },
        );
      });
      const { promise, resolve } = Promise.withResolvers<number | null>();
      server.once("error", (cause) => {
        log.warn({ err: cause, host, port }, "metrics are not served: the address is taken or not ours");
        resolve(null);
      });
      server.listen(port, host, () => {
        const address = server?.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
      server.unref();
      return promise;
    },
    async close() {
      server?.close();
      server?.closeAllConnections();
      // An exporter whose collector is away must not hold up the stop.
      await Promise.race([
        Promise.allSettled([tracers.shutdown(), meters.shutdown()]),
        new Promise((resolve) => setTimeout(resolve, 3_000).unref()),
      ]);
    },
  };
}

async function spanOf<T>(
  tracer: Tracer,
  name: string,
  options: { kind: SpanKind; attributes?: Attributes },
  parent: Context,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (cause) {
    markFailed(span, cause);
    throw cause;
  } finally {
    span.end();
  }
}

/** `OTEL_TRACES_SAMPLER` and its argument, as the specification names them. */
function samplerOf(env: NodeJS.ProcessEnv): Sampler {
  const name = env["OTEL_TRACES_SAMPLER"] ?? "parentbased_always_on";
  const ratio = Number(env["OTEL_TRACES_SAMPLER_ARG"] ?? 1);
  const root = name.endsWith("always_off")
    ? new AlwaysOffSampler()
    : name.endsWith("traceidratio")
      ? new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1)
      : new AlwaysOnSampler();
  return name.startsWith("parentbased_") ? new ParentBasedSampler({ root }) : root;
}
