import type { DayNumber } from "./calendar.ts";
import type { CellValue, Column, Form, FormKind } from "./form.ts";
import { groupIds, type GroupId } from "./groups.ts";
import type { Hand } from "./hands.ts";
import { assistedList, groupList, postRoster, workLedger } from "./person-forms.ts";
import type { Population } from "./population.ts";
import { contractFiling, payroll, socialInsurance } from "./register-forms.ts";
import type { Village } from "./territory.ts";

export { formKinds, type CellValue, type FormKind } from "./form.ts";

/** A form whatever its rows are, for code that only passes them on. */
export interface AnyForm {
  readonly id: FormId;
  readonly kind: FormKind;
  readonly title: string;
  readonly columns: readonly Pick<Column<never>, "header" | "group" | "flatHeader" | "width">[];
  /** The cells of the village's rows; `serial` numbers the first of them. */
  cellsOf(population: Population, village: Village, day: DayNumber, hand: Hand, serial: number): Iterable<CellValue[]>;
}

function anyForm<Row>(id: FormId, form: Form<Row>): AnyForm {
  const { columns } = form;
  return {
    id,
    kind: form.kind,
    title: form.title,
    columns,
    *cellsOf(population, village, on, hand, serial) {
      for (const row of form.rowsOf(population, village, on)) {
        const cells: CellValue[] = [];
        for (const { value } of columns) cells.push(value(row, hand, serial));
        serial++;
        yield cells;
      }
    },
  };
}

/** A kind's usual table, or the list of one group: `group:veteran`. */
export type FormId = FormKind | `group:${GroupId}`;

const forms: Readonly<Record<FormId, AnyForm>> = {
  "work-ledger": anyForm("work-ledger", workLedger),
  "post-roster": anyForm("post-roster", postRoster),
  "assisted-list": anyForm("assisted-list", assistedList),
  "social-insurance": anyForm("social-insurance", socialInsurance),
  payroll: anyForm("payroll", payroll),
  "contract-filing": anyForm("contract-filing", contractFiling),
  ...(Object.fromEntries(
    groupIds.map((group) => [`group:${group}`, anyForm(`group:${group}`, groupList(group))]),
  ) as Record<`group:${GroupId}`, AnyForm>),
};

export function formOf(id: FormId): AnyForm {
  return forms[id];
}
