import { z } from "zod";
import { download, id, query } from "../platform/contract.ts";

/** Files of the demo: this month's tables of the officer's county, as the offices would send them. */
export const listDemoFiles = query({
  path: "/api/demo/files",
  summary: "查看演示文件",
  access: "signed-in",
  input: z.object({}),
  output: z.array(z.object({ fileId: id, name: z.string(), bytes: z.int(), kind: z.string(), month: z.string() })),
});

export const downloadDemoFile = download({
  path: "/api/demo/files/:fileId",
  summary: "下载演示文件",
  access: "signed-in",
  input: z.object({ fileId: id }),
});
