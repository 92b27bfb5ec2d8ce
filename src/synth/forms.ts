import { dayIn, monthOfDay, type DayNumber } from "./calendar.ts";
import { hasEnded, type Spell } from "./career.ts";
import { categoryWords, membershipsOf, perCapitaIncome, riskOf, type Membership } from "./groups.ts";
import type { Hand } from "./hands.ts";
import { bankAccount } from "./numbers.ts";
import type { Population, Standing } from "./population.ts";
import { purpose } from "./purposes.ts";
import { contractsOf, contributionsOf, wagePaymentOf, type ContractTerm, type Contribution, type WagePayment } from "./registers.ts";
import { lastWholeMonth } from "./registry-rows.ts";
import type { Village } from "./territory.ts";

/** The tables that offices hand over, by the ledger's kinds. */
export const formKinds = ["work-ledger", "post-roster", "assisted-list", "social-insurance", "payroll", "contract-filing"] as const;
export type FormKind = (typeof formKinds)[number];

export type CellValue = string | number | null;

export interface Column<Row> {
  /** In a workbook; stands under `group` where there is one. */
  readonly header: string;
  readonly group?: string;
  /** In files with one header line, where `header` alone would not say enough. */
  readonly flatHeader?: string;
  /** Characters. */
  readonly width: number;
  value(row: Row, hand: Hand, serial: number): CellValue;
}

export interface Form<Row> {
  readonly kind: FormKind;
  /** 脱贫人口（含监测对象）务工情况台账 */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  /** The table's rows about the people of one village. */
  rowsOf(population: Population, village: Village, day: DayNumber): Iterable<Row>;
}

type Value<Row> = Column<Row>["value"];

function column<Row>(header: string, width: number, value: Value<Row>, more: Pick<Column<Row>, "group" | "flatHeader"> = {}): Column<Row> {
  return { header, width, value, ...more };
}

const sexWords = { male: "男", female: "女" } as const;

/** Columns about the person that every table shares, for rows that know their standing. */
function personColumns<Row>(of: (row: Row) => Standing) {
  return {
    serial: column<Row>("序号", 6, (_row, _hand, serial) => serial),
    prefecture: column<Row>("市州", 16, (row) => of(row).village.county.prefecture),
    county: column<Row>("县市区", 10, (row) => of(row).village.county.name),
    town: column<Row>("乡镇", 10, (row) => of(row).village.town),
    village: column<Row>("行政村", 12, (row) => of(row).village.name),
    headName: column<Row>("户主姓名", 10, (row) => of(row).household.headName),
    householdNo: column<Row>("户编号", 15, (row) => of(row).household.number),
    name: column<Row>("姓名", 10, (row) => of(row).person.name),
    sex: column<Row>("性别", 6, (row) => sexWords[of(row).person.sex]),
    identity: column<Row>("身份证号", 21, (row) => of(row).person.identityNumber),
    birthDate: column<Row>("出生日期", 12, (row, hand) => hand.day(of(row).person.birth)),
    ethnicity: column<Row>("民族", 8, (row) => of(row).household.ethnicity.word),
    education: column<Row>("文化程度", 10, (row) => of(row).person.education.word),
    category: column<Row>("人员类别", 14, (row) => categoryWords[of(row).category]),
    relation: column<Row>("与户主关系", 11, (row) => of(row).person.relation),
    labour: column<Row>("劳动能力", 12, (row) => of(row).person.labour.word),
    health: column<Row>("健康状况", 11, (row) => of(row).person.health.word),
    phone: column<Row>("联系电话", 13, (row) => of(row).phone),
    remark: column<Row>("备注", 12, (row) => (of(row).household.relocatedIn === null ? "" : "易地搬迁户")),
  };
}

const day = (hand: Hand, spell: Spell, on: DayNumber) => (spell.monthOnly ? hand.month(on) : hand.day(on));
const p = personColumns<Standing>((row) => row);

export const workLedger: Form<Standing> = {
  kind: "work-ledger",
  title: "脱贫人口（含监测对象）务工情况台账",
  columns: [
    p.serial, p.prefecture, p.county, p.town, p.village, p.headName, p.householdNo, p.name, p.sex, p.identity, p.birthDate, p.ethnicity, p.education, p.category, p.relation, p.labour, p.health, p.phone,
    column("是否务工", 9, ({ working }) => (working ? "是" : "否")),
    column("省", 14, ({ spell }) => spell?.place.province ?? "", { group: "务工地点", flatHeader: "务工省" }),
    column("市", 12, ({ spell }) => spell?.place.prefecture ?? "", { group: "务工地点", flatHeader: "务工市" }),
    column("县", 12, ({ spell }) => spell?.place.county ?? "", { group: "务工地点", flatHeader: "务工县" }),
    column("务工单位", 26, ({ spell }) => spell?.employer.name ?? ""),
    column("从事行业", 16, ({ spell }) => spell?.industry.word ?? ""),
    column("工种", 12, ({ spell }) => spell?.occupation ?? ""),
    column("就业形式", 12, ({ spell }) => spell?.form.word ?? ""),
    column("务工渠道", 18, ({ spell }) => spell?.channel.word ?? ""),
    column("开始务工时间", 14, ({ spell }, hand) => (spell === null ? "" : day(hand, spell, spell.start))),
    column("结束务工时间", 14, ({ spell, working }, hand) => (spell === null || working ? "" : day(hand, spell, spell.end))),
    column("月工资（元）", 11, ({ wage }) => wage),
    column("就业意愿", 9, ({ jobWilling }) => (jobWilling ? "有" : "无")),
    column("培训意愿", 9, ({ trainingWilling }) => (trainingWilling ? "有" : "无")),
    p.remark,
  ],
  rowsOf: (population, village, on) => population.listedIn(village, on),
};

interface PostRow {
  readonly standing: Standing;
  readonly spell: Spell;
}
const post = personColumns<PostRow>(({ standing }) => standing);

export const postRoster: Form<PostRow> = {
  kind: "post-roster",
  title: "乡村公益性岗位在岗人员花名册",
  columns: [
    post.serial, post.county, post.town, post.village, post.name, post.sex, post.identity, post.category, post.labour,
    column("岗位名称", 14, ({ spell }) => spell.occupation),
    column("用人单位", 24, ({ spell }) => spell.employer.name),
    column("上岗时间", 12, ({ spell }, hand) => day(hand, spell, spell.start)),
    column("合同期限", 24, ({ standing, spell }, hand) => termText(contractsOf(spell, standing.person, standing.day), hand)),
    column("退岗时间", 12, ({ standing, spell }, hand) => (standing.working ? "" : day(hand, spell, spell.end))),
    column("月补贴标准（元）", 14, ({ standing }) => standing.wage),
    post.phone,
    column("银行账号", 22, ({ standing }) => bankAccount(standing.person.random, purpose.bank)),
    post.remark,
  ],
  /** Those on post, and those who left it this month. */
  *rowsOf(population, village, on) {
    for (const standing of population.listedIn(village, on)) {
      const { spell } = standing;
      if (spell?.form.id === "welfare-post" && (standing.working || monthOfDay(spell.end) === monthOfDay(on))) yield { standing, spell };
    }
  },
};

function termText(terms: Iterable<ContractTerm>, hand: Hand): string {
  const last = [...terms].at(-1);
  return last === undefined ? "" : `${hand.day(last.start)}至${hand.day(last.end)}`;
}

interface MembershipRow {
  readonly standing: Standing;
  readonly membership: Membership;
}
const member = personColumns<MembershipRow>(({ standing }) => standing);

const assistedColumns: readonly Column<MembershipRow>[] = [
  member.serial, member.prefecture, member.county, member.town, member.village, member.headName, member.householdNo,
  column("家庭人口数", 11, ({ standing: { household } }) => household.size + household.dependants),
  member.name, member.sex, member.identity, member.ethnicity, member.education, member.relation,
  column("人员类别", 16, ({ membership }) => (membership.category === "monitored" ? membership.detail : membership.word)),
  column("识别（纳入）时间", 15, ({ membership: { from, fromPrecision } }, hand) => fromText(from, fromPrecision, hand)),
  column("风险消除时间", 13, ({ membership }, hand) => (membership.to === null ? "" : hand.day(Number(membership.to.replaceAll("-", ""))))),
  column("致贫返贫风险", 13, ({ standing }) => riskOf(standing)),
  column("类别说明", 14, ({ membership }) => (membership.category === "monitored" ? "" : membership.detail)),
  member.labour, member.health, member.phone,
  column("家庭人均纯收入（元）", 18, ({ standing }) => perCapitaIncome(standing)),
  member.remark,
];

function fromText(from: string, precision: Membership["fromPrecision"], hand: Hand): string {
  const number = Number(from.replaceAll("-", ""));
  return precision === "day" ? hand.day(number) : hand.month(number);
}

/** Everybody on the lists under what puts them there: monitored while they are, else lifted out of poverty. */
export const assistedList: Form<MembershipRow> = {
  kind: "assisted-list",
  title: "脱贫人口（含监测对象）名单",
  columns: assistedColumns,
  *rowsOf(population, village, on) {
    for (const standing of population.listedIn(village, on)) {
      const memberships = membershipsOf(standing);
      const watched = memberships.find(({ category, to }) => category === "monitored" && to === null);
      const membership = watched ?? memberships.find(({ category }) => category === "lifted-from-poverty");
      if (membership !== undefined) yield { standing, membership };
    }
  },
};

/** The list of one further group, by its dictionary id: relocated, disabled-rural, rain-dew-graduate, veteran … */
export function groupList(category: string, word: string): Form<MembershipRow> {
  return {
    kind: "assisted-list",
    title: `${word}名单`,
    columns: assistedColumns,
    *rowsOf(population, village, on) {
      for (const standing of population.listedIn(village, on)) {
        for (const membership of membershipsOf(standing)) if (membership.category === category) yield { standing, membership };
      }
    },
  };
}

interface ContributionRow extends PostRow {
  readonly contribution: Contribution;
}
const insured = personColumns<ContributionRow>(({ standing }) => standing);
const insuranceStatusWords = { paid: "已缴费", deferred: "缓缴", owed: "欠缴" } as const;

export const socialInsurance: Form<ContributionRow> = {
  kind: "social-insurance",
  title: "企业职工社会保险缴费明细",
  columns: [
    insured.serial, insured.name, insured.identity,
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

interface WageRow extends PostRow {
  readonly payment: WagePayment;
}
const paid = personColumns<WageRow>(({ standing }) => standing);

export const payroll: Form<WageRow> = {
  kind: "payroll",
  title: "职工工资发放表",
  columns: [
    paid.serial, paid.name, paid.identity,
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

interface ContractFilingRow extends PostRow {
  readonly term: ContractTerm;
}
const contracted = personColumns<ContractFilingRow>(({ standing }) => standing);

export const contractFiling: Form<ContractFilingRow> = {
  kind: "contract-filing",
  title: "劳动合同备案表",
  columns: [
    contracted.serial, contracted.name, contracted.sex, contracted.identity,
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
      for (const term of contractsOf(row.spell, row.standing.person, on)) if (term.start >= from) yield { ...row, term };
    }
  },
};

/** The people of a village with the spells that reach into the last whole month or later. */
function* spellsOf(population: Population, village: Village, on: DayNumber): Generator<PostRow> {
  const from = dayIn(lastWholeMonth(on), 1);
  for (const standing of population.listedIn(village, on)) {
    for (const spell of population.spellsUntil(on, standing)) if (!hasEnded(spell, from)) yield { standing, spell };
  }
}

/** A form whatever its rows are, for code that only passes them on. */
export interface AnyForm {
  readonly kind: FormKind;
  readonly title: string;
  readonly columns: readonly Pick<Column<never>, "header" | "group" | "flatHeader" | "width">[];
  /** The cells of the village's rows; `serial` numbers the first of them. */
  cellsOf(population: Population, village: Village, day: DayNumber, hand: Hand, serial: number): Iterable<CellValue[]>;
}

function anyForm<Row>(form: Form<Row>): AnyForm {
  const { columns } = form;
  return {
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

export const forms: Readonly<Record<FormKind, AnyForm>> = {
  "work-ledger": anyForm(workLedger),
  "post-roster": anyForm(postRoster),
  "assisted-list": anyForm(assistedList),
  "social-insurance": anyForm(socialInsurance),
  payroll: anyForm(payroll),
  "contract-filing": anyForm(contractFiling),
};

export function groupForm(category: string, word: string): AnyForm {
  return anyForm(groupList(category, word));
}
