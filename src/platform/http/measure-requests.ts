import type { FastifyInstance } from "fastify";
import type { Telemetry } from "../telemetry/index.ts";

/** Every request, with its route's pattern and never its address: that holds ids, and words that somebody looks for. */
export function measureRequests(server: FastifyInstance, telemetry: Telemetry): void {
  server.addHook("onRequest", (request, _reply, done) => {
    telemetry.activeRequests.add(1, { "http.request.method": request.method });
    done();
  });
  server.addHook("onResponse", (request, reply, done) => {
    telemetry.activeRequests.add(-1, { "http.request.method": request.method });
    telemetry.requests.record(reply.elapsedTime / 1_000, {
      "http.request.method": request.method,
      "http.route": patternOf(request.routeOptions.url),
      "http.response.status_code": reply.statusCode,
    });
    done();
  });
}

/** Built files are one: each has a route of its own, and a new name with every build. */
function patternOf(url: string | undefined): string {
  if (url === undefined) return "none";
  return /\.\w+$/.test(url) && !url.includes(":") ? "static" : url;
}
