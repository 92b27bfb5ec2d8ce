import { Button, Input } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DateText,
  FigureStrip,
  Link,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  UploadBox,
  call,
  download,
  useMay,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import {
  batchStateLabels,
  cancelBatch,
  freezeBatch,
  getBatch,
  importBankResult,
  listPayments,
  paymentStateLabels,
  paymentStates,
  releaseBatch,
  sendBatch,
  subsidiesPermissions,
  takeBankFile,
  type BatchView,
} from "../contract.ts";
import { batchTones, paymentTones, tracePath } from "./words.ts";
import css from "./subsidies.module.css";

type Payment = OutputOf<typeof listPayments>["rows"][number];
const LIMIT = 100 * 1024 ** 2;

/** One batch on its way: built, frozen, signed by two, at the bank, answered. */
export default function BatchPage() {
  const batchId = usePathPart("batchId");
  const query = useRoute(getBatch, { batchId });
  return (
    <Answer query={query} lines={10}>
      {(batch) => <Shown batch={batch} />}
    </Answer>
  );
}

function Shown({ batch }: { batch: BatchView }) {
  const mayPay = useMay(subsidiesPermissions.pay);
  const refresh = useRefresh();
  const toast = useToast();
  const open = batch.totalFen - batch.paidFen;
  return (
    <>
      <PageHeader
        title={`发放批次 ${batch.number}`}
        crumbs={[{ label: "发放批次", path: "/batches-of-payment" }, { label: batch.number }]}
        tags={<StatusTag tone={batchTones[batch.state]}>{batchStateLabels[batch.state]}</StatusTag>}
        actions={<Acts batch={batch} />}
      />
      <div className={css["stack"]}>
        <Card>
          <FigureStrip
            label="批次金额"
            figures={[
              { key: "n", label: "笔数", value: batch.payments, unit: "笔" },
              { key: "total", label: "应发", value: yuan(batch.totalFen), unit: "元" },
              { key: "paid", label: "已发放", value: yuan(batch.paidFen), unit: "元", tone: "done" },
              { key: "open", label: "未到账", value: yuan(open), unit: "元", tone: open > 0 ? "soon" : "plain" },
              {
                key: "returned",
                label: "银行退回",
                value: batch.returned,
                unit: "笔",
                tone: batch.returned > 0 ? "late" : "plain",
                path: `/batches-of-payment/${batch.batchId}?state=returned`,
              },
            ]}
          />
        </Card>
        <Card title="签发" extra={<Link to={tracePath(batch.number)}>追溯资金</Link>} padded>
          <dl className={css["facts"]}>
            <dt>资金额度</dt>
            <dd>
              {batch.fund}
              <span className={css["sub"]}>{batch.document}</span>
            </dd>
            <dt>编制</dt>
            <dd>
              {batch.builtByName} <DateText value={batch.builtOn} />
            </dd>
            <dt>签发</dt>
            <dd>{batch.releasedByName ?? <span className="secondary">待签发</span>}</dd>
            <dt>会签</dt>
            <dd>{batch.countersignedByName ?? <span className="secondary">待另一人会签</span>}</dd>
            <dt>校验码</dt>
            <dd className={css["digest"]}>{batch.digest ?? <span className="secondary">冻结时生成</span>}</dd>
          </dl>
        </Card>
        {mayPay && (batch.state === "sent" || batch.state === "settled") ? (
          <Card
            title="导入银行回盘"
            note="通用格式的列：行号、结果、金额、流水号、日期、原因；其他银行的回盘按格式自动识别。可以分几次导入，重复导入不会重复记账"
            padded
          >
            <UploadBox
              route={importBankResult}
              input={{ batchId: batch.batchId }}
              accept=".csv,.xlsx,.xls,.txt"
              hint="CSV、XLSX、TXT，100 MB 以内"
              noun="回盘文件"
              limitBytes={LIMIT}
              onDone={(answer) => {
                toast.done(
                  `到账 ${answer.paid} 笔，退回 ${answer.returned} 笔，已知 ${answer.known} 笔，还有 ${answer.waiting} 笔没有回音。`,
                );
                void refresh();
              }}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="subsidies.payments"
            caption="发放明细"
            route={listPayments}
            input={{ batchId: batch.batchId }}
            filters={[
              {
                kind: "choice",
                name: "state",
                label: "结果",
                options: paymentStates.map((value) => ({ value, label: paymentStateLabels[value] })),
              },
            ]}
            rowKey={(row) => row.paymentId}
            density="duty"
            columns={columns}
            empty={{ title: "没有发放明细" }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<Payment>[] = [
  { key: "line", title: "行号", width: 64, render: (row) => row.line },
  {
    key: "payee",
    title: "收款人",
    fixed: true,
    render: (row) => (
      <>
        <Link to={`/claims/${row.claimId}`}>{row.payeeName}</Link>
        <span className={css["sub"]}>{row.title}</span>
      </>
    ),
  },
  { key: "account", title: "账户", width: 150, render: (row) => row.accountMask },
  {
    key: "amount",
    title: "金额（元）",
    width: 120,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "state",
    title: "结果",
    width: 110,
    render: (row) => <StatusTag tone={paymentTones[row.state]}>{paymentStateLabels[row.state]}</StatusTag>,
  },
  {
    key: "answer",
    title: "银行流水号、原因",
    width: 200,
    render: (row) => (
      <>
        {row.reason ?? row.bankReference ?? ""}
        {row.answeredOn ? (
          <span className={css["sub"]}>
            <DateText value={row.answeredOn} />
          </span>
        ) : null}
      </>
    ),
  },
];

function Acts({ batch }: { batch: BatchView }) {
  const [act, setAct] = useState<"freeze" | "release" | "send" | "cancel" | null>(null);
  const [note, setNote] = useState("");
  const mayPay = useMay(subsidiesPermissions.pay);
  const refresh = useRefresh();
  const toast = useToast();
  const one = { batchId: batch.batchId, lock: batch.lock };
  const may = (name: (typeof batch.acts)[number]) => batch.acts.includes(name);
  const sign = may("release") ? "签发" : "会签";
  const words = {
    freeze: {
      title: "冻结批次",
      what: "金额、账户定下来，等待签发",
      undo: "签发前可以取消批次。",
      confirm: "冻结",
      run: () => call(freezeBatch, one),
    },
    release: {
      title: `${sign}批次`,
      what: may("release") ? "同意发放，还需另一人会签" : "同意发放，可以送银行",
      undo: may("release") ? "会签前可以取消批次。" : "会签后不能取消。",
      confirm: sign,
      run: () => call(releaseBatch, one),
    },
    send: {
      title: "送银行发放",
      what: "交银行发放，随即下载银行文件",
      undo: "送出后不能取消；没发成的按银行回盘退回。",
      confirm: "送银行发放",
      run: async () => {
        await call(sendBatch, one);
        await download(takeBankFile, { batchId: batch.batchId });
      },
    },
    cancel: {
      title: "取消批次",
      what: "补贴件回到待发放",
      undo: "取消后重新编批。",
      confirm: "取消批次",
      run: () => call(cancelBatch, { ...one, note: note.trim() }),
    },
  };
  const shown = act && words[act];
  return (
    <div className={css["acts"]}>
      {may("freeze") ? (
        <Button type="primary" onClick={() => setAct("freeze")}>
          冻结
        </Button>
      ) : null}
      {may("release") || may("countersign") ? (
        <Button type="primary" onClick={() => setAct("release")}>
          {sign}
        </Button>
      ) : null}
      {may("send") ? (
        <Button type="primary" onClick={() => setAct("send")}>
          送银行发放
        </Button>
      ) : null}
      {mayPay && (batch.state === "sent" || batch.state === "settled") ? (
        <Button
          onClick={() => {
            download(takeBankFile, { batchId: batch.batchId }).catch((cause: unknown) => toast.refused(cause));
          }}
        >
          下载银行文件
        </Button>
      ) : null}
      {may("cancel") ? <Button onClick={() => setAct("cancel")}>取消批次</Button> : null}
      {shown ? (
        <ConfirmAct
          open
          title={shown.title}
          changes={[{ count: batch.payments, unit: "笔", what: `${yuan(batch.totalFen)} 元：${shown.what}` }]}
          undo={shown.undo}
          confirm={shown.confirm}
          danger={act === "cancel"}
          lacks={[act === "cancel" && note.trim().length < 2 && "取消的理由"]}
          onClose={() => setAct(null)}
          onConfirm={async () => {
            await shown.run();
            toast.done(`已${shown.confirm}。`);
            await refresh();
          }}
        >
          {act === "cancel" ? (
            <Input.TextArea
              className={css["field"] ?? ""}
              aria-label="取消的理由"
              placeholder="取消的理由"
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          ) : null}
        </ConfirmAct>
      ) : null}
    </div>
  );
}
