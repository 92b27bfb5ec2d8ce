import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateField,
  DateText,
  Field,
  DownloadButton,
  DueText,
  FigureStrip,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  call,
  download,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  closeInspection,
  downloadInspections,
  inspectionActLabels,
  inspectionSources,
  inspectionStateLabels,
  inspectionStates,
  listInspections,
  recordInspection,
  rectifyInspection,
  returnInspection,
  subsidiesPermissions,
  type InspectionAct,
  type InspectionItem,
} from "../contract.ts";
import css from "./subsidies.module.css";

const FORMATS = ["xlsx", "docx", "pdf"] as const;
const NAMES = { xlsx: "XLSX", docx: "Word", pdf: "PDF" } as const;
const TONES = { open: "soon", rectified: "blue", closed: "done" } as const;

/** 检查整改: what audits and inspections found about the money, until a second person has seen that it was put right. */
export default function InspectionsPage() {
  const { data } = useRoute(listInspections, { size: 1 }, { keep: true });
  return (
    <>
      <PageHeader
        title="检查整改"
        crumbs={[{ label: "检查整改" }]}
        note="审计、检查发现的资金问题；整改由一人登记，另一人核实后销号"
        actions={
          <>
            {FORMATS.map((format) => (
              <DownloadButton key={format} start={() => download(downloadInspections, { format })}>
                {NAMES[format]}
              </DownloadButton>
            ))}
            <May permission={subsidiesPermissions.inspect}>
              <RecordButton />
            </May>
          </>
        }
      />
      <div className={css["stack"]}>
        {data ? (
          <Card>
            <FigureStrip
              label="整改情况"
              figures={[
                { key: "open", label: "未销号", value: data.open, unit: "个", note: "整改中和待核实的" },
                {
                  key: "late",
                  label: "逾期",
                  value: data.late,
                  unit: "个",
                  note: "过了整改期限还没有登记整改",
                  tone: data.late > 0 ? "late" : "plain",
                  path: "/inspections?overdue=true",
                },
              ]}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="subsidies.inspections"
            caption="检查问题"
            route={listInspections}
            filters={[
              { kind: "region", name: "region", label: "地区" },
              {
                kind: "choice",
                name: "state",
                label: "状态",
                options: inspectionStates.map((value) => ({ value, label: inspectionStateLabels[value] })),
              },
              {
                kind: "choice",
                name: "source",
                label: "来源",
                options: inspectionSources.map((value) => ({ value, label: value })),
              },
              { kind: "choice", name: "overdue", label: "期限", options: [{ value: "true", label: "已逾期" }] },
            ]}
            rowKey={(row) => row.itemId}
            density="duty"
            columns={columns}
            tone={(row) => (row.overdue ? "late" : undefined)}
            empty={{ title: "没有检查问题", hint: "审计、财政、领导岗位收到检查意见后在这里登记。" }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<InspectionItem>[] = [
  {
    key: "content",
    title: "问题",
    fixed: true,
    render: (row) => (
      <>
        {row.content}
        <span className={css["sub"]}>
          {row.number}　{row.source}　{row.foundBy}　{row.foundOn}
          {row.document ? `　${row.document}` : ""}
        </span>
        <span className={css["sub"]}>要求：{row.demand}</span>
      </>
    ),
  },
  { key: "place", title: "地区", width: 90, render: (row) => row.place.name },
  {
    key: "amount",
    title: "金额（元）",
    width: 110,
    align: "right",
    render: (row) => (row.amountFen === null ? "—" : <MoneyText fen={row.amountFen} unit={false} />),
  },
  {
    key: "due",
    title: "责任、期限",
    width: 140,
    render: (row) => (
      <>
        {row.responsible}
        <span className={css["sub"]}>
          <DateText value={row.dueOn} /> {row.state === "open" ? <DueText due={row.dueOn} /> : null}
        </span>
      </>
    ),
  },
  {
    key: "rectified",
    title: "整改情况",
    width: 230,
    render: (row) => (
      <>
        {row.measure ?? "—"}
        {row.evidence ? <span className={css["sub"]}>佐证：{row.evidence}</span> : null}
        {row.rectifiedByName ? (
          <span className={css["sub"]}>
            {row.rectifiedByName} {row.rectifiedOn}
          </span>
        ) : null}
        {row.closing ? (
          <span className={css["sub"]}>
            {row.state === "closed" ? `${row.closedByName} ${row.closedOn} 核实：` : "退回："}
            {row.closing}
          </span>
        ) : null}
      </>
    ),
  },
  {
    key: "state",
    title: "状态",
    width: 150,
    render: (row) => (
      <>
        <StatusTag tone={row.overdue ? "late" : TONES[row.state]}>
          {row.overdue ? "逾期" : inspectionStateLabels[row.state]}
        </StatusTag>
        <span className={css["acts"]}>
          {row.acts.map((act) => (
            <ActButton key={act} item={row} act={act} />
          ))}
        </span>
      </>
    ),
  },
];

const ACTS: Record<InspectionAct, { readonly what: string; readonly undo: string; readonly asks: string }> = {
  rectify: { what: "登记整改，转另一人核实", undo: "核实不通过会退回。", asks: "怎样整改的" },
  close: { what: "核实整改属实，销号", undo: "销号后不能更改。", asks: "核实的情况" },
  return: { what: "退回继续整改", undo: "整改后可以再登记。", asks: "退回的理由" },
};
const LEAST = 4;

function ActButton({ item, act }: { item: InspectionItem; act: InspectionAct }) {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState("");
  const [evidence, setEvidence] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const { what, undo, asks } = ACTS[act];
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {inspectionActLabels[act]}
      </Button>
      <ConfirmAct
        open={open}
        title={`${inspectionActLabels[act]}：${item.number}`}
        changes={[{ count: 1, unit: "个", what }]}
        undo={undo}
        confirm={inspectionActLabels[act]}
        lacks={[
          words.trim().length < LEAST && `${asks}（至少 ${LEAST} 个字）`,
          act === "rectify" && evidence.trim().length < LEAST && `佐证材料（至少 ${LEAST} 个字）`,
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const one = { itemId: item.itemId, lock: item.lock };
          if (act === "rectify")
            await call(rectifyInspection, { ...one, measure: words.trim(), evidence: evidence.trim() });
          else await call(act === "close" ? closeInspection : returnInspection, { ...one, closing: words.trim() });
          toast.done(`已${inspectionActLabels[act]}。`);
          await refresh();
        }}
      >
        <Input.TextArea
          className={css["field"] ?? ""}
          aria-label={asks}
          placeholder={asks}
          maxLength={1000}
          autoSize={{ minRows: 3, maxRows: 8 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        {act === "rectify" ? (
          <Input.TextArea
            className={css["field"] ?? ""}
            aria-label="佐证材料"
            placeholder="佐证材料：文号、凭证号、材料名称"
            maxLength={1000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={evidence}
            onChange={(event) => setEvidence(event.target.value)}
          />
        ) : null}
      </ConfirmAct>
    </>
  );
}

function RecordButton() {
  const { businessDate } = useSession();
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState({
    source: inspectionSources[0] as (typeof inspectionSources)[number],
    foundBy: "",
    foundOn: businessDate,
    document: "",
    content: "",
    demand: "",
    responsible: "",
    yuan: null as number | null,
    dueOn: "",
  });
  const refresh = useRefresh();
  const toast = useToast();
  const set = (change: Partial<typeof given>) => setGiven({ ...given, ...change });
  const texts = [
    { key: "foundBy", label: "检查单位", most: 60 },
    { key: "document", label: "检查意见文号（可不填）", most: 120 },
    { key: "content", label: "问题", most: 1000 },
    { key: "demand", label: "整改要求", most: 1000 },
    { key: "responsible", label: "责任单位、责任人", most: 60 },
  ] as const;
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        登记问题
      </Button>
      <ConfirmAct
        open={open}
        title="登记检查问题"
        changes={[{ count: 1, unit: "个", what: "列入整改清单，到期未整改会标为逾期" }]}
        undo="登记后不能删除；登记有误的，在核实时写明。"
        confirm="登记"
        lacks={[
          given.foundBy.trim().length < 2 && "检查单位",
          given.content.trim().length < LEAST && "问题",
          given.demand.trim().length < LEAST && "整改要求",
          given.responsible.trim().length < 2 && "责任单位、责任人",
          given.dueOn === "" && "整改期限",
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const { yuan, ...rest } = given;
          await call(recordInspection, { ...rest, amountFen: yuan === null ? null : Math.round(yuan * 100) });
          toast.done("已登记检查问题。");
          await refresh();
        }}
      >
        <Select
          className={css["field"] ?? ""}
          aria-label="来源"
          style={{ width: "100%" }}
          value={given.source}
          onChange={(source) => set({ source })}
          options={inspectionSources.map((value) => ({ value, label: value }))}
        />
        {texts.map(({ key, label, most }) => (
          <Input
            key={key}
            className={css["field"] ?? ""}
            aria-label={label}
            placeholder={label}
            maxLength={most}
            value={given[key]}
            onChange={(event) => set({ [key]: event.target.value })}
          />
        ))}
        <div className={css["field"]}>
          <InputNumber
            aria-label="涉及金额（元，可不填）"
            placeholder="涉及金额（可不填）"
            addonAfter="元"
            min={0}
            precision={2}
            style={{ width: "100%" }}
            value={given.yuan}
            onChange={(value) => set({ yuan: value })}
          />
        </div>
        <div className={css["pair"]}>
          <Field label="发现日期">
            <DateField
              label="发现日期"
              value={given.foundOn}
              onChange={(foundOn) => set({ foundOn })}
              max={businessDate}
            />
          </Field>
          <Field label="整改期限">
            <DateField label="整改期限" value={given.dueOn} onChange={(dueOn) => set({ dueOn })} min={given.foundOn} />
          </Field>
        </div>
      </ConfirmAct>
    </>
  );
}
