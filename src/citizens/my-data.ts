import { sql } from "kysely";
import { marksOfPerson } from "#exports";
import { dutyLabels, type Duty } from "#identity";
import {
  fieldLabel,
  insuranceKindLabel,
  insuranceStatusLabels,
  labelOfId,
  maskColumnOf,
  numberOf,
  openPersonSecret,
  personCategory,
  personPageOf,
  registryFields,
  showValue,
  sourceLabels,
  type PersonPage,
} from "#registry";
import { dayWords, monthWords } from "../platform/day-words.ts";
import { formatYuan } from "../platform/money.ts";
import { handle, type ActionContext } from "../platform/module.ts";
import { shownMark } from "../platform/privacy/shown.ts";
import { myData, myOpenings, type MyData } from "./contract.ts";
import { ownPerson } from "./gate.ts";
import { correctionFieldLabels, correctionFields } from "./words.ts";

/** What is shown of the person, in this order; numbers are masked here as they are for officers. */
const shownFields = [
  "name",
  "identity",
  "phone",
  "bank_account",
  "sex",
  "birth_date",
  "ethnicity",
  "education",
  "marital_status",
  "home_region",
  "residence_region",
  "address",
  "health",
  "labour_capacity",
  "skills",
  "job_willing",
  "training_willing",
  "desired_region",
  "desired_job",
] as const;

export async function heldValues({ tx }: ActionContext, personId: string): Promise<Record<string, string | null>> {
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    SELECT to_jsonb(p) - 'secret' AS row FROM registry.person p WHERE p.person_id = ${personId}`.execute(tx);
  return Object.fromEntries(
    Object.entries(rows[0]?.row ?? {}).map(([name, value]) => [name, value === null ? null : textOf(value)]),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The value in words, as the person reads it. */
export function shownValue(
  field: string,
  row: Readonly<Record<string, string | null>>,
  nameOf: (code: string) => string,
): string | null {
  // Whole of a number nobody needs to see of himself: he has the document.
  const column = maskColumnOf(field);
  if (column) return row[column] ?? null;
  const shown = showValue("person", field, row[field] ?? null, nameOf);
  return shown !== null && DAY.test(shown) ? dayWords(shown) : shown;
}

const data = handle(myData, async (context): Promise<MyData> => {
  const { tx, businessDate, services } = context;
  const { personId, homeRegion } = ownPerson(context);
  context.audit({ subject: `registry.person:${personId}` });
  const page = await personPageOf(tx, homeRegion, personId, businessDate, services);
  const row = await heldValues(context, personId);
  const sources = JSON.parse(row["cell_sources"] ?? "{}") as Record<string, number>;
  const labels = Object.values(sourceLabels);
  const regions: Record<string, string> = {
    [page.person.home.code]: page.person.home.fullName,
    ...(page.person.residence ? { [page.person.residence.code]: page.person.residence.fullName } : {}),
  };
  return {
    name: page.person.name,
    fields: shownFields.flatMap((field) => {
      const value = shownValue(field, row, (code) => regions[code] ?? code);
      if (value === null) return [];
      const source = sources[field];
      return [
        {
          field,
          label: fieldLabel("person", field),
          value,
          source: source === undefined ? page.person.sourceLabel : (labels[source - 1] ?? "其他来源"),
          recordedOn: page.person.recordedOn,
        },
      ];
    }),
    correctable: correctionFields.map((field) => ({
      field,
      label: correctionFieldLabels[field],
      choices: choicesOf(field),
    })),
    ...entriesOf(page),
    grounds: page.grounds.map(({ region, ground }) => `${region.fullName}（${groundWords[ground]}）`),
  };
});

const groundWords = { residence: "常住地", work: "务工地", insurance: "参保地" } as const;

function choicesOf(field: string): { value: string; label: string }[] | null {
  const type = registryFields.person[field]?.type;
  if (type?.kind === "yes-no")
    return [
      { value: "true", label: "愿意" },
      { value: "false", label: "不愿意" },
    ];
  if (type?.kind !== "code") return null;
  const { dictionary, stored } = type;
  return dictionary.ids.map((id) => ({
    value: stored === "number" ? String(numberOf(dictionary, id)) : id,
    label: dictionary.labels[id]!,
  }));
}

function entriesOf(page: PersonPage): Omit<MyData, "name" | "fields" | "correctable" | "grounds"> {
  const months = (rows: readonly { month: string; employerName: string }[]) => [
    ...new Set(rows.map((row) => row.month)),
  ];
  return {
    categories: page.categories.map((row) => ({
      title: labelOfId(personCategory, row.category),
      lines: [
        row.validTo ? `${dayWords(row.validFrom)}至${dayWords(row.validTo)}` : `${dayWords(row.validFrom)}起`,
        ...(row.detail ? [row.detail] : []),
      ],
      source: row.sourceLabel,
    })),
    employments: page.employments.map((row) => ({
      title: row.employerName,
      lines: [
        `${dayWords(row.startDate)}至${row.endDate ? dayWords(row.endDate) : "今"}`,
        ...(row.workRegion ? [row.workRegion.fullName] : []),
        ...(row.monthlyWageFen === null ? [] : [`月工资 ${formatYuan(row.monthlyWageFen)} 元`]),
      ],
      source: row.sourceLabel,
    })),
    contracts: page.contracts.map((row) => ({
      title: row.employerName,
      lines: [
        row.endDate
          ? `${dayWords(row.startDate)}至${dayWords(row.endDate)}`
          : `${dayWords(row.startDate)}起，无固定期限`,
      ],
      source: row.sourceLabel,
    })),
    insurance: months(page.insurance).map((month) => ({
      title: monthWords(month),
      lines: page.insurance
        .filter((row) => row.month === month)
        .map((row) => `${insuranceKindLabel(row.kind)}：${insuranceStatusLabels[row.status]}（${row.employerName}）`),
      source: page.insurance.find((row) => row.month === month)!.sourceLabel,
    })),
    wages: page.wages.map((row) => ({
      title: monthWords(row.month),
      lines: [`${row.employerName} ${formatYuan(row.amountFen)} 元`],
      source: row.sourceLabel,
    })),
  };
}

const openings = handle(myOpenings, async (context, { page, size }) => {
  const { personId } = ownPerson(context);
  const { tx, services } = context;
  const shown = shownMark(services.keys, personId);
  const own = await sql<{ name: string; identity_mask: string; secret: Buffer }>`
    SELECT name, identity_mask, secret FROM registry.person WHERE person_id = ${personId}`.execute(tx);
  const { name, identity_mask: mask, secret } = own.rows[0]!;
  const marks = marksOfPerson(services.keys, name, mask, openPersonSecret(services.keys, secret).identity);
  const { rows } = await sql<{
    at: Date;
    act: string;
    organisation: string;
    duties: string[] | null;
    purpose: string;
    total: string;
  }>`SELECT * FROM citizens.openings(${(page - 1) * size}, ${size}, ${shown}, exports.with_marks(${marks}::bigint[]))`.execute(
    tx,
  );
  return {
    total: Number(rows[0]?.total ?? 0),
    rows: rows.map((row) => ({
      at: row.at.toISOString(),
      office: row.organisation,
      duties: (row.duties ?? []).map((duty) => dutyLabels[duty as Duty]),
      act: row.act,
      purpose: row.purpose,
    })),
  };
});

export const myDataHandlers = [data, openings];
