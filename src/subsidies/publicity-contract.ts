import { z } from "zod";
import { action, download, fen, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const publicationStates = ["open", "ended"] as const;
export const publicationStateLabels: Record<(typeof publicationStates)[number], string> = {
  open: "公示中",
  ended: "已结束",
};
export const objectionStates = ["open", "upheld", "rejected"] as const;
export const objectionStateLabels: Record<(typeof objectionStates)[number], string> = {
  open: "待答复",
  upheld: "异议成立",
  rejected: "异议不成立",
};

export const listFormats = ["xlsx", "docx", "pdf"] as const;

const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });
const publication = z.object({
  publicationId: id,
  number: z.string(),
  place,
  /** The town or village that the list is of; null: the whole county. */
  area: place.nullable(),
  title: z.string(),
  fund: z.string(),
  claims: z.int(),
  amountFen: fen,
  startsOn: plainDate,
  endsOn: plainDate,
  state: z.enum(publicationStates),
  objections: z.int(),
  publishedByName: z.string(),
});
export type Publication = z.output<typeof publication>;

export const listPublications = query({
  path: "/api/subsidies/publications",
  summary: "查看公示",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ ...paging, state: z.enum(publicationStates).optional(), region: regionCode.optional() }),
  output: pageOf(publication).extend({
    /** What is approved and waits to be published. */
    waiting: z.array(
      z.object({
        rule: z.string(),
        title: z.string(),
        claims: z.int(),
        amountFen: fen,
        /** Where they are at home: a list may be of one village alone. */
        villages: z.array(z.object({ code: z.string(), name: z.string(), claims: z.int(), amountFen: fen })),
      }),
    ),
    /** The shortest time for which a list is open here, in working days. */
    workdays: z.int(),
    /** Open lists whose last day is over: what nobody objects to can go on. */
    runOut: z.int(),
  }),
});

const objection = z.object({
  objectionId: id,
  claimId: id,
  claimNumber: z.string(),
  payeeName: z.string(),
  raisedBy: z.string(),
  content: z.string(),
  raisedOn: plainDate,
  dueOn: plainDate,
  state: z.enum(objectionStates),
  answer: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedOn: plainDate.nullable(),
});
export type Objection = z.output<typeof objection>;

export const getPublication = query({
  path: "/api/subsidies/publications/:publicationId",
  summary: "查看公示名单",
  access: { permission: subsidiesPermissions.read },
  audit: "query",
  input: z.object({ publicationId: id, ...paging }),
  output: publication.extend({
    digest: z.string(),
    contact: z.string(),
    lines: z.array(
      z.object({
        line: z.int(),
        claimId: id,
        place: z.string(),
        payeeName: z.string(),
        identityMask: z.string(),
        persons: z.int(),
        amountFen: fen,
        takenOut: z.boolean(),
      }),
    ),
    total: z.int(),
    objectionList: z.array(objection),
  }),
});
export type PublicationView = z.output<typeof getPublication.output>;

export const publishClaims = action({
  path: "/api/subsidies/publications",
  summary: "公示补贴",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({
    rule: z.string().max(80),
    /** A town or village; without it all that waits in the county. */
    area: regionCode.optional(),
    /** Not fewer than the office's own setting says, which is taken where nothing is given. */
    workdays: z.int().min(1).max(60).optional(),
    contact: z.string().trim().min(4, "请写明受理异议的单位和电话").max(120),
  }),
  output: z.object({ publicationId: id, claims: z.int(), amountFen: fen, endsOn: plainDate }),
});

/** Lets go on to payment what no objection holds of the lists whose last day is over; the nightly work does the same. */
export const clearLists = action({
  path: "/api/subsidies/publications/clear",
  summary: "办结期满公示",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({}),
  output: z.object({ lists: z.int(), claims: z.int(), held: z.int() }),
});

export const downloadPublication = download({
  path: "/api/subsidies/publications/:publicationId/list/:format",
  summary: "打印公示名单",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ publicationId: id, format: z.enum(listFormats) }),
});

export const raiseObjection = action({
  path: "/api/subsidies/publications/:publicationId/objections",
  summary: "登记公示异议",
  access: { permission: subsidiesPermissions.handle },
  input: z.object({
    publicationId: id,
    claimId: id,
    raisedBy: z.string().trim().min(2, "请写明异议人，匿名的写“匿名”").max(60),
    content: z.string().trim().min(4, "请写明异议的内容").max(1000),
  }),
  output: z.object({ objectionId: id }),
});

export const decideObjection = action({
  path: "/api/subsidies/objections/:objectionId/decide",
  summary: "答复公示异议",
  access: { permission: subsidiesPermissions.approve },
  input: z.object({
    objectionId: id,
    upheld: z.boolean(),
    answer: z.string().trim().min(4, "请写明核实的情况和答复").max(1000),
  }),
  output: z.object({}),
});
