import { z } from "zod";
import { id, plainDate } from "../platform/contract.ts";
import { correctionFields, correctionStates } from "./words.ts";

export const moment = z.iso.datetime({ offset: true });

export const words = (label: string, most: number) =>
  z.string(`请填写${label}`).trim().min(2, `${label}至少 2 个字`).max(most, `${label}最多 ${most} 个字`);

export const correctionForm = {
  field: z.enum(correctionFields, "请选择要更正的内容"),
  proposed: z.string("请填写更正后的内容").trim().min(1, "请填写更正后的内容").max(200, "最多 200 个字"),
  reason: words("理由", 300),
};

export const correctionRow = z.object({
  correctionId: id,
  field: z.enum(correctionFields),
  label: z.string(),
  held: z.string().nullable(),
  proposed: z.string(),
  reason: z.string(),
  evidence: z.string().nullable(),
  askedAt: moment,
  dueOn: plainDate,
  state: z.enum(correctionStates),
  answer: z.string(),
  /** Who asked: 本人, 代办 with the officer and his authority, or 一次性链接. */
  askedBy: z.string(),
});

export const mandateRow = z.object({
  mandateId: id,
  officer: z.string(),
  organisation: z.string(),
  authority: z.string(),
  authorisedOn: plainDate,
  validFrom: plainDate,
  validTo: plainDate,
  note: z.string(),
  revokedBy: z.enum(["person", "officer"]).nullable(),
  /** Acts done on it. */
  acts: z.int(),
});
