import type { z } from "zod";
import type { ExportFormat, Route } from "../platform/contract.ts";
import { handleDownload, type ActionContext, type Handler, type Services } from "../platform/module.ts";
import type { WriteColumn, WriteValue } from "../platform/sheets/index.ts";
import { takeDirectly } from "./take.ts";

export interface ExportColumn extends WriteColumn {
  /** The column of the field register that it shows, "registry.person.health": says whether it is sensitive, or a whole number. */
  readonly holds?: string;
}

/** What the field register says of a list's columns. Numbers of persons whole: a second officer agrees first. */
export function contentsOf(
  { heldField }: Pick<Services, "heldField">,
  { columns }: Pick<ExportList, "columns">,
): { unmasked: boolean; sensitive: readonly string[] } {
  const held = columns.flatMap(({ header, holds }) => {
    if (holds === undefined) return [];
    const field = heldField(holds);
    if (!field) throw new Error(`not in the field register: ${holds}`);
    return [{ header, field }];
  });
  return {
    unmasked: held.some(({ field }) => field.sealed),
    // A mask hides what would be sensitive of it.
    sensitive: held.filter(({ field }) => field.sensitive && !field.mask).map(({ header }) => header),
  };
}

/** A list that may be taken out of the system, as it would be for this caller now. */
export interface ExportList {
  /** 人员名单: heading, sheet and file name. */
  readonly title: string;
  /** The filters in the officer's words, for whoever approves. */
  readonly about: string;
  /** Rows are people, or speak of people. */
  readonly persons: boolean;
  readonly total: number;
  readonly columns: readonly ExportColumn[];
  /** Headers of at most two columns by which a found row is known again (exports.mark). */
  readonly tracedBy: readonly string[];
  /** Default: a workbook. */
  readonly format?: ExportFormat;
  /** What the audit row names; default: nothing. */
  readonly subject?: string;
  rows(): AsyncIterable<readonly WriteValue[]>;
}

export interface ExportableInput {
  readonly purpose: string;
}

/** A download of a list, with the one thing that makes it a request as well: how to open the list again. */
export interface ExportHandler extends Handler {
  readonly openList: (context: ActionContext, input: never) => Promise<ExportList>;
}

/**
 * Declares a list's download. Purpose, quota, second approval, watermark, marks for tracing and the record of it come with
 * it and cannot be forgotten. Refused with `exports.needs-approval` where a second officer must agree first.
 */
export function handleExport<I extends z.ZodType<ExportableInput>>(
  route: Route<I> & { kind: "download" },
  openList: (context: ActionContext, input: z.output<I>) => Promise<ExportList>,
): ExportHandler {
  const handler = handleDownload(route, async (context, input) =>
    takeDirectly(context, route, input, await openList(context, input)),
  );
  return { ...handler, openList };
}

export function isExportHandler(handler: Handler): handler is ExportHandler {
  return "openList" in handler;
}
