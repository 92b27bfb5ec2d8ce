import { Button, Input, Modal, Tabs } from "antd";
import { useState } from "react";
import {
  Card,
  count,
  CountText,
  download,
  DownloadButton,
  Field,
  MomentText,
  PageHeader,
  ProblemNotice,
  ServerTable,
  useAct,
  useAddress,
  useMay,
  useRefresh,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import { nextState } from "../../platform/contract.ts";
import {
  decideExport,
  exportFlow,
  exportPermissions,
  exportStateLabels,
  exportStates,
  listExports,
  takeExport,
  withdrawExport,
  type ExportRow,
  type ExportView,
} from "../contract.ts";
import css from "./exports.module.css";
import { ContentTag, StateTag, whoOf } from "./words.tsx";

const filters: readonly Filter[] = [
  {
    kind: "choice",
    name: "state",
    label: "状态",
    width: 110,
    options: exportStates.map((value) => ({ value, label: exportStateLabels[value] })),
  },
  { kind: "text", name: "text", label: "查找", placeholder: "编号、名单、用途或人员", width: 180 },
];

const empty: Record<ExportView, { title: string; hint: string }> = {
  mine: { title: "您还没有导出过名单", hint: "在人员、登记簿等列表的右上角点“导出”，记录会出现在这里。" },
  waiting: { title: "没有等您审批的导出", hint: "辖区内他人申请导出大名单或完整号码时，会出现在这里。" },
  all: { title: "辖区内还没有导出", hint: "任何人导出名单，都会在这里留下记录。" },
};

/** 导出记录: what one has taken out, what waits for one's approval, and for who traces leaks everything. */
export default function ExportsPage() {
  const mayApprove = useMay(exportPermissions.approve);
  const mayTrace = useMay(exportPermissions.trace);
  const [{ view }, setAddress] = useAddress({ view: "mine", state: "", text: "", page: "1" });
  const views: { key: ExportView; label: string; shown: boolean }[] = [
    { key: "mine", label: "我的导出", shown: true },
    { key: "waiting", label: "待我审批", shown: mayApprove },
    { key: "all", label: "辖区全部", shown: mayTrace },
  ];
  const shown = views.filter((one) => one.shown);
  const current = shown.find((one) => one.key === view)?.key ?? "mine";
  return (
    <>
      <PageHeader
        title="导出记录"
        crumbs={[{ label: "管理" }, { label: "导出记录" }]}
        note="1,000 人以内的脱敏名单可直接导出；更大的名单和完整号码须由第二人审批"
      />
      <Card>
        {shown.length > 1 ? (
          <Tabs
            tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
            activeKey={current}
            items={shown.map(({ key, label }) => ({ key, label }))}
            onChange={(key) => setAddress({ view: key, state: "", text: "", page: "1" })}
          />
        ) : null}
        <ServerTable
          key={current}
          name={`exports.${current}`}
          caption="导出记录"
          route={listExports}
          input={{ view: current }}
          filters={current === "waiting" ? [] : filters}
          columns={columnsOf(current)}
          rowKey={(row) => row.exportId}
          empty={empty[current]}
        />
      </Card>
    </>
  );
}

function columnsOf(view: ExportView): Column<ExportRow>[] {
  return [
    { key: "number", title: "编号", width: 138, fixed: true, render: (row) => row.number },
    {
      key: "title",
      title: "名单",
      fixed: true,
      render: (row) => (
        <div className={css["list"]}>
          <span>
            {row.title} <ContentTag row={row} />
          </span>
          <span className="caption">{row.about}</span>
        </div>
      ),
    },
    { key: "rows", title: "条数", width: 76, align: "right", render: (row) => <CountText value={row.rowsAsked} /> },
    { key: "purpose", title: "用途", render: (row) => row.purpose },
    ...(view === "mine" ? [] : [{ key: "who", title: "导出人", width: 150, render: whoOf } as Column<ExportRow>]),
    { key: "asked", title: "时间", width: 118, render: (row) => <MomentText value={row.askedAt} /> },
    {
      key: "state",
      title: "状态",
      width: 150,
      render: (row) => (
        <div className={css["list"]}>
          <span>
            <StateTag row={row} />
          </span>
          <span className="caption">
            {row.decidedName ? `${row.decidedName}${row.decisionNote ? `：${row.decisionNote}` : ""}` : ""}
          </span>
        </div>
      ),
    },
    ...(view === "all"
      ? []
      : [
          {
            key: "acts",
            title: "办理",
            width: 150,
            fixed: true,
            render: (row) => <Acts row={row} />,
          } as Column<ExportRow>,
        ]),
  ];
}

function Acts({ row }: { row: ExportRow }) {
  const refresh = useRefresh();
  const [deciding, setDeciding] = useState(false);
  const mayApprove = useMay(exportPermissions.approve);
  const withdraw = useAct(withdrawExport, { refreshes: [listExports] });
  if (row.mine && row.takesLeft > 0)
    return (
      <DownloadButton
        size="small"
        start={() => download(takeExport, { exportId: row.exportId }).finally(() => void refresh([listExports]))}
      >
        下载（余 {row.takesLeft} 次）
      </DownloadButton>
    );
  if (row.mine && nextState(exportFlow, row.state, "withdraw") !== null)
    return (
      <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate({ exportId: row.exportId })}>
        撤回申请
      </Button>
    );
  if (row.mine || !mayApprove || nextState(exportFlow, row.state, "approve") === null) return null;
  return (
    <>
      <Button size="small" type="primary" onClick={() => setDeciding(true)}>
        审批
      </Button>
      {deciding ? <Decision row={row} onClose={() => setDeciding(false)} /> : null}
    </>
  );
}

/** The second officer sees what, how much, for what, by whom, before he says yes. */
function Decision({ row, onClose }: { row: ExportRow; onClose: () => void }) {
  const [note, setNote] = useState("");
  const decide = useAct(decideExport, { refreshes: [listExports], onDone: onClose });
  const send = (act: "approve" | "refuse") => decide.mutate({ exportId: row.exportId, act, note });
  const lines = [
    ["名单", row.title],
    ["范围", row.about],
    ["条数", count(row.rowsAsked)],
    ["内容", row.unmasked ? "含完整证件号码、电话和银行账号" : row.persons ? "号码已脱敏" : "不含个人信息"],
    ["用途", row.purpose],
    ["申请人", whoOf(row)],
  ] as const;
  return (
    <Modal
      open
      title={`审批导出 ${row.number}`}
      width={520}
      onCancel={onClose}
      footer={[
        <Button key="no" danger disabled={note.trim().length < 2 || decide.isPending} onClick={() => send("refuse")}>
          不批准
        </Button>,
        <Button key="yes" type="primary" loading={decide.isPending} onClick={() => send("approve")}>
          批准导出 {count(row.rowsAsked)} 条
        </Button>,
      ]}
    >
      <dl className={css["facts"]}>
        {lines.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Field label="意见" hint="不批准时必填，申请人会看到">
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {decide.error ? <ProblemNotice problem={decide.error} compact title="没有办成" /> : null}
    </Modal>
  );
}
