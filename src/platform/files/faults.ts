import { open } from "node:fs/promises";
import type { ReadStream } from "node:fs";
import type { Problem } from "../problem.ts";

const sentences: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `没有找到${path}，请核对路径。`,
  ENOTDIR: (path) => `${path || "路径"}当中有一段不是文件夹，请核对路径。`,
  EISDIR: (path) => `给出的路径${path}是文件夹，这里要的是文件。`,
  EEXIST: (path) => `${path || "同名的文件"}已经存在，请换一个名称或位置。`,
  EACCES: (path) => `没有读写${path}的权限，请换一个位置，或请管理员放开权限。`,
  EPERM: (path) => `没有读写${path}的权限，请换一个位置，或请管理员放开权限。`,
  EROFS: (path) => `${path || "该位置"}所在的磁盘只能读，请换一个位置。`,
  ENOSPC: () => "磁盘已满，没有写完。请腾出空间后再试。",
};

/** A file or folder that somebody named and that cannot be read or written, in words; undefined for any other fault. */
export function problemOfFile(cause: unknown): Problem | undefined {
  const { code, path, syscall } = cause as NodeJS.ErrnoException;
  // A database or program that is not there is no file that the user named.
  if (syscall === "connect" || syscall?.startsWith("spawn")) return undefined;
  const sentence = sentences[code ?? ""];
  if (!sentence) return undefined;
  return {
    code: `platform.file-${code!.toLowerCase()}`,
    status: 422,
    message: sentence(path ? ` ${path} ` : "")
      .trim()
      .replace(" ，", "，"),
  };
}

/** A stream of a file that somebody named. Opened at once: a stream of a file that is not there fails when nobody listens yet. */
export async function readGivenFile(path: string): Promise<ReadStream> {
  const handle = await open(path);
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR", path });
  }
  return handle.createReadStream();
}
