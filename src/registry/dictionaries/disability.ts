import { defineDictionary, type IdOf } from "./dictionary.ts";

export const disabilityKind = defineDictionary({
  title: "残疾类别",
  standard: "GB/T 26341-2010",
  entries: [
    { id: "visual", code: "1", label: "视力残疾", synonyms: ["视力"] },
    { id: "hearing", code: "2", label: "听力残疾", synonyms: ["听力"] },
    { id: "speech", code: "3", label: "言语残疾", synonyms: ["言语", "语言", "语言残疾"] },
    { id: "physical", code: "4", label: "肢体残疾", synonyms: ["肢体"] },
    { id: "intellectual", code: "5", label: "智力残疾", synonyms: ["智力"] },
    { id: "mental", code: "6", label: "精神残疾", synonyms: ["精神"] },
    { id: "multiple", code: "7", label: "多重残疾", synonyms: ["多重", "综合残疾"] },
  ],
});
export type DisabilityKind = IdOf<typeof disabilityKind>;

export const disabilityGrade = defineDictionary({
  title: "残疾等级",
  standard: "GB/T 26341-2010",
  entries: [
    { id: "grade-1", code: "1", label: "残疾一级", synonyms: ["一级", "1级", "壹级", "I级"] },
    { id: "grade-2", code: "2", label: "残疾二级", synonyms: ["二级", "2级", "贰级", "II级"] },
    { id: "grade-3", code: "3", label: "残疾三级", synonyms: ["三级", "3级", "叁级", "III级"] },
    { id: "grade-4", code: "4", label: "残疾四级", synonyms: ["四级", "4级", "肆级", "IV级"] },
  ],
});
export type DisabilityGrade = IdOf<typeof disabilityGrade>;

export interface Disability {
  kind: DisabilityKind | null;
  grade: DisabilityGrade | null;
}

const KIND_AND_GRADE = /^(.{2}(?:残疾)?)[(,、]?([一二三四壹贰叁肆1-4]级)\)?$/u;
/** 残疾人证号: the holder's ID number, then the kind and the grade. A letter B and digits for a reissue may follow. */
const CERTIFICATE_END = /^[0-9]{17}[0-9X]([1-7])([1-4])(?:B[0-9])?$/u;

/** Reads 肢体残疾二级, 肢体二级, 视力残疾, 三级, and the two digits that end a disability certificate number. Null when none fits. */
export function parseDisability(text: string): Disability | null {
  const written = text.normalize("NFKC").replace(/\s+/gu, "").toUpperCase();
  const both = KIND_AND_GRADE.exec(written) ?? CERTIFICATE_END.exec(written);
  const kind = disabilityKind.parse(both?.[1] ?? written);
  const grade = disabilityGrade.parse(both?.[2] ?? (kind === null ? written : ""));
  if (both !== null && (kind === null || grade === null)) return null;
  return kind === null && grade === null ? null : { kind, grade };
}
