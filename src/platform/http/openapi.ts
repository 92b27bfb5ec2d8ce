import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { problemBody, type Route } from "../contract.ts";

/** OpenAPI 3.1 made from the contracts; the same schemas check every request. */
export function describeApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "稳岗 Wengang",
      version: "1",
      description: "农村劳动力就业帮扶平台接口。会话以 Cookie 传递；修改类请求须带 X-CSRF-Token。",
    },
    paths,
  };
}

function describeRoute(route: Route): Record<string, unknown> {
  const input = z.toJSONSchema(route.input, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const inPath = new Set([...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]!));
  const properties = Object.entries(input.properties ?? {});
  const parameter = ([name, schema]: [string, unknown]) => ({
    name,
    in: inPath.has(name) ? "path" : "query",
    required: inPath.has(name) || (input.required ?? []).includes(name),
    schema,
  });
  const asParameters = route.method === "GET" ? properties : properties.filter(([name]) => inPath.has(name));
  const inBody = Object.fromEntries(properties.filter(([name]) => !inPath.has(name)));
  const body = route.kind === "upload" ? { ...inBody, file: { type: "string", format: "binary" } } : inBody;
  const media = route.kind === "upload" ? "multipart/form-data" : "application/json";
  return {
    summary: route.summary,
    tags: [route.path.split("/")[2] ?? ""],
    parameters: asParameters.map(parameter),
    ...(route.method === "GET"
      ? {}
      : { requestBody: { content: { [media]: { schema: { type: "object", properties: body } } } } }),
    responses: {
      200:
        route.kind === "download"
          ? { description: "文件" }
          : {
              description: "成功",
              content: {
                "application/json": { schema: z.toJSONSchema(route.output, { io: "output", unrepresentable: "any" }) },
              },
            },
      default: {
        description: "办不成时的原因",
        content: { "application/json": { schema: z.toJSONSchema(problemBody) } },
      },
    },
  };
}

export async function addApiViewer(server: FastifyInstance, routes: readonly Route[]): Promise<void> {
  await server.register(swagger, { mode: "static", specification: { document: describeApi(routes) as never } });
  await server.register(swaggerUi, { routePrefix: "/api/docs", staticCSP: true, uiConfig: { docExpansion: "none" } });
}
