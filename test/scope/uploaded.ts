import { createHash } from "node:crypto";
import { villages } from "./world.ts";

/** The table that every officer of this test uploads: people of every place, as another office's table might name them. */
export const uploadedTable = [
  "姓名,身份证号,乡镇,行政村,是否务工",
  ...villages.map((village) => `某人,无,测试town${village.slice(0, 9)},测试village${village},否`),
].join("\n");
export const uploadedDigest = createHash("sha256").update(uploadedTable).digest("hex");
