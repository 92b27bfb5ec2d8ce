/**
 * The same text, standing by itself. A text that `split` or `slice` cut out of a block of a file keeps the whole block in memory
 * for as long as it lives: whoever keeps texts beyond their row, as a cache does, keeps copies, or keeps the file.
 */
export function detached(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
