import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Severity } from "#kernel";

/** One item of part E of the catalogue of the sources. */
export interface CatalogueItem {
  readonly item: string;
  readonly title: string;
  readonly severity: Severity;
  /** The facts that are not there yet, in the office's words: nothing of it is encoded. */
  readonly waits: string | null;
  /** Encoded but for this. */
  readonly partly: string | null;
}

const written = z.record(
  z.string().regex(/^E-(ALL|HN|JN|GS)-\d\d$/),
  z.strictObject({
    title: z.string(),
    severity: z.enum(["H", "M", "L"]),
    waits: z.string().optional(),
    partly: z.string().optional(),
  }),
);

let known: readonly CatalogueItem[] | null = null;

/** Every check of the catalogue, in its order. */
export function checkCatalogue(): readonly CatalogueItem[] {
  if (known) return known;
  const items = written.parse(parse(readFileSync(join(import.meta.dirname, "catalogue.yaml"), "utf8")));
  known = Object.entries(items).map(([item, { title, severity, waits, partly }]) => ({
    item,
    title,
    severity,
    waits: waits ?? null,
    partly: partly ?? null,
  }));
  return known;
}
