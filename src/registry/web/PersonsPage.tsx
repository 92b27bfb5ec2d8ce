import { Button } from "antd";
import { DateText, Link, PageHeader, Card, ServerTable, StatusTag, useGo, type Filter } from "../../ui/index.ts";
import {
  exportPersons,
  labelOfId,
  labelOfNumber,
  labourCapacity,
  listPersons,
  personCategory,
  registryPermissions,
  sex,
  workStateLabels,
  workStates,
} from "../contract.ts";
import { OneLine } from "./OneLine.tsx";
import { categoryLabel, categoryWords, idOptions, willing, willingOptions, workStateTones } from "./words.ts";

const filters: readonly Filter[] = [
  { kind: "region", name: "region", label: "户籍地" },
  { kind: "text", name: "name", label: "姓名", width: 96 },
  { kind: "choice", name: "categories", label: "身份类别", many: true, width: 140, options: idOptions(personCategory) },
  {
    kind: "choice",
    name: "workStates",
    label: "务工",
    many: true,
    width: 110,
    options: workStates.map((value) => ({ value, label: workStateLabels[value] })),
  },
  {
    kind: "choice",
    name: "labourCapacities",
    label: "劳动能力",
    many: true,
    width: 120,
    options: idOptions(labourCapacity),
  },
  { kind: "choice", name: "jobWilling", label: "就业意愿", width: 100, options: willingOptions },
  { kind: "choice", name: "trainingWilling", label: "培训意愿", width: 100, options: willingOptions },
  { kind: "number", name: "ageFrom", label: "年龄从", unit: "岁" },
  { kind: "number", name: "ageTo", label: "至", unit: "岁" },
];

/** The columns' keys are the words of the address and of the export; the route names two of its orders otherwise. */
const orders: Readonly<Record<string, string>> = { home: "region", recordedOn: "recorded", name: "name", age: "age" };

export default function PersonsPage() {
  const go = useGo();
  return (
    <>
      <PageHeader
        title="人员与家庭"
        crumbs={[{ label: "人员与家庭" }]}
        actions={<Button onClick={() => go("/persons/elsewhere")}>外来人员</Button>}
      />
      <Card>
        <ServerTable
          name="registry.persons"
          caption="人员名单"
          route={listPersons}
          rowKey={(row) => row.personId}
          rowPath={(row) => `/persons/${row.personId}`}
          filters={filters}
          defaultSort="home"
          sortInput={(key, descending) => ({ sort: orders[key] ?? "region", descending: String(descending) })}
          exportRoute={exportPersons}
          exportWith={{ purpose: true, columns: true, wholeNumbers: registryPermissions.unmask }}
          columns={[
            { key: "name", title: "姓名", width: 92, fixed: true, sort: true, render: (row) => row.name },
            { key: "sex", title: "性别", width: 52, render: (row) => labelOfNumber(sex, row.sex) },
            { key: "age", title: "年龄", width: 60, align: "right", sort: true, render: (row) => row.age ?? "" },
            { key: "identity", title: "证件号码", width: 164, render: (row) => row.identityMask },
            {
              key: "home",
              title: "户籍村",
              width: 150,
              sort: true,
              render: (row) => <OneLine text={row.home.name} hint={row.home.fullName} />,
            },
            {
              key: "categories",
              title: "身份类别",
              render: (row) => (
                <OneLine text={categoryWords(row.categories)} hint={row.categories.map(categoryLabel).join("、")} />
              ),
            },
            {
              key: "workState",
              title: "务工",
              width: 76,
              render: (row) => (
                <StatusTag tone={workStateTones[row.workState]}>{workStateLabels[row.workState]}</StatusTag>
              ),
            },
            { key: "employer", title: "务工单位", render: (row) => <OneLine text={row.employerName ?? ""} /> },
            {
              key: "workRegion",
              title: "务工地点",
              width: 84,
              render: (row) => <OneLine text={row.workRegion?.name ?? ""} hint={row.workRegion?.fullName ?? ""} />,
            },
            { key: "phone", title: "联系电话", width: 112, render: (row) => row.phoneMask ?? "" },
            {
              key: "labourCapacity",
              title: "劳动能力",
              width: 96,
              hidden: true,
              render: (row) => labelOfId(labourCapacity, row.labourCapacity),
            },
            { key: "jobWilling", title: "就业意愿", width: 80, hidden: true, render: (row) => willing(row.jobWilling) },
            {
              key: "trainingWilling",
              title: "培训意愿",
              width: 80,
              hidden: true,
              render: (row) => willing(row.trainingWilling),
            },
            {
              key: "recordedOn",
              title: "数据日期",
              width: 96,
              hidden: true,
              sort: true,
              render: (row) => <DateText value={row.recordedOn} />,
            },
          ]}
          empty={{
            title: "辖区内还没有人员",
            hint: "应用一份台账后，人员会出现在这里。",
            action: <Link to="/ledger">去接收台账</Link>,
          }}
        />
      </Card>
    </>
  );
}
