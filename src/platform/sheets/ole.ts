import { type FileHandle, open } from "node:fs/promises";

const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const ENTRY = 128;
const DIRECTORY_SECTOR_LIMIT = 64;

export function isOle(head: Buffer): boolean {
  return head.subarray(0, 8).equals(SIGNATURE);
}

/**
 * Names of the streams in an OLE container: .xls, .doc and every encrypted office file share its signature, and only
 * these names tell them apart. Null where the container is cut off or damaged.
 */
export async function readOleNames(path: string): Promise<readonly string[] | null> {
  const file = await open(path);
  try {
    const header = await readAt(file, 0, 512);
    if (!header || !isOle(header)) return null;
    const shift = header.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) return null;
    const sectorBytes = 1 << shift;
    const names: string[] = [];
    let sector = header.readInt32LE(48);
    for (let step = 0; sector >= 0 && step < DIRECTORY_SECTOR_LIMIT; step++) {
      const entries = await readAt(file, (sector + 1) * sectorBytes, sectorBytes);
      if (!entries) return null;
      for (let at = 0; at + ENTRY <= entries.length; at += ENTRY) {
        const bytes = entries.readUInt16LE(at + 64);
        if (bytes >= 2 && bytes <= 64) names.push(entries.toString("utf16le", at, at + bytes - 2));
      }
      sector = await nextSector(file, header, sector, sectorBytes);
    }
    return names;
  } finally {
    await file.close();
  }
}

/** The allocation table lists for each sector the one that follows; its own sectors are listed in the header. */
async function nextSector(file: FileHandle, header: Buffer, sector: number, sectorBytes: number): Promise<number> {
  const perSector = sectorBytes / 4;
  const tableIndex = Math.floor(sector / perSector);
  if (tableIndex >= 109) return -1; // beyond the header's list: the directory of such a giant is not needed to name it
  const table = header.readInt32LE(76 + tableIndex * 4);
  if (table < 0) return -1;
  const entry = await readAt(file, (table + 1) * sectorBytes + (sector % perSector) * 4, 4);
  return entry ? entry.readInt32LE(0) : -1;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return bytesRead === length ? buffer : null;
}
