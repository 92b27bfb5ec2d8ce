import {
  countDays,
  dayFromCount,
  dayIn,
  daysInMonth,
  monthOfDay,
  type DayNumber,
  type MonthNumber,
} from "./calendar.ts";
import { wageAt, type Spell } from "./career.ts";
import type { Person } from "./person.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice } from "./random.ts";

/** What other systems than the ledger know of a spell: contracts on file, contributions and wages month by month. */

export interface ContractTerm {
  readonly start: DayNumber;
  readonly end: DayNumber;
  readonly kind: string;
  readonly signedOn: DayNumber;
  readonly monthlyWage: number;
}

const TERM_YEARS: Choice<number> = choice([
  [1, 38],
  [2, 27],
  [3, 35],
]);

/** Contracts that ended before are on no file. */
const FILED_SINCE: DayNumber = 20210101;
/** Workers whom their employer has forgotten: what checks of contracts and contributions are to find. */
const WITHOUT_CONTRACT = 0.003;
const WITHOUT_INSURANCE = 0.002;

/**
 * Contracts of a spell on file by the day, one after another for as long as it lasts: of all who work for an employer that files, but for
 * a few. A public post is contracted for one year at a time.
 */
export function* contractsOf(spell: Spell, person: Person, day: DayNumber): Generator<ContractTerm> {
  const { random } = person;
  const post = spell.form.id === "welfare-post";
  if (spell.employer.onFile === "nothing") return;
  if (!post && random.chance(WITHOUT_CONTRACT, purpose.contract, spell.epoch)) return;
  const years = post ? 1 : random.pick(TERM_YEARS, purpose.contractYears, spell.epoch);
  for (let start = spell.start; start <= Math.min(day, spell.end);) {
    const next = yearsLater(start, years);
    if (next > FILED_SINCE) {
      const signedOn = dayFromCount(countDays(start) - random.below(8, purpose.signedBefore, spell.epoch));
      yield { start, end: dayFromCount(countDays(next) - 1), kind: "固定期限", signedOn, monthlyWage: spell.firstWage };
    }
    start = next;
  }
}

function yearsLater(day: DayNumber, years: number): DayNumber {
  const month = monthOfDay(day) + years * 12;
  return dayIn(month, Math.min(day % 100, daysInMonth(month)));
}

const INSURANCE_KINDS = ["企业职工基本养老保险", "失业保险", "工伤保险", "医疗保险"] as const;
export type InsuranceKind = (typeof INSURANCE_KINDS)[number];

/** Employer's and person's parts in 1/10,000 of the base. */
const RATES: Readonly<Record<InsuranceKind, readonly [number, number]>> = {
  企业职工基本养老保险: [1600, 800],
  失业保险: [70, 30],
  工伤保险: [50, 0],
  医疗保险: [800, 200],
};
/** Who works flexibly pays alone, and more (灵活就业人员参保); nobody insures them against unemployment or injury. */
const OWN_RATES: Readonly<Partial<Record<InsuranceKind, number>>> = { 企业职工基本养老保险: 2000, 医疗保险: 800 };
const LOWEST_BASE = 3945;
const NO_KINDS: readonly InsuranceKind[] = [];
const OWN_KINDS: readonly InsuranceKind[] = ["企业职工基本养老保险", "医疗保险"];
const isFlexible = (spell: Spell) => spell.form.id === "flexible" || spell.form.id === "new-form";
/** Share of the flexibly employed who insure themselves; estimate. */
const OWN_INSURED = 0.18;

export interface Contribution {
  readonly month: MonthNumber;
  readonly kind: InsuranceKind;
  readonly baseFen: number;
  readonly employerPartFen: number;
  readonly personPartFen: number;
  readonly status: "paid" | "deferred" | "owed";
}

export function insuredKinds(spell: Spell, person: Person): readonly InsuranceKind[] {
  const { random } = person;
  const insured = isFlexible(spell)
    ? random.chance(OWN_INSURED, purpose.insured, spell.epoch)
    : spell.employer.onFile === "all" && !random.chance(WITHOUT_INSURANCE, purpose.insured, spell.epoch);
  if (!insured) return NO_KINDS;
  const whole = random.chance(0.6, purpose.insuredKinds, spell.epoch);
  if (isFlexible(spell)) return whole ? OWN_KINDS : [OWN_KINDS[0]!];
  return whole ? INSURANCE_KINDS : [INSURANCE_KINDS[2]];
}

/** Contributions of one month, which the person worked at least a day of. */
export function contributionsOf(spell: Spell, person: Person, month: MonthNumber): Contribution[] {
  if (month < spell.firstMonth || month > spell.lastMonth) return [];
  return insuredKinds(spell, person).map((kind) => {
    const base = Math.max(LOWEST_BASE, wageAt(month, spell, person));
    const [employer, own] = isFlexible(spell) ? [0, OWN_RATES[kind]!] : RATES[kind];
    const owed = person.random.chance(0.008, purpose.insuranceOwed, month);
    return {
      month,
      kind,
      baseFen: base * 100,
      employerPartFen: Math.round((base * employer) / 100),
      personPartFen: Math.round((base * own) / 100),
      status: owed ? "owed" : "paid",
    };
  });
}

export interface WagePayment {
  readonly month: MonthNumber;
  readonly amountFen: number;
  readonly paidOn: DayNumber;
  readonly method: string;
}

const PAY_METHODS: Choice<string> = choice([
  ["银行代发", 88],
  ["现金", 7],
  ["微信转账", 5],
]);

/** The wage of a whole month of work, paid in the last days of it; null for those who have no employer to pay one. */
export function wagePaymentOf(spell: Spell, person: Person, month: MonthNumber): WagePayment | null {
  const { id } = spell.form;
  if (
    id === "flexible" ||
    id === "new-form" ||
    id === "startup" ||
    month <= spell.firstMonth ||
    month >= spell.lastMonth
  )
    return null;
  const contributions = contributionsOf(spell, person, month).reduce(
    (sum, { personPartFen }) => sum + personPartFen,
    0,
  );
  const overtime = id === "welfare-post" ? 0 : person.random.below(9, purpose.attendance, month) * 5000 - 15_000;
  return {
    month,
    amountFen: Math.max(80_000, wageAt(month, spell, person) * 100 + overtime - contributions),
    paidOn: dayIn(month, 25 + person.random.below(4, purpose.payDay, spell.epoch)),
    method: person.random.pick(PAY_METHODS, purpose.payMethod, spell.epoch),
  };
}
