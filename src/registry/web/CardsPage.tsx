import { Card, DateText, PageHeader, ServerTable } from "../../ui/index.ts";
import { accessGroundLabels, accessGrounds, labelOfNumber, listCards, sex } from "../contract.ts";

/** People of other places who live, work or are insured here: enough to recognise them, nothing to contact them by. */
export default function CardsPage() {
  return (
    <>
      <PageHeader
        title="外来人员"
        crumbs={[{ label: "人员与家庭", path: "/persons" }, { label: "外来人员" }]}
        note="户籍在外地、在本辖区常住、就业或参保；只显示名片，详情由户籍地掌握"
      />
      <Card>
        <ServerTable
          name="registry.cards"
          caption="外来人员名片"
          route={listCards}
          rowKey={(row) => `${row.personId} ${row.ground} ${row.region.code} ${row.validFrom}`}
          filters={[
            {
              kind: "choice",
              name: "ground",
              label: "因何在此",
              options: accessGrounds.map((value) => ({ value, label: accessGroundLabels[value] })),
            },
            { kind: "region", name: "region", label: "所在地" },
            { kind: "text", name: "name", label: "姓名" },
          ]}
          columns={[
            { key: "name", title: "姓名", width: 110, fixed: true, render: (row) => row.name },
            { key: "sex", title: "性别", width: 60, render: (row) => labelOfNumber(sex, row.sex) },
            { key: "identity", title: "证件号码", width: 180, render: (row) => row.identityMask },
            { key: "homeCounty", title: "户籍县", render: (row) => row.homeCounty.fullName },
            { key: "region", title: "所在地", render: (row) => row.region.fullName },
            { key: "ground", title: "因何在此", width: 90, render: (row) => accessGroundLabels[row.ground] },
            { key: "validFrom", title: "自", width: 110, render: (row) => <DateText value={row.validFrom} /> },
            { key: "validTo", title: "至", width: 110, render: (row) => <DateText value={row.validTo} none="今" /> },
          ]}
          empty={{
            title: "本辖区没有登记外来人员",
            hint: "外县台账登记的务工地、常住地或参保地在本辖区时，会出现在这里。",
          }}
        />
      </Card>
    </>
  );
}
