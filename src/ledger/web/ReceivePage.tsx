import { Button, Input, Radio, Select } from "antd";
import { useId, useState, type ReactNode } from "react";
import {
  addMonths,
  Card,
  fileSize,
  Icon,
  Law,
  Link,
  monthName,
  PageHeader,
  RegionPicker,
  UploadBox,
  useAddress,
  useGo,
  useRemembered,
  useSampleFiles,
  useSession,
  useToast,
  writeAddress,
} from "../../ui/index.ts";
import { handoverRuleOf, ledgerKindLabels, ledgerKinds, receiveBatch, type LedgerKind } from "../contract.ts";
import css from "./ReceivePage.module.css";

const MONTHS_BACK = 24;
const isKind = (text: string): text is LedgerKind => (ledgerKinds as readonly string[]).includes(text);

/** Says what the table is, then takes the file as it is. Everything else the program finds out by itself. */
export default function ReceivePage() {
  const session = useSession();
  const go = useGo();
  const lastMonth = addMonths(session.businessDate.slice(0, 7), -1);
  const [address, setAddress] = useAddress({ kind: "work-ledger", month: lastMonth });
  const kind = isKind(address.kind) ? address.kind : "work-ledger";
  const [senders, rememberSenders] = useRemembered<Partial<Record<LedgerKind, string>>>("ledger.senders", {});
  const [sender, setSender] = useState<string | null>(null);
  const [title, setTitle] = useState("");
  const [coverage, setCoverage] = useState("");
  const [complete, setComplete] = useState(true);
  const from = (sender ?? senders[kind] ?? "").trim();
  const missing =
    from === "" ? "请先填写移交单位" : kind === "other" && title.trim() === "" ? "请先填写表格名称" : null;
  const rule = handoverRuleOf(session.region.code, kind);
  const names = useFieldIds();
  const months = Array.from({ length: MONTHS_BACK }, (_, back) => addMonths(session.businessDate.slice(0, 7), -back));

  return (
    <>
      <PageHeader title="接收台账" crumbs={[{ label: "本月台账", path: "/ledger" }, { label: "接收台账" }]} />
      <div className={css["columns"]}>
        <Card title="这是什么表" padded>
          <div className={css["form"]}>
            <Field id={names.kind} label="台账">
              <Select
                id={names.kind}
                value={kind}
                options={ledgerKinds.map((value) => ({ value, label: ledgerKindLabels[value] }))}
                onChange={(value) => setAddress({ kind: value })}
              />
            </Field>
            {kind === "other" ? (
              <Field id={names.title} label="表格名称">
                <Input
                  id={names.title}
                  value={title}
                  maxLength={60}
                  placeholder="如：2025年返乡创业人员登记表"
                  onChange={(event) => setTitle(event.target.value)}
                />
              </Field>
            ) : null}
            <Field id={names.month} label="所属月份" hint="数据说的是哪个月，不是哪天收到。">
              <Select
                id={names.month}
                value={address.month}
                options={months.map((value) => ({ value, label: monthName(value) }))}
                onChange={(value) => setAddress({ month: value })}
              />
            </Field>
            <Field id={names.sender} label="移交单位" hint="按单位记住列名，下月不用再对。">
              <Input
                id={names.sender}
                value={sender ?? senders[kind] ?? ""}
                maxLength={60}
                placeholder="如：县农业农村局"
                onChange={(event) => setSender(event.target.value)}
              />
            </Field>
            <Field id={names.coverage} label="申报范围" hint="只在这个范围内判断谁“消失”；范围外的人不受影响。">
              <RegionPicker label="申报范围" value={coverage} onChange={setCoverage} width={260} />
            </Field>
            <Field
              id={names.complete}
              label="完整程度"
              hint={complete ? "范围内没报的人，列为“消失”，待核实，不会自动减员。" : "只新增和变更，不判断谁消失。"}
            >
              <Radio.Group
                id={names.complete}
                value={complete}
                onChange={(event) => setComplete(event.target.value === true)}
                options={[
                  { value: true, label: "范围内全部人员" },
                  { value: false, label: "只是补充" },
                ]}
              />
            </Field>
          </div>
        </Card>
        <div className={css["side"]}>
          <Card title="上传表格" note="原样上传，不用改列名、删标题、拆分文件" padded>
            <UploadBox
              route={receiveBatch}
              input={
                missing
                  ? null
                  : {
                      kind,
                      month: address.month,
                      sender: from,
                      coverage,
                      complete: complete ? "true" : "false",
                      title: title.trim(),
                    }
              }
              incomplete={missing ?? ""}
              accept=".xlsx,.xls,.csv,.ods"
              hint="XLSX、XLS、CSV，2 GB 以内；多张表、合并表头、合计行都可以"
              onDone={({ batchId, sameFileAs }) => {
                rememberSenders({ ...senders, [kind]: from });
                go(`/ledger/${batchId}${writeAddress({ same: sameFileAs?.batchId })}`);
              }}
            />
          </Card>
          <SampleFiles />
          <Card title="接下来" padded>
            <ol className={css["next"]}>
              <li>
                <b>列映射</b>：认出每一列是什么，您看一眼确认。
              </li>
              <li>
                <b>校验</b>：逐行查错，能修的自动修好，修不了的标在单元格上。
              </li>
              <li>
                <b>比对</b>：与登记库逐人逐项比，列出新增、变更、消失、返回、迁移、冲突。
              </li>
              <li>
                <b>应用</b>：您点头后一次写入，关账前可整批撤销。
              </li>
            </ol>
            {rule ? <Law quote={rule.quote} source={rule.source} /> : null}
            <p className={css["leave"]}>
              上传后可以离开，<Link to="/ledger">本月台账</Link>里随时找得到。
            </p>
          </Card>
        </div>
      </div>
    </>
  );
}

/** In a demonstration: this month's tables as the offices would send them, errors and all. */
function SampleFiles() {
  const files = useSampleFiles();
  const toast = useToast();
  if (files.length === 0) return null;
  return (
    <Card title="演示用的表格" note="先下载，再像真的一样上传；里面埋了常见的错">
      <ul className={css["samples"]}>
        {files.map((file) => (
          <li key={file.key}>
            <span>
              {file.name} <span className="caption">{fileSize(file.bytes)}</span>
            </span>
            <Button
              size="small"
              icon={<Icon name="download" />}
              aria-label={`下载 ${file.name}`}
              onClick={() => void file.download().catch(toast.refused)}
            >
              下载
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function useFieldIds() {
  const base = useId();
  return {
    kind: `${base}k`,
    title: `${base}t`,
    month: `${base}m`,
    sender: `${base}s`,
    coverage: `${base}c`,
    complete: `${base}w`,
  };
}

function Field({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      <div>
        {children}
        {hint ? <p className="caption">{hint}</p> : null}
      </div>
    </div>
  );
}
