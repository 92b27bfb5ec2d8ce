import {
  Answer,
  Card,
  DataTable,
  EmptyState,
  MoneyText,
  PageHeader,
  StatusTag,
  usePathPart,
  useRoute,
} from "../../ui/index.ts";
import {
  getHousehold,
  householdType,
  labelOfId,
  labelOfNumber,
  labourCapacity,
  sex,
  workStateLabels,
} from "../contract.ts";
import { categoryLabel, workStateTones } from "./words.ts";
import { FactList } from "./FactList.tsx";
import stack from "./stack.module.css";

export default function HouseholdPage() {
  const householdId = usePathPart("householdId");
  const query = useRoute(getHousehold, { householdId });
  return (
    <Answer query={query}>
      {(page) => {
        const title = page.headName ? `${page.headName}家` : `户 ${page.householdNo}`;
        const facts = [
          { label: "户编号", value: page.householdNo },
          { label: "户籍地", value: <span title={page.home.fullName}>{page.home.name}</span> },
          { label: "家庭类型", value: labelOfId(householdType, page.kind) || "未登记" },
          {
            label: "人均纯收入",
            value: page.perCapitaIncomeFen === null ? "未登记" : <MoneyText fen={page.perCapitaIncomeFen} />,
          },
          { label: "安置点", value: page.relocationSite ?? "无" },
          { label: "来源", value: `${page.sourceLabel} ${page.recordedOn}` },
        ];
        return (
          <>
            <PageHeader
              title={title}
              crumbs={[
                { label: "人员与家庭", path: "/persons" },
                { label: page.home.name, path: `/persons?region=${page.home.code}` },
                { label: title },
              ]}
              note={`${page.members.length} 人，${page.members.filter((member) => member.workState === "working").length} 人在务工`}
            />
            <div className={stack["stack"]}>
              <FactList facts={facts} />
              <Card title="家庭成员" note="户主在前，其余按年龄">
                <DataTable
                  caption="家庭成员"
                  rows={page.members}
                  rowKey={(row) => row.personId}
                  rowPath={(row) => `/persons/${row.personId}`}
                  columns={[
                    { key: "name", title: "姓名", width: 100, fixed: true, render: (row) => row.name },
                    { key: "relation", title: "与户主关系", width: 110, render: (row) => row.relationToHead ?? "" },
                    { key: "sex", title: "性别", width: 60, render: (row) => labelOfNumber(sex, row.sex) },
                    { key: "age", title: "年龄", width: 60, align: "right", render: (row) => row.age ?? "" },
                    { key: "identity", title: "证件号码", width: 170, render: (row) => row.identityMask },
                    {
                      key: "capacity",
                      title: "劳动能力",
                      width: 110,
                      render: (row) => labelOfId(labourCapacity, row.labourCapacity),
                    },
                    {
                      key: "categories",
                      title: "身份类别",
                      render: (row) => row.categories.map(categoryLabel).join("、"),
                    },
                    {
                      key: "work",
                      title: "务工",
                      width: 90,
                      render: (row) => (
                        <StatusTag tone={workStateTones[row.workState]}>{workStateLabels[row.workState]}</StatusTag>
                      ),
                    },
                    { key: "employer", title: "务工单位", render: (row) => row.employerName ?? "" },
                  ]}
                  empty={<EmptyState title="这一户没有在册成员" />}
                />
              </Card>
            </div>
          </>
        );
      }}
    </Answer>
  );
}
