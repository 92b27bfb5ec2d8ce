import { sql } from "kysely";
import type { DomainModule } from "../platform/module.ts";
import { XLSX } from "../platform/sheets/index.ts";
import { handle, handleDownload } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { synthCommands } from "./commands.ts";
import { downloadDemoFile, listDemoFiles } from "./contract.ts";
import { DEMO_FILE_PURPOSE, seedDemo } from "./demo/seed.ts";

interface DemoFile {
  file_id: string;
  key: string;
  name: string;
  bytes: string;
  media_type: string;
}

export const synthModule: DomainModule = {
  name: "synth",
  handlers: [
    handle(listDemoFiles, async ({ tx, caller }) => {
      const region = caller.sight.region;
      if (region === null) return [];
      const files =
        await sql<DemoFile>`SELECT file_id, key, name, bytes, media_type FROM platform.file WHERE purpose = ${DEMO_FILE_PURPOSE} AND starts_with(region, ${region}) ORDER BY file_id`.execute(
          tx,
        );
      return files.rows.map((file) => {
        const [kind = "", month = ""] = file.media_type.split(" ");
        return { fileId: file.file_id, name: file.name, bytes: Number(file.bytes), kind, month };
      });
    }),
    handleDownload(downloadDemoFile, async ({ tx, caller, services }, { fileId }) => {
      const region = caller.sight.region ?? refuse(platformProblems.outOfScope());
      const files =
        await sql<DemoFile>`SELECT key, name FROM platform.file WHERE file_id = ${fileId} AND purpose = ${DEMO_FILE_PURPOSE} AND starts_with(region, ${region})`.execute(
          tx,
        );
      const file = files.rows[0] ?? refuse(platformProblems.notFound("该演示文件"));
      return { fileName: file.name, mediaType: XLSX, body: await services.files.read(file.key) };
    }),
  ],
  commands: synthCommands,
  seedDemo,
};
