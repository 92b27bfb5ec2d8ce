import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { open as openZip, type Entry, type ZipFile } from "yauzl";
import { ProofCheck, type ProofAnswer } from "./proof.ts";

/** Names within an exported zip. */
export const PROOF_NAME = "存证.jsonl";

/**
 * Checks an exported file without a database: an export (zip of the table and its proof), an archived month (gzip), or the
 * proof's plain lines. The table itself is bound by the digest that the signed proof names.
 */
export async function verifyFile(path: string, publicKeys: readonly string[]): Promise<ProofAnswer> {
  const check = new ProofCheck(publicKeys);
  const file = await open(path);
  const head = Buffer.alloc(4);
  await file.read(head, 0, 4, 0);
  await file.close();
  if (head.toString("latin1") === "PK\u0003\u0004") return verifyZip(path, check);
  try {
    await checkLines(check, createReadStream(path), head[0] === 0x1f && head[1] === 0x8b);
  } catch {
    return withProblem(check, "文件已损坏，无法读取。");
  }
  return check.answer();
}

/** Hands a stream's lines to the check; throws when the stream, or one that it comes from, breaks off. */
export async function checkLines(check: ProofCheck, source: Readable, zipped: boolean): Promise<void> {
  const read = async (blocks: AsyncIterable<Buffer>) => {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    for await (const block of blocks) {
      const lines = (rest + decoder.write(block)).split("\n");
      rest = lines.pop()!;
      for (const line of lines) check.add(line);
    }
    if (rest !== "") check.add(rest);
  };
  await (zipped ? pipeline(source, createGunzip(), read) : pipeline(source, read));
}

function withProblem(check: ProofCheck, problem: string): ProofAnswer {
  const answer = check.answer();
  return { ...answer, problems: [...answer.problems, problem] };
}

async function verifyZip(path: string, check: ProofCheck): Promise<ProofAnswer> {
  const tables = new Map<string, string>();
  try {
    for await (const { name, content } of zipParts(path)) {
      if (name === PROOF_NAME) await checkLines(check, content, false);
      else {
        const digest = createHash("sha256");
        for await (const block of content as AsyncIterable<Buffer>) digest.update(block);
        tables.set(name, digest.digest("hex"));
      }
    }
  } catch {
    return withProblem(check, "压缩包已损坏，无法读取。");
  }
  const { file } = check.answer().about as { file?: { name: string; sha256: string } };
  if (file === undefined || tables.size !== 1) return withProblem(check, "压缩包中应只有一份表格和它的存证。");
  return tables.get(file.name) === file.sha256
    ? check.answer()
    : withProblem(check, `表格 ${file.name} 与存证不符，被改动过。`);
}

/** The parts of a zip, one after another; each is read before the next is asked for. */
export async function* zipParts(path: string): AsyncGenerator<{ name: string; content: Readable }> {
  const zip = await promisify<string, { lazyEntries: boolean; autoClose: boolean }, ZipFile>(openZip)(path, {
    lazyEntries: true,
    autoClose: false,
  });
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === null) return;
      const content = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry);
      yield { name: entry.fileName, content };
    }
  } finally {
    zip.close();
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (result: Entry | null, cause?: Error) => {
      zip.removeAllListeners();
      if (cause) reject(cause);
      else resolve(result);
    };
    zip.once("entry", (entry: Entry) => settle(entry));
    zip.once("end", () => settle(null));
    zip.once("error", (cause: Error) => settle(null, cause));
    zip.readEntry();
  });
}
