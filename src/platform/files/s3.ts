import { AwsClient } from "aws4fetch";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Temporal } from "temporal-polyfill";
import type { Keys } from "../keys.ts";
import { decryptStream, encryptStream } from "./cipher.ts";
import { copyToTemp, meter } from "./local.ts";
import { findSealed } from "./place.ts";
import type { FileStore } from "./store.ts";

export interface S3Options {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

/** File store in any S3-compatible bucket (path-style addresses). The bucket sees ciphertext only. */
export function s3FileStore(options: S3Options, keys: Keys): FileStore {
  const key = Buffer.from(keys.derive("files"), "hex");
  const client = new AwsClient({
    accessKeyId: options.keyId,
    secretAccessKey: options.secret,
    service: "s3",
    region: options.region,
  });
  const urlOf = (name: string) => `${options.endpoint.replace(/\/$/, "")}/${options.bucket}/${name}`;
  const expectOk = (response: Response, what: string) => {
    if (!response.ok) throw new Error(`对象存储${what}失败（HTTP ${response.status}），请检查存储服务。`);
    return response;
  };
  const readSealed = async (name: string) => {
    const response = expectOk(await client.fetch(urlOf(name), { redirect: "error" }), "读取");
    return Readable.fromWeb(response.body as ReadableStream);
  };
  const read = async (name: string) => (await readSealed(name)).pipe(decryptStream(key));
  return {
    async put(name, body, limitBytes) {
      const { stream, result } = meter(limitBytes);
      // S3 wants the length beforehand, so the ciphertext passes through a temporary file.
      const source = body.pipe(stream);
      const sealed = encryptStream(key);
      source.on("error", (cause) => sealed.destroy(cause));
      const local = await copyToTemp(source.pipe(sealed));
      try {
        const { size } = await import("node:fs/promises").then((fs) => fs.stat(local.path));
        const headers = { "content-length": String(size), "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
        const request = {
          method: "PUT",
          redirect: "error",
          headers,
          body: Readable.toWeb(createReadStream(local.path)) as BodyInit,
          duplex: "half",
        } as RequestInit;
        expectOk(await client.fetch(urlOf(name), request), "写入");
      } finally {
        await local.release();
      }
      return result();
    },
    read,
    asLocalFile: async (name) => copyToTemp(await read(name)),
    async inPlace(name) {
      const local = await copyToTemp(await readSealed(name));
      try {
        return { place: await findSealed(local.path, key), release: () => local.release() };
      } catch (cause) {
        await local.release();
        throw cause;
      }
    },
    async remove(name) {
      const response = await client.fetch(urlOf(name), { method: "DELETE", redirect: "error" });
      if (response.status !== 404) expectOk(response, "删除");
    },
    async *list(prefix) {
      for (let after: string | undefined; ;) {
        const asked = new URLSearchParams({ "list-type": "2", prefix, ...(after ? { "start-after": after } : {}) });
        const address = `${options.endpoint.replace(/\/$/, "")}/${options.bucket}?${asked.toString()}`;
        const text = await expectOk(await client.fetch(address), "列出").text();
        const found = [...text.matchAll(/<Key>([^<]+)<\/Key>\s*<LastModified>([^<]+)<\/LastModified>/g)];
        for (const [, name, at] of found)
          yield { key: name!, writtenAt: new Date(Temporal.Instant.from(at!).epochMilliseconds) };
        if (!/<IsTruncated>true</.test(text) || found.length === 0) return;
        after = found.at(-1)![1];
      }
    },
  };
}
