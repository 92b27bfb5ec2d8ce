import type { z } from "zod";
import type { ExportFormat, Route } from "../platform/contract.ts";
import { handleDownload, type ActionContext, type Handler } from "../platform/module.ts";
import type { WriteColumn, WriteValue } from "../platform/sheets/index.ts";
import { takeDirectly } from "./take.ts";

/** A list that may be taken out of the system, as it would be for this caller now. */
export interface ExportList {
  /** 人员名单: heading, sheet and file name. */
  readonly title: string;
  /** The filters in the officer's words, for whoever approves. */
  readonly about: string;
  /** Rows are people, or speak of people. */
  readonly persons: boolean;
  /** Numbers of persons stand in it whole. */
  readonly unmasked: boolean;
  readonly total: number;
  readonly columns: readonly WriteColumn[];
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
