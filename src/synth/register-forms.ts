import { dayIn, type DayNumber } from "./calendar.ts";
import { hasEnded, type Spell } from "./career.ts";
import { column, personColumns, type Form } from "./form.ts";
import type { Population, Standing } from "./population.ts";
import {
  contractsOf,
  contributionsOf,
  wagePaymentOf,
  type ContractTerm,
  type Contribution,
  type WagePayment,
} from "./registers.ts";
import { lastWholeMonth } from "./registry-rows.ts";
import type { Village } from "./territory.ts";

/** A person with one of the spells that the registers of other departments speak of. */
interface SpellRow {
  readonly standing: Standing;
  readonly spell: Spell;
}

interface ContributionRow extends SpellRow {
  readonly contribution: Contribution;
}
const insured = personColumns<ContributionRow>(({ standing }) => standing);
const insuranceStatusWords = { paid: "已缴费", deferred: "缓缴", owed: "欠缴" } as const;

export const socialInsurance: Form<ContributionRow> = {
  kind: "social-insurance",
  title: "企业职工社会保险缴费明细",
  columns: [
    insured.serial,
    insured.name,
    insured.identity,
    column("参保单位", 28, ({ spell }) => spell.employer.name),
    column("统一社会信用代码", 21, ({ spell }) => spell.employer.creditCode),
    column("险种", 22, ({ contribution }) => contribution.kind),
    column("费款所属期", 12, ({ contribution }, hand) => hand.month(dayIn(contribution.month, 1))),
    column("缴费基数（元）", 13, ({ contribution }) => contribution.baseFen / 100),
    column("单位缴费（元）", 13, ({ contribution }) => contribution.employerPartFen / 100),
    column("个人缴费（元）", 13, ({ contribution }) => contribution.personPartFen / 100),
    column("缴费状态", 10, ({ contribution }) => insuranceStatusWords[contribution.status]),
    column("参保地", 24, ({ spell: { place } }) => place.province + place.prefecture + place.county),
  ],
  *rowsOf(population, village, on) {
    const month = lastWholeMonth(on);
    for (const row of spellsOf(population, village, on)) {
      for (const contribution of contributionsOf(row.spell, row.standing.person, month)) yield { ...row, contribution };
    }
  },
};

interface WageRow extends SpellRow {
  readonly payment: WagePayment;
}
const paid = personColumns<WageRow>(({ standing }) => standing);

export const payroll: Form<WageRow> = {
  kind: "payroll",
  title: "职工工资发放表",
  columns: [
    paid.serial,
    paid.name,
    paid.identity,
    column("单位名称", 28, ({ spell }) => spell.employer.name),
    column("统一社会信用代码", 21, ({ spell }) => spell.employer.creditCode),
    column("所属月份", 12, ({ payment }, hand) => hand.month(dayIn(payment.month, 1))),
    column("工作岗位", 12, ({ spell }) => spell.occupation),
    column("实发工资（元）", 13, ({ payment }) => payment.amountFen / 100),
    column("发放日期", 12, ({ payment }, hand) => hand.day(payment.paidOn)),
    column("发放方式", 11, ({ payment }) => payment.method),
    column("备注", 10, () => ""),
  ],
  *rowsOf(population, village, on) {
    const month = lastWholeMonth(on);
    for (const row of spellsOf(population, village, on)) {
      const payment = wagePaymentOf(row.spell, row.standing.person, month);
      if (payment !== null) yield { ...row, payment };
    }
  },
};

interface ContractFilingRow extends SpellRow {
  readonly term: ContractTerm;
}
const contracted = personColumns<ContractFilingRow>(({ standing }) => standing);

export const contractFiling: Form<ContractFilingRow> = {
  kind: "contract-filing",
  title: "劳动合同备案表",
  columns: [
    contracted.serial,
    contracted.name,
    contracted.sex,
    contracted.identity,
    column("用人单位", 28, ({ spell }) => spell.employer.name),
    column("统一社会信用代码", 21, ({ spell }) => spell.employer.creditCode),
    column("合同类型", 12, ({ term }) => term.kind),
    column("合同起始日期", 13, ({ term }, hand) => hand.day(term.start)),
    column("合同终止日期", 13, ({ term }, hand) => hand.day(term.end)),
    column("签订日期", 12, ({ term }, hand) => hand.day(term.signedOn)),
    column("月工资（元）", 11, ({ term }) => term.monthlyWage),
    column("备注", 10, () => ""),
  ],
  /** Contracts that begin in the last whole month or since. */
  *rowsOf(population, village, on) {
    const from = dayIn(lastWholeMonth(on), 1);
    for (const row of spellsOf(population, village, on)) {
      for (const term of contractsOf(row.spell, row.standing.person, on))
        if (term.start >= from) yield { ...row, term };
    }
  },
};

/** The people of a village with the spells that reach into the last whole month or later. */
function* spellsOf(population: Population, village: Village, on: DayNumber): Generator<SpellRow> {
  const from = dayIn(lastWholeMonth(on), 1);
  for (const standing of population.listedIn(village, on)) {
    for (const spell of population.spellsUntil(on, standing)) if (!hasEnded(spell, from)) yield { standing, spell };
  }
}
