export { createTelemetry, type Telemetry } from "./telemetry.ts";
export { reading, type Gauge, type GaugeReading } from "./gauges.ts";
export { contextOf, traceIds, traceparent, withScopeKind, type ScopeKind } from "./trace.ts";
