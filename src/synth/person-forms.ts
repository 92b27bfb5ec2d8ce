import { monthOfDay } from "./calendar.ts";
import type { Spell } from "./career.ts";
import { column, personColumns, spellDay, type Column, type Form } from "./form.ts";
import { groupLabel, membershipsOf, perCapitaIncome, riskOf, type GroupId, type Membership } from "./groups.ts";
import type { Hand } from "./hands.ts";
import { bankAccount } from "./numbers.ts";
import type { Standing } from "./population.ts";
import { contractsOf, type ContractTerm } from "./registers.ts";

const p = personColumns<Standing>((row) => row);

export const workLedger: Form<Standing> = {
  kind: "work-ledger",
  title: "脱贫人口（含监测对象）务工情况台账",
  columns: [
    p.serial,
    p.prefecture,
    p.county,
    p.town,
    p.village,
    p.headName,
    p.householdNo,
    p.name,
    p.sex,
    p.identity,
    p.birthDate,
    p.ethnicity,
    p.education,
    p.category,
    p.relation,
    p.labour,
    p.health,
    p.phone,
    column("是否务工", 9, ({ working }) => (working ? "是" : "否")),
    column("省", 14, ({ spell }) => spell?.place.province ?? "", { group: "务工地点", flatHeader: "务工省" }),
    column("市", 12, ({ spell }) => spell?.place.prefecture ?? "", { group: "务工地点", flatHeader: "务工市" }),
    column("县", 12, ({ spell }) => spell?.place.county ?? "", { group: "务工地点", flatHeader: "务工县" }),
    column("务工单位", 26, ({ spell }) => spell?.employer.name ?? ""),
    column("从事行业", 16, ({ spell }) => spell?.industry.word ?? ""),
    column("工种", 12, ({ spell }) => spell?.occupation ?? ""),
    column("就业形式", 12, ({ spell }) => spell?.form.word ?? ""),
    column("务工渠道", 18, ({ spell }) => spell?.channel.word ?? ""),
    column("开始务工时间", 14, ({ spell }, hand) => (spell === null ? "" : spellDay(hand, spell, spell.start))),
    column("结束务工时间", 14, ({ spell, working }, hand) =>
      spell === null || working ? "" : spellDay(hand, spell, spell.end),
    ),
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
    post.serial,
    post.county,
    post.town,
    post.village,
    post.name,
    post.sex,
    post.identity,
    post.category,
    post.labour,
    column("岗位名称", 14, ({ spell }) => spell.occupation),
    column("用人单位", 24, ({ spell }) => spell.employer.name),
    column("上岗时间", 12, ({ spell }, hand) => spellDay(hand, spell, spell.start)),
    column("合同期限", 24, ({ standing, spell }, hand) =>
      termText(contractsOf(spell, standing.person, standing.day), hand),
    ),
    column("退岗时间", 12, ({ standing, spell }, hand) => (standing.working ? "" : spellDay(hand, spell, spell.end))),
    column("月补贴标准（元）", 14, ({ standing }) => standing.wage),
    post.phone,
    column("银行账号", 22, ({ standing }) => bankAccount(standing.person.random)),
    post.remark,
  ],
  /** Those on post, and those who left it this month. */
  *rowsOf(population, village, on) {
    for (const standing of population.listedIn(village, on)) {
      const { spell } = standing;
      if (spell?.form.id === "welfare-post" && (standing.working || monthOfDay(spell.end) === monthOfDay(on)))
        yield { standing, spell };
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
  member.serial,
  member.prefecture,
  member.county,
  member.town,
  member.village,
  member.headName,
  member.householdNo,
  column("家庭人口数", 11, ({ standing: { household } }) => household.size + household.dependants),
  member.name,
  member.sex,
  member.identity,
  member.ethnicity,
  member.education,
  member.relation,
  column("人员类别", 16, ({ membership }) =>
    membership.category === "monitored" ? membership.detail : membership.word,
  ),
  column("识别（纳入）时间", 15, ({ membership: { from, fromPrecision } }, hand) =>
    fromText(from, fromPrecision, hand),
  ),
  column("风险消除时间", 13, ({ membership }, hand) =>
    membership.to === null ? "" : hand.day(Number(membership.to.replaceAll("-", ""))),
  ),
  column("致贫返贫风险", 13, ({ standing }) => riskOf(standing)),
  column("类别说明", 14, ({ membership }) => (membership.category === "monitored" ? "" : membership.detail)),
  member.labour,
  member.health,
  member.phone,
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

export function groupList(group: GroupId): Form<MembershipRow> {
  return {
    kind: "assisted-list",
    title: `${groupLabel(group)}名单`,
    columns: assistedColumns,
    *rowsOf(population, village, on) {
      for (const standing of population.listedIn(village, on)) {
        for (const membership of membershipsOf(standing))
          if (membership.category === group) yield { standing, membership };
      }
    },
  };
}
