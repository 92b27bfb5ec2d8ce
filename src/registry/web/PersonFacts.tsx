import { useState, type ReactNode } from "react";
import { Button } from "antd";
import { Link, useSession } from "../../ui/index.ts";
import {
  accessGroundLabels,
  education,
  ethnicity,
  health,
  labelOfId,
  labelOfNumber,
  labourCapacity,
  maritalStatus,
  sex,
  type PersonPage,
} from "../contract.ts";
import { lastJob } from "./person-words.ts";
import { PersonNumber } from "./PersonNumber.tsx";
import { FactList } from "./FactList.tsx";
import css from "./PersonFacts.module.css";

interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** The few facts that the officer's first question is about, and the rest on demand. */
export function PersonFacts({ page }: { page: PersonPage }) {
  const [all, setAll] = useState(false);
  const { businessDate } = useSession();
  const { person, household } = page;
  const wishes = [wish(person.jobWilling, "就业"), wish(person.trainingWilling, "培训")].filter(
    (words) => words !== null,
  );
  const first: Fact[] = [
    {
      label: "证件号码",
      value: <PersonNumber personId={person.personId} field="identity" mask={person.identityMask} />,
    },
    {
      label: "性别、年龄",
      value: `${labelOfNumber(sex, person.sex) || "未知"}　${person.age === null ? "未知" : `${person.age} 岁`}`,
    },
    { label: "户籍村", value: <span title={person.home.fullName}>{person.home.name}</span> },
    {
      label: "家庭",
      value: household ? (
        <Link to={`/households/${household.householdId}`}>
          {household.members} 人，劳力 {household.labourers} 人
        </Link>
      ) : (
        "未登记"
      ),
    },
    { label: "最近务工", value: lastJob(page.employments, businessDate) },
    { label: "意愿", value: wishes.length > 0 ? wishes.join("、") : "未填" },
  ];
  const rest: Fact[] = [
    { label: "出生日期", value: person.birthDate ?? "未知" },
    { label: "民族", value: labelOfNumber(ethnicity, person.ethnicity) || "未填" },
    { label: "文化程度", value: labelOfNumber(education, person.education) || "未填" },
    { label: "婚姻状况", value: labelOfNumber(maritalStatus, person.maritalStatus) || "未填" },
    { label: "劳动能力", value: labelOfId(labourCapacity, person.labourCapacity) || "未填" },
    { label: "健康状况", value: labelOfId(health, person.health) || "未填" },
    { label: "与户主关系", value: person.relationToHead ?? "未填" },
    { label: "常住地", value: person.residence?.fullName ?? "未填" },
    { label: "住址", value: person.address ?? "未填" },
    { label: "技能", value: person.skills ?? "未填" },
    { label: "意向岗位", value: [person.desiredRegion, person.desiredJob].filter(Boolean).join(" ") || "未填" },
    { label: "联系电话", value: <PersonNumber personId={person.personId} field="phone" mask={person.phoneMask} /> },
    {
      label: "银行账号",
      value: <PersonNumber personId={person.personId} field="bank-account" mask={person.bankMask} />,
    },
    { label: "另有可见地区", value: grounds(page) },
    { label: "曾用证号", value: page.identityKeys > 1 ? `${page.identityKeys - 1} 个` : "无" },
  ];
  return (
    <FactList facts={all ? [...first, ...rest] : first}>
      <div className={css["more"]}>
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "收起" : "全部信息"}
        </Button>
      </div>
    </FactList>
  );
}

function wish(value: boolean | null, what: string): string | null {
  return value === null ? null : `${value ? "愿" : "不愿"}${what}`;
}

function grounds(page: PersonPage): string {
  const current = page.grounds.filter((one) => one.validTo === null);
  return current.length === 0
    ? "无"
    : current.map((one) => `${one.region.name}（${accessGroundLabels[one.ground]}）`).join("、");
}
