import { handle, handleDownload, type Handler } from "../../platform/module.ts";
import { printDocument, printMedia } from "../../platform/print/index.ts";
import { refuse } from "../../platform/problem.ts";
import { downloadReport, getReport, listChanged } from "../contract.ts";
import { monthsProblems } from "../problems.ts";
import { documentOf } from "./document.ts";
import { reportOf } from "./model.ts";
import { changedPeople } from "./people.ts";

const subject = (region: string, month: string) => `months.month:${region}:${month}`;

export const reportHandlers: readonly Handler[] = [
  handle(getReport, (context, asked) => reportOf(context, asked)),

  handle(listChanged, async (context, { page, size, ...asked }) => {
    const found = await changedPeople(context, asked, { page, size });
    context.audit({
      subject: subject(asked.region, asked.month),
      region: asked.region,
      count: found.rows.length,
      total: found.total,
    });
    return found;
  }),

  handleDownload(downloadReport, async (context, { format, ...asked }) => {
    const { caller, businessDate, requestId } = context;
    const report = await reportOf(context, asked);
    if (!report.counted) refuse(monthsProblems.notCounted());
    const number = requestId.slice(0, 8).toUpperCase();
    const document = await documentOf(context, asked, report, {
      number,
      takenBy: `${caller.organisation} ${caller.name}`,
      takenOn: businessDate,
    });
    context.audit({
      subject: subject(asked.region, asked.month),
      region: asked.region,
      exportNumber: number,
      format,
      count: document.lists.reduce((sum, list) => sum + list.rows.length, 0),
    });
    const body = await printDocument(document, format);
    return { fileName: `${document.title}-${number}.${format}`, mediaType: printMedia[format], body };
  }),
];
