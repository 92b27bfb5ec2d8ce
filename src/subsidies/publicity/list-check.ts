import { ProofCheck } from "#audit";
import { formatYuan } from "../../platform/money.ts";
import { digestOfLines, lineText, markAt, markOf, type ListAbout, type ListLine } from "./list-lines.ts";

/** What a file of a list holds for a check: what its pages show, what lies within for programs, and the proof. */
export interface ListFile {
  /** What is seen; of a PDF nothing can be read back. */
  readonly shown: readonly (Omit<ListLine, "village"> & { readonly village?: string })[] | null;
  readonly lines: readonly ListLine[];
  readonly proof: string;
}

export interface ListAnswer {
  readonly number: string;
  readonly digest: string;
  readonly lines: number;
  readonly totalFen: number;
  /** Day of the signed digest that binds the list; null: published so lately that only the file's own signature vouches for it. */
  readonly signedDay: string | null;
  /** Chinese sentences; empty: not a fen and not a name differs from what was published. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 50;
const LABELS = {
  payeeName: "收款人",
  identityMask: "证件号码",
  persons: "涉及人数",
  amountFen: "金额",
} as const;

const shownValue = (key: keyof typeof LABELS, value: string | number): string =>
  key === "amountFen" ? `${formatYuan(Number(value))} 元` : `“${value}”`;

/** Says where a line is not what it should be: one sentence for each cell. */
function differences(line: number, seen: Partial<ListLine>, true_: ListLine): readonly string[] {
  return (Object.keys(LABELS) as (keyof typeof LABELS)[]).flatMap((key) => {
    const value = seen[key];
    return value === undefined || value === true_[key]
      ? []
      : [`第 ${line} 行${LABELS[key]}写的是${shownValue(key, value)}，公示的是${shownValue(key, true_[key])}。`];
  });
}

/** Checks a file without any database, with the public keys that its reader trusts. */
export function checkListFile(file: ListFile, publicKeys: readonly string[]): ListAnswer {
  const problems: string[] = [];
  const check = new ProofCheck(publicKeys);
  const rows = file.proof.split("\n").filter((line) => line !== "");
  for (const line of rows) check.add(line);
  const proof = check.answer();
  problems.push(...proof.problems);
  const about = proof.about as unknown as Partial<ListAbout>;
  const { list = "", digest = "", marks = "" } = about;
  const published = publishedDigest(rows) ?? digest;
  if (published !== digest) problems.push("名单的校验码与审计日志里公示当天的不一致。");
  problems.push(...alteredLines(file.lines, { list, digest, marks, lines: about.lines ?? 0 }));
  if (file.shown) problems.push(...alteredView(file.shown, file.lines));
  return {
    number: list,
    digest,
    lines: file.lines.length,
    totalFen: file.lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
    signedDay: proof.unsigned === 0 && proof.loose === 0 && proof.rows > 0 ? (proof.days?.last ?? null) : null,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

/** The digest that the log's own row says, if it is in the proof. */
function publishedDigest(rows: readonly string[]): string | null {
  for (const text of rows) {
    const line = parsed(text);
    const row = line?.["row"] ?? line?.["loose"];
    if (typeof row !== "string") continue;
    const detail = (JSON.parse(row) as unknown[])[11] as { digest?: unknown };
    if (typeof detail.digest === "string") return detail.digest;
  }
  return null;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function alteredLines(lines: readonly ListLine[], about: ListAbout): readonly string[] {
  if (digestOfLines(lines) === about.digest) return [];
  const problems: string[] = [];
  if (lines.length !== about.lines)
    problems.push(`名单应有 ${about.lines} 行，文件里有 ${lines.length} 行：有的行被移除或加入。`);
  for (const [index, line] of lines.entries())
    if (markOf(about.list, lineText(line)) !== markAt(about.marks, index))
      problems.push(`第 ${line.line} 行（${line.payeeName}，${formatYuan(line.amountFen)} 元）被改动过。`);
  return problems.length > 0 ? problems : ["名单与它的校验码不符，内容或次序被改动过。"];
}

function alteredView(shown: NonNullable<ListFile["shown"]>, lines: readonly ListLine[]): readonly string[] {
  const problems: string[] = [];
  const seen = new Map(shown.map((one) => [one.line, one]));
  if (seen.size !== shown.length || shown.length !== lines.length)
    problems.push(`表里看得见的有 ${shown.length} 行，名单应有 ${lines.length} 行。`);
  for (const line of lines) {
    const one = seen.get(line.line);
    if (!one) problems.push(`第 ${line.line} 行（${line.payeeName}）在表里看不见，被删去了。`);
    else problems.push(...differences(line.line, one, line));
  }
  return problems;
}
