import { once } from "node:events";
import type { ActionContext, DownloadBody, UploadedFile } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { citizensProblems } from "./problems.ts";

/** What a file begins with, whatever it calls itself. */
const kinds = [
  { begins: [0xff, 0xd8, 0xff], mediaType: "image/jpeg" },
  { begins: [0x89, 0x50, 0x4e, 0x47], mediaType: "image/png" },
  { begins: [0x25, 0x50, 0x44, 0x46], mediaType: "application/pdf" },
] as const;

async function kindOf({ services }: ActionContext, key: string): Promise<(typeof kinds)[number] | undefined> {
  const stream = await services.files.read(key);
  try {
    const ended = once(stream, "end").then(() => [Buffer.alloc(0)]);
    const [chunk] = (await Promise.race([once(stream, "data"), ended])) as [Buffer];
    return kinds.find(({ begins }) => begins.every((byte, index) => chunk[index] === byte));
  } finally {
    stream.destroy();
  }
}

/** A photograph or a PDF: anybody may send it, and an officer opens it. */
export async function requireEvidence(context: ActionContext, file: UploadedFile): Promise<void> {
  if (!(await kindOf(context, file.key))) refuse(citizensProblems.evidenceUnfit());
}

/** To be saved, never shown within our pages. */
export async function evidenceBody(context: ActionContext, key: string, name: string): Promise<DownloadBody> {
  const kind = await kindOf(context, key);
  return {
    fileName: name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "_"),
    mediaType: kind?.mediaType ?? "application/octet-stream",
    body: await context.services.files.read(key),
  };
}
