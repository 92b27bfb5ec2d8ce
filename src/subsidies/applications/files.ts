import { createHash } from "node:crypto";
import type { ActionContext, DownloadBody, UploadedFile } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { subsidiesProblems } from "../problems.ts";
import { filesOf, insertFile, type StoredApplication } from "./store.ts";

/** Of one file, and of one application. Accounts may send no more at once anyway (server). */
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_FILES = 20;
/** A small document that unfolds into more than this is a trap, whatever it is called. */
const MOST_UNFOLDED = 200 * 1024 * 1024;

interface Kind {
  readonly mediaType: string;
  readonly extension: string;
}
const JPEG: Kind = { mediaType: "image/jpeg", extension: "jpg" };
const PNG: Kind = { mediaType: "image/png", extension: "png" };
const PDF: Kind = { mediaType: "application/pdf", extension: "pdf" };
const office = (extension: string, part: string): Kind => ({
  extension,
  mediaType: `application/vnd.openxmlformats-officedocument.${part}`,
});
const DOCX = office("docx", "wordprocessingml.document");
const XLSX = office("xlsx", "spreadsheetml.sheet");

/** Directory of a ZIP file: names, and what they unfold to. Null where it is none. */
function zipEntries(bytes: Buffer): readonly { readonly name: string; readonly unfolded: number }[] | null {
  const end = bytes.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end < 0 || end + 22 > bytes.length) return null;
  const entries: { name: string; unfolded: number }[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return null;
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString("utf8", at + 46, at + 46 + nameLength),
      unfolded: bytes.readUInt32LE(at + 24),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * What a file is by its content, whatever it calls itself. Office files only without macros, embedded programs or a directory that is not
 * what it says; nothing is unfolded to find out.
 */
export function kindOf(bytes: Buffer): Kind | "trap" | null {
  if (bytes.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex"))) return JPEG;
  if (bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"))) return PNG;
  if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return PDF;
  if (!bytes.subarray(0, 4).equals(Buffer.from("504b0304", "hex"))) return null;
  const entries = zipEntries(bytes);
  if (!entries) return null;
  const total = entries.reduce((sum, { unfolded }) => sum + unfolded, 0);
  const risky = entries.some(
    ({ name }) =>
      /vbaProject|\.bin$|embeddings\/|activeX\//i.test(name) ||
      name.includes("..") ||
      name.startsWith("/") ||
      name.includes("\\"),
  );
  if (total > MOST_UNFOLDED || entries.length > 5000 || risky) return "trap";
  const has = (part: string) => entries.some(({ name }) => name === part);
  if (!has("[Content_Types].xml")) return null;
  return has("word/document.xml") ? DOCX : has("xl/workbook.xml") ? XLSX : null;
}

/** A name that is safe in any folder and as the first cell of any table. */
export function safeName(name: string, { extension }: Kind): string {
  const base = name
    .replaceAll("\\", "/")
    .replace(/^.*\//, "")
    .replaceAll(/[:*?"<>|\p{C}]/gu, "_")
    .replace(/\.[^.]*$/, "")
    .replace(/^[=+\-@.\s]+/, "")
    .trim()
    .slice(0, 80);
  return `${base || "材料"}.${extension}`;
}

async function wholeOf({ services }: ActionContext, key: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await services.files.read(key)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Keeps an uploaded file with the application, under a safe name; refuses what is no photograph, PDF or plain office file. */
export async function keepAttachment(
  context: ActionContext,
  application: StoredApplication,
  material: string,
  file: UploadedFile,
): Promise<string> {
  if (file.bytes > MOST_BYTES) refuse(subsidiesProblems.attachmentTooLarge());
  if (file.bytes === 0) refuse(subsidiesProblems.attachmentUnfit());
  const held = await filesOf(context.tx, application.application_id);
  if (held.length >= MOST_FILES) refuse(subsidiesProblems.tooManyAttachments(MOST_FILES));
  const bytes = await wholeOf(context, file.key);
  const kind = kindOf(bytes);
  if (kind === "trap") refuse(subsidiesProblems.attachmentTrap());
  if (kind === null) return refuse(subsidiesProblems.attachmentUnfit());
  if (held.some(({ sha256 }) => sha256 === file.sha256)) refuse(subsidiesProblems.attachmentAgain());
  const fileId = await insertFile(context.tx, application.application_id, {
    key: file.key,
    name: safeName(file.name, kind),
    bytes: file.bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    material,
    mediaType: kind.mediaType,
    by: context.caller.name,
  });
  context.audit({ application: application.number, material, bytes: file.bytes, sha256: file.sha256 });
  return fileId;
}

/** To be saved, never shown within our pages. */
export async function attachmentBody(
  context: ActionContext,
  applicationId: string,
  fileId: string,
): Promise<DownloadBody | null> {
  const file = (await filesOf(context.tx, applicationId)).find(({ file_id }) => file_id === fileId);
  if (!file) return null;
  return { fileName: file.name, mediaType: file.media_type, body: await context.services.files.read(file.key) };
}
