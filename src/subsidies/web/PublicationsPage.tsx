import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateText,
  EmptyState,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  call,
  useRefresh,
  useRoute,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  clearLists,
  listPublications,
  publicationStateLabels,
  publicationStates,
  publishClaims,
  subsidiesPermissions,
  type Publication,
} from "../contract.ts";
import type { OutputOf } from "../../platform/contract.ts";
import css from "./subsidies.module.css";

type Waiting = OutputOf<typeof listPublications>["waiting"][number];

/** 补贴公示: what waits to be published, by rule, and the lists that are open or over. */
export default function PublicationsPage() {
  const { data } = useRoute(listPublications, {}, { keep: true });
  return (
    <>
      <PageHeader
        title="补贴公示"
        crumbs={[{ label: "补贴公示" }]}
        note="复核通过的按项目公示，可以整县，也可以分乡镇、分村；期满无异议的自动转待发放，有异议的只停这一件"
        {...(data && data.runOut > 0
          ? {
              actions: (
                <May permission={subsidiesPermissions.handle}>
                  <ClearButton lists={data.runOut} />
                </May>
              ),
            }
          : {})}
      />
      <div className={css["stack"]}>
        <Card title="待公示" {...(data ? { note: `${data.waiting.length} 项` } : {})} padded>
          {data && data.waiting.length === 0 ? (
            <EmptyState title="没有待公示的补贴" hint="复核通过的补贴件会列在这里。" />
          ) : (
            <ul className={css["panel"]}>
              {data?.waiting.map((one) => (
                <li key={one.rule}>
                  <b>{one.title}</b>
                  <span>
                    {one.claims} 件，
                    <MoneyText fen={one.amountFen} />
                  </span>
                  <May permission={subsidiesPermissions.handle}>
                    <PublishButton waiting={one} least={data.workdays} />
                  </May>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card>
          <ServerTable
            name="subsidies.publications"
            caption="公示"
            route={listPublications}
            filters={[
              { kind: "region", name: "region", label: "地区" },
              {
                kind: "choice",
                name: "state",
                label: "状态",
                options: publicationStates.map((value) => ({ value, label: publicationStateLabels[value] })),
              },
            ]}
            rowKey={(row) => row.publicationId}
            rowPath={(row) => `/publications/${row.publicationId}`}
            density="duty"
            columns={columns}
            empty={{ title: "还没有公示过", hint: "在上面“待公示”里选一项公示。" }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<Publication>[] = [
  {
    key: "title",
    title: "公示",
    fixed: true,
    render: (row) => (
      <>
        {row.title}
        <span className={css["sub"]}>
          {row.number}
          {row.area ? `　${row.area.name}` : ""}
        </span>
      </>
    ),
  },
  { key: "place", title: "地区", width: 110, render: (row) => row.place.name },
  { key: "claims", title: "件数", width: 80, align: "right", render: (row) => row.claims },
  {
    key: "amount",
    title: "金额（元）",
    width: 130,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "days",
    title: "公示期",
    width: 190,
    render: (row) => (
      <>
        <DateText value={row.startsOn} /> 至 <DateText value={row.endsOn} />
      </>
    ),
  },
  {
    key: "objections",
    title: "异议",
    width: 110,
    render: (row) => (row.objections > 0 ? <StatusTag tone="late">{row.objections} 件待答复</StatusTag> : "无待答复"),
  },
  {
    key: "state",
    title: "状态",
    width: 90,
    render: (row) => (
      <StatusTag tone={row.state === "open" ? "blue" : "done"}>{publicationStateLabels[row.state]}</StatusTag>
    ),
  },
];

/** What the nightly work does by itself, for whoever cannot wait for the night. */
function ClearButton({ lists }: { readonly lists: number }) {
  const [open, setOpen] = useState(false);
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button onClick={() => setOpen(true)}>办结期满公示（{lists}）</Button>
      <ConfirmAct
        open={open}
        title="办结期满的公示"
        changes={[{ count: lists, unit: "份", what: "公示已期满：没有未答复异议的件转待发放，有异议的留在原处" }]}
        undo="每天零点后也会自动办理。"
        confirm={`办结 ${lists} 份`}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const { claims, held } = await call(clearLists, {});
          toast.done(`${claims} 件转待发放${held > 0 ? `；${held} 份还有未答复的异议` : ""}。`);
          await refresh();
        }}
      />
    </>
  );
}

/** What everybody will read as the place to complain to: not to be taken back, hence looked at before. */
const namesTelephone = (contact: string): boolean =>
  /[\p{L}]{2}/u.test(contact) && /\d{7}/u.test(contact.replaceAll(/[-—－\s()（）]/gu, ""));

function PublishButton({ waiting, least }: { readonly waiting: Waiting; readonly least: number }) {
  const [open, setOpen] = useState(false);
  const [area, setArea] = useState("");
  const [workdays, setWorkdays] = useState(least);
  const [contact, setContact] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  // Villages that lie in a town are offered by themselves; whoever has no home here is published with the whole county.
  const villages = waiting.villages.filter(({ code }) => code.length > 6);
  const chosen = villages.find(({ code }) => code === area) ?? waiting;
  return (
    <>
      <Button size="small" type="primary" onClick={() => setOpen(true)}>
        公示
      </Button>
      <ConfirmAct
        open={open}
        title={`公示：${waiting.title}`}
        changes={[{ count: chosen.claims, unit: "件", what: "姓名、遮盖的证件号码、村（社区）和金额对外公开" }]}
        undo="公示后不能收回；有问题的用异议撤下。"
        confirm={`公示 ${chosen.claims} 件`}
        lacks={[!namesTelephone(contact) && "受理异议的单位和电话（电话至少 7 位）"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const { claims, endsOn } = await call(publishClaims, {
            rule: waiting.rule,
            ...(area ? { area } : {}),
            workdays,
            contact: contact.trim(),
          });
          toast.done(`已公示 ${claims} 件，到 ${endsOn}。`);
          await refresh();
        }}
      >
        <p className="caption">
          合计 <MoneyText fen={chosen.amountFen} />
        </p>
        {villages.length > 0 ? (
          <Select
            className={css["field"] ?? ""}
            aria-label="公示范围"
            style={{ width: "100%" }}
            showSearch={{ optionFilterProp: "label" }}
            value={area}
            onChange={setArea}
            options={[
              { value: "", label: `全部（${waiting.claims} 件）` },
              ...villages.map(({ code, name, claims }) => ({ value: code, label: `${name}（${claims} 件）` })),
            ]}
          />
        ) : null}
        <div className={css["field"]}>
          <InputNumber
            aria-label="公示几个工作日"
            addonBefore="公示"
            addonAfter="个工作日"
            min={least}
            max={60}
            value={workdays}
            onChange={(value) => setWorkdays(value ?? least)}
          />
        </div>
        <Input
          className={css["field"] ?? ""}
          aria-label="受理异议的单位和电话"
          placeholder="受理异议的单位和电话，如：县人社局就业股 0743-7000001"
          maxLength={120}
          value={contact}
          onChange={(event) => setContact(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}
