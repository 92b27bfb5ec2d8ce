import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";

/** Longest line: 40 digits, a colon, a count, an end. */
const LINE = 64;

/**
 * Whether a password is in the operator's list of leaked ones: a text of lines `SHA-1:count` sorted by digest, as Have I Been Pwned
 * gives it out. Halves the file until the line is found, so forty gigabytes cost some forty reads. SHA-1 is the list's; nothing of
 * ours is kept by it. Throws when the file cannot be read.
 */
export async function isBreached(file: string, password: string): Promise<boolean> {
  const wanted = createHash("sha1").update(password).digest("hex").toUpperCase();
  const handle = await open(file, "r");
  try {
    let [low, high] = [0, (await handle.stat()).size];
    // Of all places where a line may begin, the last whose line is not after the wanted one lies in [low, high).
    while (high - low > LINE) {
      const middle = Math.floor((low + high) / 2);
      const line = await firstLineFrom(handle, middle);
      if (line === null || line.digest > wanted) high = middle;
      else if (line.digest === wanted) return true;
      else low = line.at;
    }
    const rest = Buffer.alloc(high - low + 2 * LINE);
    const { bytesRead } = await handle.read(rest, 0, rest.length, low);
    return rest
      .toString("latin1", 0, bytesRead)
      .split("\n")
      .some((line) => line.slice(0, wanted.length).toUpperCase() === wanted);
  } finally {
    await handle.close();
  }
}

/** The first whole line that begins at or after `from`; null when there is none. */
async function firstLineFrom(handle: FileHandle, from: number): Promise<{ at: number; digest: string } | null> {
  const bytes = Buffer.alloc(2 * LINE);
  const start = Math.max(0, from - 1);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  const text = bytes.toString("latin1", 0, bytesRead);
  const begins = from === 0 ? 0 : text.indexOf("\n") + 1;
  if ((from !== 0 && begins === 0) || begins >= text.length) return null;
  return { at: start + begins, digest: text.slice(begins, begins + 40).toUpperCase() };
}
